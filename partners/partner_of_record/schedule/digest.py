"""What was decided for many at once is told once a day of it: one mail to each partner, and one to each admin.

A day is told when none of its changes waits any more, or LONGEST_WAIT after the first of them was done: one that
fails again and again holds no mail back. Told and noted as told is one transaction.
"""

from collections import defaultdict
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.bulk import tell_partners
from partners.partner_of_record.bulk_told import Told
from partners.partner_of_record.events import PartnerOfRecordChanged
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.bulk.events import BulkEnded
from subscriptions.bulk.kinds import KINDS
from subscriptions.db.batches import Batch, next_batch
from subscriptions.mails.receivers import tell
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.tenants.deciders import who_decided

JOB = "partners.tell_scheduled_changes"
LONGEST_WAIT = timedelta(minutes=30)
ENDED = (ScheduleState.APPLIED, ScheduleState.NOT_APPLIED)


def tell_batch(*, after: int = 0) -> Batch:
    """The next few days that are done; of each the first row is held. Needs the worker's scope."""
    of_its_day = ScheduledChange.objects.filter(many=OuterRef("many"), day=OuterRef("day"))
    untold = ScheduledChange.objects.filter(is_told=False, state__in=ENDED)
    earlier = of_its_day.filter(is_told=False, state__in=ENDED, pk__lt=OuterRef("pk"))
    waits = Exists(of_its_day.filter(state=ScheduleState.WAITING))
    is_late = Exists(of_its_day.filter(is_told=False, ended_at__lt=Now() - LONGEST_WAIT))
    due = untold.filter(Q(is_late) | ~Q(waits), ~Q(Exists(earlier)))
    return next_batch(due.select_related("tenant", "many", "subscription"), _tell, job=JOB, after=after)


def _tell(first: ScheduledChange) -> None:
    tenant, act = first.tenant, first.many
    assert act is not None  # noqa: S101 - the database refuses it
    act.tenant = tenant
    day = ScheduledChange.objects.filter(tenant=tenant, many=act, day=first.day, is_told=False, state__in=ENDED)
    by = who_decided(
        tenant, user_id=first.user_id, name=first.scheduled_by, proved=first.proved, decided=first.scheduled_at
    )
    states = list(day.values_list("pk", "state", "outcome"))
    not_applied = [code for _pk, state, code in states if state == ScheduleState.NOT_APPLIED]
    told = _told_by_partner(day)
    with correlated(act.uuid):
        event = audit.record(
            AuditKind.BULK_ENDED,
            by=by,
            tenant=tenant,
            subject_name=KINDS[act.kind].title(act.wanted),
            subject_uuid=act.uuid,
            facts=BulkEnded(
                changed=len(states) - len(not_applied),
                not_changed=len(not_applied),
                state=BulkState.DONE,
                day=first.day,
                codes=tuple(dict.fromkeys(sorted(not_applied))),
            ),
        )
        tell(event)
        tell_partners(act, told, by)
    ScheduledChange.objects.filter(tenant=tenant, pk__in=[pk for pk, _state, _code in states]).update(is_told=True)


def _told_by_partner(day: QuerySet[ScheduledChange]) -> dict[str, Told]:
    """By the partner's number, from what the change of each has become; one that changed nothing has no event."""
    found: defaultdict[str, Told] = defaultdict(Told)
    rows = day.filter(event__isnull=False).order_by("subscription__name_key", "subscription_id")
    for detail, name in rows.values_list("event__detail", "subscription__name"):
        facts = PartnerOfRecordChanged.from_detail(detail)
        if facts.after:
            found[facts.after.id].gain(name)
        if facts.before:
            found[facts.before.id].lose(name)
    return found
