"""The audit trail: every act writes one event, in its own transaction."""

from uuid import UUID

from subscriptions.access import Actor
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind


def record(
    kind: AuditKind,
    *,
    by: Actor,
    tenant: Tenant | None,
    subject_name: str,
    subject_uuid: UUID | None = None,
    reason: str = "",
    detail: dict | None = None,
) -> AuditEvent:
    """The event as stored; the database stamps its time."""
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
        detail=detail or {},
    )
