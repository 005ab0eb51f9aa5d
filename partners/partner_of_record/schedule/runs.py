"""The job of scheduled changes: each is applied on its day, once, by the same act as a change of now.

A row is held, and whether it still waits is asked under the lock: a job that runs twice, late or in two workers does
nothing a second time. What the verdicts refuse on that day is kept with its reason, and told. Of those that were
decided for many at once everybody is told together (digest.py).
"""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.directory.reads import PartnerUnusable
from partners.models import ScheduledChange
from partners.models.partner_of_record import Source
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import Change, credited, set_partner_of_record
from partners.partner_of_record.bulk import code_of_problem
from partners.partner_of_record.schedule.acts import SCHEDULED, SCHEDULED_MANY, end, record
from subscriptions.access import Actor
from subscriptions.approvals.reads import is_agreed
from subscriptions.audit.correlation import correlated
from subscriptions.base.days import today_in
from subscriptions.bulk.outcomes import DELETED, OUTCOMES, Outcome
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models import Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.models.tenant import stored_cloud_status
from subscriptions.subscriptions.changes import lock_subscription
from subscriptions.subscriptions.lifecycle import life_of, term_after
from subscriptions.tenants.deciders import who_decided
from subscriptions.verdicts import Refused

JOB = "partners.apply_scheduled_changes"
MOVED, CANCELED, NOT_APPROVED = "renewal-moved", "renewal-canceled", "not-approved"
OUTCOMES.update(
    {
        MOVED: Outcome(_("The renewal was moved to another day"), _("Schedule it for the new renewal.")),
        CANCELED: Outcome(
            _("It did not renew: it was canceled, or recurring billing was off"),
            _("Nothing to do, unless it is reactivated."),
        ),
        NOT_APPROVED: Outcome(
            _("No second person had approved it by its day"),
            _("Name the partner on the subscription's page: there the approval is asked for."),
        ),
    }
)


class NotApplied(Exception):
    """What was decided does not fit the day on which it was to be done."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def apply_batch(*, after: int = 0, now: datetime | None = None) -> Batch:
    """The next few whose day has begun where their organization is. Needs the worker's scope."""
    now = now or timezone.now()
    waiting = ScheduledChange.objects.filter(state=ScheduleState.WAITING, day__lte=(now + timedelta(days=1)).date())
    rows = waiting.select_related("tenant", "subscription__product", "partner", "many").annotate(
        cloud_status=stored_cloud_status("tenant__cloud")
    )

    def act(change: ScheduledChange) -> None:
        change.tenant.stored_cloud_status = change.cloud_status  # type: ignore[attr-defined]
        if change.day <= today_in(change.tenant.time_zone, now):
            with correlated(change.many.uuid) if change.many else nullcontext():
                _apply(change, now)

    return next_batch(rows, act, job=JOB, after=after)


def _apply(change: ScheduledChange, now: datetime) -> None:
    by = who_decided(
        change.tenant,
        user_id=change.user_id,
        application=change.application,
        name=change.scheduled_by,
        proved=change.proved,
        decided=change.scheduled_at,
    )
    row = lock_subscription(change.tenant, change.subscription, None)
    try:
        with transaction.atomic():
            done = _change(change, row, by, now)
    except NotApplied as why:
        _note(change, row, by, why.code)
    except Refused as refused:
        _note(change, row, by, refused.verdict.code.code)
    except PartnerUnusable as unusable:
        _note(change, row, by, code_of_problem(unusable.problem))
    else:
        end(change, ScheduleState.APPLIED, by=by, event=done.event)


def _change(change: ScheduledChange, row: Subscription, by: Actor, now: datetime) -> Change:
    if row.status == SubscriptionStatus.DELETED:
        raise NotApplied(DELETED)
    if change.at_renewal:
        _require_renewal(change, row, now)
    agreed = _agreed(change)
    if not agreed and (agreed is not None or change.tenant.second_person):
        raise NotApplied(NOT_APPROVED)
    return set_partner_of_record(
        tenant=change.tenant,
        subscription=row,
        partner=change.partner,
        version=row.version,
        by=by,
        reason=change.reason,
        source=Source.SCHEDULE,
        is_one_of_many=change.many is not None,
        agreed=agreed is True,
    )


def _agreed(change: ScheduledChange) -> bool | None:
    """Whether a second person has agreed to it; None where nobody was asked."""
    if change.many is None:
        return is_agreed(change.tenant, SCHEDULED, change.pk)
    was_asked = is_agreed(change.tenant, SCHEDULED_MANY, change.many.pk) is not None
    return change.agreed or (False if was_asked else None)


def _require_renewal(change: ScheduledChange, row: Subscription, now: datetime) -> None:
    """The term that ran at the decision was renewed on that day, whether or not the job of terms did it yet."""
    if not row.renews:
        raise NotApplied(CANCELED)
    then = replace(life_of(row), term_ends_on=change.day)
    expected = term_after(then, today_in(change.tenant.time_zone, now))
    if row.term_ends_on not in (change.day, expected):
        raise NotApplied(MOVED)


def _note(change: ScheduledChange, row: Subscription, by: Actor, code: str) -> None:
    end(change, ScheduleState.NOT_APPLIED, by=by, outcome=code)
    event = record(AuditKind.SCHEDULE_NOT_APPLIED, change, row, credited(row), by=by, reason=change.reason)
    if change.many is None:
        tell(event)
