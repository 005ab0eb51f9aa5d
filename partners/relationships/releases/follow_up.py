"""Reminds resellers of release requests that are due soon, and hands overdue ones to the operator's staff.

Safe to run twice and after any downtime: only what is true now is done, each once, written together with its audit
event; rows that somebody else holds are left for the next run. All days are days where the organization is.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from partners.directory.rules import mailbox_of
from partners.models import ReleaseRequest
from partners.models.partner import PartnerState
from partners.models.release_request import ReleaseStepKind
from partners.relationships.releases.steps import add_step, record
from subscriptions.access import the_portal
from subscriptions.base.days import today_in
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models.audit_event import AuditKind

JOB = "partners.follow_up_releases"

REMINDED_BEFORE = (timedelta(days=7), timedelta(days=1))


def follow_up_batch(*, after: int = 0) -> Batch:
    """Does the next few. Needs the worker's scope."""
    open_ones = ReleaseRequest.objects.open().with_overdue().filter(_may_be_due(), escalated_on__isnull=True)
    return next_batch(open_ones.select_related("tenant", "partner", "relationship"), _follow_up, job=JOB, after=after)


def _may_be_due() -> Q:
    """Rows for which something could be due anywhere on earth."""
    latest = (timezone.now() + timedelta(days=1)).date() + max(REMINDED_BEFORE)
    return Q(due_on__lte=latest) | ~Q(partner__state=PartnerState.ACTIVE)


def _follow_up(row: Any) -> None:
    if row.overdue or row.partner.state != PartnerState.ACTIVE:
        _escalate(row)
    elif _reminder_is_due(row):
        _remind(row)


def _reminder_is_due(row: Any) -> bool:
    """The last reminding day that has come, unless it was before the request or was used already."""
    days = [row.due_on - before for before in REMINDED_BEFORE if row.due_on - before <= row.today]
    sent_on: date = today_in(row.tenant.time_zone, row.sent_at)
    return bool(days) and max(days) > max(sent_on, row.reminded_on or sent_on)


def _remind(row: Any) -> None:
    row.reminded_on = row.today
    row.save(update_fields=["reminded_on"])
    add_step(row, ReleaseStepKind.REMINDED, by=the_portal())
    event = record(AuditKind.RELEASE_REMINDED, row, by=the_portal())
    tell(event, partner=mailbox_of(row.partner))


def _escalate(row: Any) -> None:
    """It stays open: the reseller may still answer, and staff may in its place."""
    row.escalated_on = Now()
    row.save(update_fields=["escalated_on"])
    add_step(row, ReleaseStepKind.ESCALATED, by=the_portal())
    event = record(AuditKind.RELEASE_ESCALATED, row, by=the_portal(), overdue=row.overdue)
    tell(event)
