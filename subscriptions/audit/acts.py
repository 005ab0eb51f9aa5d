"""The audit trail: every act writes one event, in its own transaction."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from subscriptions.access import Actor
from subscriptions.audit import correlation
from subscriptions.audit.facts import KINDS, Facts
from subscriptions.audit.ties import record_ties
from subscriptions.base.names import sort_key
from subscriptions.db.inserts import insert_all
from subscriptions.db.new_rows import new_row
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditEventQuerySet, AuditKind

# From each value to the next by an index, which takes as many steps as there are values, however often each is there
VALUES = """
    WITH RECURSIVE found AS (
        (SELECT event.{0} FROM subscriptions_auditevent event
          WHERE event.tenant_id = %(tenant)s ORDER BY event.{0} LIMIT 1)
        UNION ALL
        SELECT (SELECT event.{0} FROM subscriptions_auditevent event
                 WHERE event.tenant_id = %(tenant)s AND event.{0} > found.{0} ORDER BY event.{0} LIMIT 1)
          FROM found WHERE found.{0} IS NOT NULL)
    SELECT found.{0} FROM found WHERE found.{0} IS NOT NULL
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
    event = event_of(
        kind, by=by, tenant=tenant, subject_name=subject_name, subject_uuid=subject_uuid, reason=reason, facts=facts
    )
    event.save(force_insert=True)
    record_ties([event])
    return event


def record_all(events: Iterable[AuditEvent]) -> list[AuditEvent]:
    """Those that `event_of` made, in as few statements as possible."""
    stored = insert_all(events)
    record_ties(stored)
    return stored


def event_of(
    kind: AuditKind,
    *,
    by: Actor,
    tenant: Tenant | None,
    subject_name: str,
    subject_uuid: UUID | None = None,
    reason: str = "",
    facts: Facts | None = None,
) -> AuditEvent:
    """Who did what to what, not stored yet. Raises TypeError for facts of another kind of event."""
    if facts is not None and type(facts) is not KINDS[kind]:
        raise TypeError(f"{kind} keeps {KINDS[kind].__name__}.")
    event = new_row(
        AuditEvent,
        tenant=tenant,
        kind=kind,
        actor_kind=by.kind,
        actor_id=by.user_id,
        actor_name=by.name,
        actor_partner=by.partner,
        actor_relationship=by.relationship,
        actor_application=by.application.uuid if by.application else None,
        subject_name=subject_name[:200],
        subject_uuid=subject_uuid,
        reason=reason,
        detail=facts.to_detail() if facts else {},
        correlation=correlation.current(),
    )
    event.facts = facts
    return event


def actors_named(text: str, tenant: Tenant) -> list[str]:
    """The names under which people acted here, and of which the text is a part."""
    words = sort_key(text).split()
    return [name for name in _values("actor_name", tenant) if all(word in sort_key(name) for word in words)]


def events_by(actor: Actor, events: AuditEventQuerySet) -> AuditEventQuerySet:
    """Those that this person or this application made."""
    return events.of_application(actor.application.uuid) if actor.application else events.of_person(actor.user_id)


def kinds_in(tenant: Tenant, actor: Actor) -> list[str]:
    """What was done here at all; a partner's person learns only what it did itself."""
    if actor.is_partner:
        events = events_by(actor, AuditEvent.objects.of_tenant(tenant))
        return list(events.order_by().values_list("kind", flat=True).distinct())
    return _values("kind", tenant)


def _values(column: str, tenant: Tenant) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(VALUES.format(column), {"tenant": tenant.pk})
        return [value for (value,) in cursor.fetchall()]
