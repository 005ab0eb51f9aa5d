"""Which application calls: found by the token that it shows, in a scope that sees this token alone.

Whatever is shown takes the same way: it is hashed and looked for once. One that is unknown, changed, revoked or over
is not there, and nothing says which of these it is.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Now

from subscriptions.applications import short_tokens
from subscriptions.applications.short_tokens import Shown
from subscriptions.applications.tokens import LONGEST_SHOWN, hash_of
from subscriptions.db import scopes
from subscriptions.models import ApplicationToken
from subscriptions.models.people.application import ApplicationScope

SCHEME = "bearer"
# How exactly the last use is known: each request would otherwise wait for the one before it, to write the same row
USE_IS_KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """An application that has proved itself: of an organization, of a partner or, with neither, of the operator."""

    key: int
    uuid: UUID
    name: str
    tenant_id: int | None
    partner_id: int | None
    role: str
    scopes: frozenset[ApplicationScope]
    expires_on: datetime
    asked_at: datetime  # by the database's clock

    @property
    def is_operators(self) -> bool:
        return self.tenant_id is None and self.partner_id is None


def find_caller(authorization: str, *, address: str | None = None) -> Caller | None:
    """By the header `Authorization`; None for whatever opens nothing. `address` is that of the request.

    Reads and writes in a transaction of its own: call it outside any other.
    """
    return _find(short_tokens.read(_token_of(authorization)), address)


def find_by_secret(client: str, secret: str, *, address: str | None = None) -> Caller | None:
    """By an ID and one of its own tokens, never by one for some minutes, which would prolong itself for ever."""
    found = _find(Shown(hash=hash_of(secret[:LONGEST_SHOWN])), address)
    return found if found and str(found.uuid) == client.lower() else None


def _find(shown: Shown, address: str | None) -> Caller | None:
    with scopes.caller(shown.hash):
        rows = ApplicationToken.objects.live().filter(hash=shown.hash)
        found = rows.select_related("application").annotate(asked_at=Now()).first()
        if found is None or (shown.ends is not None and found.asked_at >= shown.ends):
            return None
        _keep_use(found, address)
    return _caller(found, shown)


def _token_of(authorization: str) -> str:
    """What is shown, cut to what can be one; of another scheme nothing, which is looked for like the rest."""
    scheme, _space, token = authorization.partition(" ")
    return token.strip()[:LONGEST_SHOWN] if scheme.lower() == SCHEME else ""


def _keep_use(token: ApplicationToken, address: str | None) -> None:
    old = Q(last_used__isnull=True) | Q(last_used__lt=Now() - USE_IS_KEPT_FOR)
    moved = ~Q(last_address=address) | Q(last_address__isnull=True) if address else Q(pk__isnull=True)
    ApplicationToken.objects.filter(old | moved, pk=token.pk).update(
        last_used=Now(), last_address=address or F("last_address")
    )


def _caller(token: Any, shown: Shown) -> Caller:
    application = token.application
    given = frozenset(map(ApplicationScope, application.scopes))
    return Caller(
        key=application.pk,
        uuid=application.uuid,
        name=application.name,
        tenant_id=application.tenant_id,
        partner_id=application.partner_id,
        role=application.role,
        scopes=given if shown.scopes is None else given & frozenset(map(ApplicationScope, shown.scopes)),
        expires_on=min(token.expires_on, shown.ends or token.expires_on),
        asked_at=token.asked_at,
    )
