"""That rows left the portal as a file: who had it, of what, and of an organization as a whole also why."""

from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from subscriptions.access import Actor
from subscriptions.audit.acts import record
from subscriptions.audit.events import ListExported
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind

READY_FOR = timedelta(minutes=15)
MOST_OF_FILTERS = 500  # characters of an address


def export_tenant(*, tenant: Tenant, by: Actor, reason: str) -> AuditEvent:
    """Has to be stored before the first row is read; for a while its UUID is the way to the file."""
    return record(
        AuditKind.TENANT_EXPORTED,
        by=by,
        tenant=tenant,
        subject_name=tenant.name,
        subject_uuid=tenant.uuid,
        reason=reason,
    )


def record_list(
    *, name: str, rows: int, filters: str, by: Actor, tenant: Tenant | None = None, of: UUID | None = None
) -> AuditEvent:
    """Of a list as it is filtered, with its number of rows; `of` is the partner whose list it is, by its UUID."""
    return record(
        AuditKind.LIST_EXPORTED,
        by=by,
        tenant=tenant,
        subject_name=name,
        subject_uuid=of,
        facts=ListExported(rows=rows, filters=filters[:MOST_OF_FILTERS]),
    )


def find_export(uuid: UUID, *, user_id: int) -> AuditEvent | None:
    """Of this person, over or not."""
    events = AuditEvent.objects.filter(uuid=uuid, kind=AuditKind.TENANT_EXPORTED, actor=user_id)
    return events.select_related("tenant").first()


def is_ready(event: AuditEvent) -> bool:
    """Whether its file may still be read, by the database's clock."""
    return AuditEvent.objects.filter(pk=event.pk, at__gt=Now() - READY_FOR).exists()
