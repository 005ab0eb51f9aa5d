"""The audit log: who did what to what, when and why, as its page shows it."""

from typing import Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Moment, OpenText
from portal.api.paging import Found, Paging, cut
from subscriptions.access import Permission
from subscriptions.audit.acts import events_by
from subscriptions.models import AuditEvent
from subscriptions.web.paging import Sort

router = Router(tags=["Audit log"])


class EventOut(Schema):
    id: str
    at: Moment
    kind: OpenText
    actor_kind: OpenText
    actor: str
    actor_partner: str
    subject: str
    subject_id: str | None
    reason: str
    detail: dict[str, Any]
    correlation_id: str | None


class EventPage(Found):
    data: list[EventOut]


class EventQuery(Paging):
    kind: str | None = Field(default=None, max_length=40)
    subject_id: UUID | None = Field(default=None, description="Of a subscription, a relationship …")


@router.get("/audit-log", response=EventPage)
@access(Permission.READ_AUDIT_LOG)
def list_audit_log(request: ApiRequest, query: Query[EventQuery]):
    """What happened, the newest first. A partner's application reads what it did itself."""
    rows: Any = AuditEvent.objects.of_tenant(request.tenant)
    if request.actor.is_partner:
        rows = events_by(request.actor, rows)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.subject_id:
        rows = rows.filter(subject_uuid=query.subject_id)
    page = cut(request, rows, Sort("at", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


def _written(row: AuditEvent) -> EventOut:
    return EventOut(
        id=str(row.uuid),
        at=row.at,
        kind=row.kind,
        actor_kind=row.actor_kind,
        actor=row.actor_name,
        actor_partner=row.actor_partner,
        subject=row.subject_name,
        subject_id=str(row.subject_uuid) if row.subject_uuid else None,
        reason=row.reason,
        detail=row.detail,
        correlation_id=str(row.correlation) if row.correlation else None,
    )
