"""A form that is sent twice acts once."""

import hashlib
import json
from uuid import UUID

from django.db import connection

from subscriptions.access import Actor
from subscriptions.models import IdempotencyKey, Tenant


class KeyReused(Exception):
    """The same key came with another content."""


def begin(*, tenant: Tenant, by: Actor, key: UUID, content: dict) -> str | None:
    """None for a first send; else where the first one's answer is. To be called first in the act's `atomic()`.

    A concurrent send of the same key waits here until the first one is committed or rolled back.
    """
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscriptions_idempotencykey (tenant_id, user_id, key, digest, location, created)"
            " VALUES (%s, %s, %s, %s, '', clock_timestamp())"
            " ON CONFLICT (tenant_id, user_id, key) DO NOTHING RETURNING id",
            [tenant.pk, by.user_id, key, digest],
        )
        if cursor.fetchone():
            return None
    earlier = IdempotencyKey.objects.get(tenant=tenant, user_id=by.user_id, key=key)
    if earlier.digest != digest:
        raise KeyReused
    return earlier.location


def finish(*, tenant: Tenant, by: Actor, key: UUID, location: str) -> None:
    IdempotencyKey.objects.filter(tenant=tenant, user_id=by.user_id, key=key).update(location=location)


def is_known(*, tenant: Tenant, by: Actor, key: str) -> bool:
    """Whether a form with this key has been dealt with; for text that is no key, no."""
    try:
        return IdempotencyKey.objects.filter(tenant=tenant, user_id=by.user_id, key=UUID(key)).exists()
    except ValueError:
        return False
