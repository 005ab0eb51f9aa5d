"""A SECRET_KEY is replaced without a stop: old and new are read, then all is under the new one."""

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command

from portal.second_factor.adapter import SecondFactorAdapter
from subscriptions.models import WebhookEndpoint
from subscriptions.webhooks.secrets import new_secret, seal, unseal
from tests.database import as_owner
from tests.factories import make_webhook
from tests.personas import make_second_factor


def kept() -> tuple[list[dict], WebhookEndpoint]:
    with as_owner():
        return list(
            Authenticator.objects.order_by("pk").values_list("data", flat=True)
        ), WebhookEndpoint.objects.get()


@pytest.fixture
def owner(monkeypatch) -> None:
    """The command works as the owner already, in the test's own transaction."""
    monkeypatch.setattr("portal.installation.reseal.as_owner", as_owner)


def test_all_that_is_sealed_comes_under_the_new_key_and_the_old_one_can_go(
    global_admin, alpha, settings, capsys, owner
):
    make_second_factor(global_admin)
    secret = new_secret()
    make_webhook(tenant=alpha, secret=seal(secret))
    before, old = kept(), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-" + "0" * 40, [old]
    assert unseal(kept()[1].secret) == secret
    call_command("reseal")
    assert capsys.readouterr().out == f"Under today's SECRET_KEY: {len(before[0]) + 1} secrets.\n"
    settings.SECRET_KEY_FALLBACKS = []
    found, endpoint = kept()
    assert unseal(endpoint.secret) == secret
    for data in found:
        assert SecondFactorAdapter().decrypt(data.get("secret") or data["seed"])
    with pytest.raises(InvalidToken):
        unseal(before[1].secret)


def test_what_no_named_key_reads_is_told_and_left_as_it_is(alpha, settings, owner):
    make_webhook(tenant=alpha, secret=seal(new_secret()))
    before = kept()[1].secret
    settings.SECRET_KEY = "another-key-" + "0" * 40
    with pytest.raises(CommandError, match="1 are under a key that is named nowhere"):
        call_command("reseal")
    assert kept()[1].secret == before
