"""A form that is sent twice acts once."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from subscriptions.models import IdempotencyKey, Tenant


class KeyReused(Exception):
    """The same key came with another content."""


@dataclass(frozen=True)
class Sending:
    """One form as it was sent: by whom, under which key, with which content. Staff's own have no tenant."""

    tenant: Tenant | None
    user_id: int
    key: UUID
    content: dict[str, str]

    @property
    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.content, sort_keys=True).encode()).hexdigest()


def once(sending: Sending, act: Callable[[], str]) -> str:
    """Where the answer is: `act` does it and says where, in one transaction; a second send gets the first's answer.

    Raises KeyReused, and whatever the act raises; then nothing of it remains.
    """
    with transaction.atomic():
        done = _begin(sending)
        if done is None:
            done = act()
            _finish(sending, done)
    return done


def earlier_answer(sending: Sending) -> str | None:
    """Where the answer of the first send is; None if this is the first. Raises KeyReused."""
    earlier = IdempotencyKey.objects.filter(tenant=sending.tenant, user_id=sending.user_id, key=sending.key).first()
    if earlier is None:
        return None
    if earlier.digest != sending.digest:
        raise KeyReused
    return earlier.location


def _begin(sending: Sending) -> str | None:
    """Like `earlier_answer`, and takes the key.

    A concurrent send of the same key waits here until the first one is committed or rolled back.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscriptions_idempotencykey (tenant_id, user_id, key, digest, location, created)"
            " VALUES (%s, %s, %s, %s, '', clock_timestamp())"
            " ON CONFLICT (tenant_id, user_id, key) DO NOTHING RETURNING id",
            [sending.tenant.pk if sending.tenant else None, sending.user_id, sending.key, sending.digest],
        )
        if cursor.fetchone():
            return None
    return earlier_answer(sending)


def _finish(sending: Sending, location: str) -> None:
    IdempotencyKey.objects.filter(tenant=sending.tenant, user_id=sending.user_id, key=sending.key).update(
        location=location
    )
