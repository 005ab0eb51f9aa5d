"""A form that is sent twice acts once."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from subscriptions.models import IdempotencyKey, Tenant


class KeyReused(Exception):
    """The same key came with another content."""


@dataclass(frozen=True)
class Sending:
    """One form or call as it was sent: by which person or application, under which key, with which content.

    Staff's own have no tenant, and what a partner's application does in its workspace has none either.
    """

    tenant: Tenant | None
    user_id: int | None
    key: UUID | str
    content: dict[str, str]
    application: UUID | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """What the first send was answered: where that is, and of a call the answer itself."""

    location: str = ""
    status: int | None = None
    body: str = ""
    etag: str = ""


def once(sending: Sending, act: Callable[[], str], *, usually: str = "") -> str:
    """Where the answer is: `act` does it and says where, in one transaction; a second send gets the first's answer.

    `usually` is where that most likely is; then the key is written once.
    Raises KeyReused, and whatever the act raises; then nothing of it remains.
    """
    with transaction.atomic():
        earlier = begin(sending, usually)
        if earlier is not None:
            return earlier.location
        done = act()
        if done != usually:
            keep_answer(sending, Kept(done))
    return done


def earlier_answer(sending: Sending) -> str | None:
    """Where the answer of the first send is; None if this is the first. Raises KeyReused."""
    earlier = kept_answer(sending)
    return earlier.location if earlier else None


def kept_answer(sending: Sending) -> Kept | None:
    """All that was kept of the answer to the first send; None if this is the first. Raises KeyReused."""
    earlier = _of_key(sending).first()
    if earlier is None:
        return None
    if earlier.digest != sending.digest:
        raise KeyReused
    return Kept(earlier.location, earlier.status, earlier.body, earlier.etag)


def begin(sending: Sending, location: str = "") -> Kept | None:
    """Like `kept_answer`, and takes the key.

    A concurrent send of the same key waits here until the first one is committed or rolled back.
    """
    tenant_id = sending.tenant.pk if sending.tenant else None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscriptions_idempotencykey"
            " (tenant_id, user_id, application, key, digest, location, body, etag, created)"
            " VALUES (%s, %s, %s, %s, %s, %s, '', '', clock_timestamp())"
            " ON CONFLICT (tenant_id, user_id, application, key) DO NOTHING RETURNING id",
            [tenant_id, sending.user_id, sending.application, str(sending.key), sending.digest, location],
        )
        if cursor.fetchone():
            return None
    return kept_answer(sending)


def keep_answer(sending: Sending, kept: Kept) -> None:
    """With the key that `begin` has taken, in the same transaction."""
    _of_key(sending).update(location=kept.location, status=kept.status, body=kept.body, etag=kept.etag)


def _of_key(sending: Sending) -> QuerySet[IdempotencyKey]:
    sender: dict[str, Any] = {"user": sending.user_id, "application": sending.application}
    return IdempotencyKey.objects.filter(tenant=sending.tenant, key=str(sending.key), **sender)
