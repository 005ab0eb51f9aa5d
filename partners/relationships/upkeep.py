"""Brings delegated admins up to date with the clock: reminders, extensions, and the word that it is over.

Safe to run twice, by two workers and after any downtime. What was said is kept on the row itself and written together
with its audit event; rows that somebody else holds are left for the next run. The clock is the database's.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, PositiveSmallIntegerField, Q, Value, When
from django.db.models.functions import Now

from partners.directory.rules import mailbox_of
from partners.models import PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_relationship import not_told_of_end
from partners.relationships.changes import day_of_end, record_change
from partners.relationships.roles import EXTENSION_DAYS
from subscriptions.access import the_portal
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models.audit_event import AuditKind

JOB = "partners.bring_relationships_up_to_date"

OVER = 0
# Days before the end on which both sides are told
MILESTONES = (1, 7, 30)
EXTENSION = timedelta(days=EXTENSION_DAYS)


def bring_relationships_up_to_date(*, after: int = 0) -> Batch:
    """Does the next few. Needs the worker's scope."""
    return next_batch(_due(), _bring_up_to_date, job=JOB, after=after)


def _due():
    """Rows with something to do now; `milestone` is the one that is true now.

    A partner that is not active has no access meanwhile: nothing is extended, and nobody is reminded to extend it.
    """
    is_at_work = Q(partner__state=PartnerState.ACTIVE)
    to_extend = Q(auto_extend=True, expires_on__lte=Now()) & is_at_work
    to_tell = (
        Q(auto_extend=False, milestone__isnull=False)
        & (is_at_work | Q(milestone=OVER))
        & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=F("milestone")))
    )
    return (
        PartnerRelationship.objects.delegated_admins()
        .annotate(milestone=_milestone(), now=Now())
        .filter(
            to_extend | to_tell,
            not_told_of_end(),
            ended_at__isnull=True,
            expires_on__lte=Now() + timedelta(days=max(MILESTONES)),
        )
        .select_related("tenant", "partner")
    )


def _milestone() -> Case:
    """The last one reached; a relationship that began then or later is not reminded of it."""
    reached = [
        When(
            expires_on__lte=Now() + timedelta(days=days),
            started_at__lt=F("expires_on") - timedelta(days=days),
            then=Value(days),
        )
        for days in MILESTONES
    ]
    over = When(expires_on__lte=Now(), then=Value(OVER))
    return Case(over, *reached, output_field=PositiveSmallIntegerField())


def _bring_up_to_date(row: Any) -> None:
    if row.auto_extend:
        _extend(row, row.now)
    elif row.milestone == OVER:
        _tell(row, AuditKind.RELATIONSHIP_EXPIRED, row.milestone)
    else:
        _tell(row, AuditKind.RELATIONSHIP_ENDS_SOON, row.milestone)


def _extend(row: PartnerRelationship, now: datetime) -> None:
    """Once for each end that has passed, so that history has no gap after a long downtime."""
    while row.expires_on is not None and row.expires_on <= now:
        row.expires_on += EXTENSION
        record_change(AuditKind.RELATIONSHIP_EXTENDED, row, by=the_portal(), ends_on=day_of_end(row))
    row.reminded_days = None
    row.save(update_fields=["expires_on", "reminded_days"])


def _tell(row: PartnerRelationship, kind: AuditKind, milestone: int) -> None:
    row.reminded_days = milestone
    row.save(update_fields=["reminded_days"])
    event = record_change(kind, row, by=the_portal(), ends_on=day_of_end(row), days=milestone)
    tell(event, partner=mailbox_of(row.partner))
