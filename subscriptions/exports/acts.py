"""That rows left the portal as a file: who had it, of what, and of an organization as a whole also why."""

from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from subscriptions.access import Actor
from subscriptions.audit.acts import record
from subscriptions.audit.events import ListExported
from subscriptions.clouds import Text
from subscriptions.db.bookkeeping import unless_read_only
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Refused, Verdict, VerdictCode

READY_FOR = timedelta(minutes=15)
MOST_OF_FILTERS = 500  # characters of an address
NOT_RECORDED = Verdict(
    code=VerdictCode.NOT_RECORDED,
    heading=_("There are no files right now"),
    reason=_("Who takes a file is recorded, and nothing can be recorded at the moment."),
    next_step=_("The list itself can be read. Try again in a few minutes."),
)


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
    *, name: Text, rows: int, filters: str, by: Actor, tenant: Tenant | None = None, of: UUID | None = None
) -> AuditEvent:
    """Of a list as it is filtered, with its number of rows; `of` is what the list is of, by its UUID.

    No file leaves the portal unrecorded: raises Refused where the database takes no change.
    """
    with override("en"):  # that of the source, to be said again in that of who reads the log
        called = str(name)
    facts = ListExported(rows=rows, filters=filters[:MOST_OF_FILTERS])
    event = None
    with unless_read_only("file of a list"):
        event = record(
            AuditKind.LIST_EXPORTED, by=by, tenant=tenant, subject_name=called, subject_uuid=of, facts=facts
        )
    if event is None:
        raise Refused(NOT_RECORDED)
    return event


def find_export(uuid: UUID, *, user_id: int) -> AuditEvent | None:
    """Of this person, over or not."""
    events = AuditEvent.objects.filter(uuid=uuid, kind=AuditKind.TENANT_EXPORTED, actor=user_id)
    return events.select_related("tenant").first()


def is_ready(event: AuditEvent) -> bool:
    """Whether its file may still be read, by the database's clock."""
    return AuditEvent.objects.filter(pk=event.pk, at__gt=Now() - READY_FOR).exists()
