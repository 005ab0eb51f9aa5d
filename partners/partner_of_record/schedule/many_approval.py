"""Scheduled changes of one act on many that were decided while no second person was needed: one request for all.

Where a second person was needed from the start, the act itself was asked for, and its rows are agreed.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import credited
from partners.partner_of_record.schedule.acts import SCHEDULED_MANY, bump, end, hold, record
from subscriptions.access import Actor
from subscriptions.approvals import requests
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.reads import none_waits
from subscriptions.approvals.requests import Asker
from subscriptions.approvals.wanted import Wanted, entered
from subscriptions.base import formats
from subscriptions.bulk.kinds import KINDS
from subscriptions.clouds import Text
from subscriptions.models import BulkAct, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.tenants.deciders import who_asked
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode


@entered
class ManyScheduledWanted(Wanted):
    act = SCHEDULED_MANY
    label = gettext_lazy("Scheduled changes")
    button = gettext_lazy("Approve for their days")
    approved = gettext_lazy("Approved. Each is applied when its day begins.")

    def find(self, *, held: bool = False) -> None:
        self.bulk = BulkAct.objects.get(tenant=self.tenant, pk=self.approval.row)
        self.bulk.tenant = self.tenant
        if held:
            list(self.waiting.select_for_update(of=("self",)).order_by("pk"))

    @property
    def waiting(self) -> QuerySet[ScheduledChange]:
        """Whose day is still to come."""
        return _waiting(self.tenant).filter(many=self.bulk, day__gt=today_of(self.tenant))

    @cached_property
    def by_day(self) -> list[tuple[Any, int]]:
        return list(self.waiting.values_list("day").order_by("day").annotate(count=Count("pk")))

    @property
    def seen(self) -> str:
        return " ".join(f"{day}:{count}" for day, count in self.by_day) or "-"

    def may(self) -> Verdict:
        if self.by_day:
            return ALLOWED
        return Verdict(
            code=VerdictCode.CHANGED_SINCE,
            reason=_("None of these changes waits for a day to come any more."),
            next_step=_("Refuse or withdraw it. Who still wants it asks anew, by what is there now."),
        )

    def facts(self) -> Sequence[tuple[Text, Any]]:
        return [(formats.day(day), formats.number(count)) for day, count in self.by_day]

    @property
    def page(self) -> Page:
        return Page("subscriptions:bulk", of=(self.tenant.slug, self.bulk.uuid))

    def perform(self) -> None:
        """On its day, all verdicts of each are asked once more."""
        who_asked(self.approval, self.permission)
        self.waiting.update(agreed=True)

    def drop(self, by: Actor) -> None:
        for change in list(_waiting(self.tenant).filter(many=self.bulk).order_by("pk")):
            held = hold(self.tenant, change)
            row = lock_subscription(self.tenant, held.subscription, None)
            end(held, ScheduleState.CANCELED, by=by)
            bump(row)
            record(AuditKind.SCHEDULE_CANCELED, held, row, credited(row), by=by, reason="")

    @classmethod
    def adopt(cls, tenant: Tenant, by: Actor) -> None:
        acts = BulkAct.objects.filter(tenant=tenant, pk__in=_waiting(tenant).values("many"))
        for act in acts.order_by("pk"):
            if none_waits(tenant, cls.act, act.pk).allowed:
                act.tenant = tenant
                _ask(act, by)


def _waiting(tenant: Tenant) -> QuerySet[ScheduledChange]:
    """Those of acts on many that nobody has agreed to."""
    return ScheduledChange.objects.filter(
        tenant=tenant, many__isnull=False, agreed=False, state=ScheduleState.WAITING
    )


def _ask(act: BulkAct, by: Actor) -> None:
    assert act.proved is not None  # noqa: S101 - the database refuses it
    requests.ask(
        act=SCHEDULED_MANY,
        tenant=act.tenant,
        row=act.pk,
        subject_name=KINDS[act.kind].title(act.wanted),
        facts=ChangeWanted(asked_by=act.decided_by, many=_waiting(act.tenant).filter(many=act).count()),
        by=by,
        reason=act.reason,
        asker=Asker(act.user_id, act.decided_by, act.proved),
    )
