"""An authenticator app in a test's hand."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from subscriptions.models import User
from tests.database import as_owner
from tests.factories import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30  # seconds


@pytest.fixture
def clock():
    """Time stands still, so that no code runs out on the way; `shift` moves on to the next one."""
    with time_machine.travel(time.time(), tick=False) as traveler:
        yield traveler


def code_of(secret: str = SECRET) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // PERIOD))


def wrong_code() -> str:
    return f"{(int(code_of()) + 1) % 10**6:06}"


def make_second_factor(user: User) -> list[str]:
    """The person has the app with SECRET; the answer is the recovery codes."""
    with as_owner():
        TOTP.activate(user, SECRET)
        return RecoveryCodes.activate(user).generate_codes()


def unused_codes(user: User) -> list[str]:
    with as_owner():
        return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def with_second_factor(user: User) -> User:
    make_second_factor(user)
    return user


def typed_password(user: User, **fields) -> Client:
    """Somebody new at the sign-in, who knows the password."""
    client = Client(headers={"accept-language": "en"})
    answer = client.post("/accounts/sign-in/", {"login": user.email, "password": PASSWORD, **fields})
    assert (answer.status_code, answer.url) == (302, "/accounts/2fa/authenticate/")
    return client


def type_code(client: Client, code: str):
    return client.post("/accounts/2fa/authenticate/", {"code": code})
