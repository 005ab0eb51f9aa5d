"""The audit trail: every act writes one event, in its own transaction."""

from uuid import UUID

from django.db import connection

from subscriptions.access import Actor
from subscriptions.audit.facts import KINDS, Facts
from subscriptions.base.names import sort_key
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind

# From each name to the next by the index, which takes as many steps as there are names, whatever they did
NAMES = """
    WITH RECURSIVE names AS (
        (SELECT actor_name FROM subscriptions_auditevent WHERE tenant_id = %(tenant)s ORDER BY actor_name LIMIT 1)
        UNION ALL
        SELECT (SELECT actor_name FROM subscriptions_auditevent
                 WHERE tenant_id = %(tenant)s AND actor_name > names.actor_name ORDER BY actor_name LIMIT 1)
          FROM names WHERE actor_name IS NOT NULL)
    SELECT actor_name FROM names WHERE actor_name IS NOT NULL
"""


def record(
    kind: AuditKind,
    *,
    by: Actor,
    tenant: Tenant | None,
    subject_name: str,
    subject_uuid: UUID | None = None,
    reason: str = "",
    facts: Facts | None = None,
) -> AuditEvent:
    """The event as stored; the database stamps its time."""
    if facts is not None and type(facts) is not KINDS[kind]:
        raise TypeError(f"{kind} keeps {KINDS[kind].__name__}.")
    return AuditEvent.objects.create(
        tenant=tenant,
        kind=kind,
        actor_kind=by.kind,
        actor_id=by.user_id,
        actor_name=by.name,
        actor_partner=by.partner,
        actor_relationship=by.relationship,
        subject_name=subject_name[:200],
        subject_uuid=subject_uuid,
        reason=reason,
        detail=facts.to_detail() if facts else {},
    )


def actors_named(text: str, tenant: Tenant) -> list[str]:
    """The names under which people acted here, and of which the text is a part."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES, {"tenant": tenant.pk})
        names = [name for (name,) in cursor.fetchall()]
    words = sort_key(text).split()
    return [name for name in names if all(word in sort_key(name) for word in words)]
