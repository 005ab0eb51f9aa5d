"""After SECRET_KEY was replaced: what the database keeps encrypted is encrypted anew, so that the old key can go."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import QuerySet

from portal.database.logins import as_owner
from portal.second_factor import adapter
from subscriptions.base.ciphers import cipher_for
from subscriptions.models import WebhookEndpoint
from subscriptions.webhooks import secrets

OF_AUTHENTICATORS = ("secret", "seed")  # in their data, as allauth calls them
OF_WEBHOOKS = ("secret", "old_secret")


@dataclass
class Resealed:
    """How many rows are under today's key now, and how many no key that is named can read."""

    rows: int = 0
    unreadable: int = 0


def reseal() -> Resealed:
    """Row by row, as nobody waits for more than one. Kept forms and short tokens end by themselves within an hour."""
    told = Resealed()
    with as_owner():
        _each(Authenticator.objects.order_by("pk"), _authenticator, told)
        _each(WebhookEndpoint.objects.order_by("pk"), _webhook, told)
    return told


def _each(rows: QuerySet[Any], anew: Callable[[Any], list[str]], told: Resealed) -> None:
    for pk in rows.values_list("pk", flat=True):
        with transaction.atomic():
            row = rows.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            try:
                row.save(update_fields=anew(row))
                told.rows += 1
            except InvalidToken:
                told.unreadable += 1


def _authenticator(row: Authenticator) -> list[str]:
    for name in OF_AUTHENTICATORS:
        if name in row.data:
            row.data[name] = _anew(adapter.PURPOSE, row.data[name])
    return ["data"]


def _webhook(row: WebhookEndpoint) -> list[str]:
    for name in OF_WEBHOOKS:
        if sealed := getattr(row, name):
            setattr(row, name, _anew(secrets.PURPOSE, sealed))
    return list(OF_WEBHOOKS)


def _anew(purpose: str, sealed: str) -> str:
    """Raises InvalidToken where no key reads it."""
    return cipher_for(purpose).rotate(sealed.encode()).decode()
