"""Who is who: two organizations, their people, partners' people, the staff; and an app for codes in a hand."""

import time
from collections.abc import Callable

import pytest
import time_machine
from allauth.account.internal.flows import login
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from partners.models import Partner
from subscriptions.models import Tenant, User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.membership import Role
from subscriptions.web.sessions import SEEN, SIGNED_IN
from tests.database import as_owner
from tests.factories import PASSWORD, make_member, make_partner_person, make_relationship, make_tenant, make_user

SignIn = Callable[[User], Client]
A_WHILE = 10 * 60  # seconds: too old for what gives access, recent enough for whom a subscription credits


def open_session(client: Client, user: User, *, proved_ago: float | None = A_WHILE) -> None:
    """As after a sign-in, by one row: with the proof of identity of so many seconds ago, or without any left."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[SIGNED_IN] = session[SEEN] = time.time()
    if proved_ago is not None:
        session.update(_proof(user.pk, proved_ago))
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def prove_identity(client: Client, *, ago: float) -> None:
    """As if the password of who is signed in was typed so many seconds ago."""
    session = client.session
    session.update(_proof(session[SESSION_KEY], ago))
    session.save()


def _proof(user_pk: object, ago: float) -> dict:
    return {
        login.AUTHENTICATION_METHODS_SESSION_KEY: [{"method": "password", "at": time.time() - ago}],
        login._AUTHENTICATION_METHODS_USER_SESSION_KEY: str(user_pk),
    }


@pytest.fixture
def alpha(db) -> Tenant:
    """The organization whose pages are visited."""
    return make_tenant(slug="alpha", name="Alpha Ltd")


@pytest.fixture
def beta(db) -> Tenant:
    """Another organization, of which alpha must see nothing."""
    return make_tenant(slug="beta", name="Beta Secret GmbH")


@pytest.fixture
def global_admin(alpha) -> User:
    """Alpha's Global admin: may do everything that a tenant may."""
    return make_member(tenant=alpha, role=Role.GLOBAL_ADMIN, email="admin@alpha.example", name="Gloria Admin")


@pytest.fixture
def billing_admin(alpha) -> User:
    """Alpha's Billing admin: sets partners of record, ends no relationship."""
    return make_member(tenant=alpha, role=Role.BILLING_ADMIN, email="billing@alpha.example", name="Bill Payer")


@pytest.fixture
def reader(alpha) -> User:
    """Alpha's Global reader: reads everything, changes nothing, sees why."""
    return make_member(tenant=alpha, role=Role.GLOBAL_READER, email="reader@alpha.example", name="Rita Reader")


@pytest.fixture
def admin_of_beta(beta) -> User:
    """The Global admin of another organization: alpha does not exist for this person."""
    return make_member(tenant=beta, role=Role.GLOBAL_ADMIN, email="admin@beta.example", name="Otto Other")


@pytest.fixture
def staff(db) -> User:
    """The operator's staff: Django admin, and no organization's pages."""
    return make_user(email="staff@portal.example", name="Sam Staff", is_staff=True)


@pytest.fixture
def sign_in() -> SignIn:
    """A client of its own for that person, signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        open_session(client, user, proved_ago=0)
        return client

    return signed_in


@pytest.fixture
def anonymous() -> Client:
    """Somebody who has not signed in."""
    return Client()


@pytest.fixture
def desk(staff, sign_in) -> Client:
    """Staff at work, signed in."""
    return sign_in(staff)


def make_delegate(
    *,
    tenant: Tenant,
    partner: Partner,
    roles: tuple[DelegatedRole, ...],
    role=AgentRole.ADMIN_AGENT,
    email="agent@tailspin.example",
    name="Agatha Agent",
    **relationship,
) -> User:
    """A person of the partner, and a relationship that gives the partner these roles."""
    make_relationship(tenant=tenant, partner=partner, roles=roles, **relationship)
    return make_partner_person(partner=partner, role=role, email=email, name=name)


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
