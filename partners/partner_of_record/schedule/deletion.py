"""What of a closed organization still waits for its day is canceled once the organization was kept long enough."""

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import credited
from partners.partner_of_record.schedule.acts import end, hold, record
from subscriptions.access import the_portal
from subscriptions.models import Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription


def cancel_waiting(tenant: Tenant) -> int:
    """Each with an audit row of its own and without a mail; those that are over stay. Needs the worker's scope."""
    waiting = ScheduledChange.objects.filter(tenant=tenant, state=ScheduleState.WAITING)
    rows = [hold(tenant, change) for change in waiting.order_by("pk")]
    waits = [row for row in rows if row.state == ScheduleState.WAITING]
    for row in waits:
        subscription = lock_subscription(tenant, row.subscription, None)
        end(row, ScheduleState.CANCELED, by=the_portal())
        record(AuditKind.SCHEDULE_CANCELED, row, subscription, credited(subscription), by=the_portal(), reason="")
    return len(waits)
