"""A change for a day to come that waits for a second person: until somebody agrees, its day does nothing."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import credited
from partners.partner_of_record.approval import OfOneSubscription
from partners.partner_of_record.policy.rules import may_ask_for
from partners.partner_of_record.rules import may_set
from partners.partner_of_record.schedule.acts import SCHEDULED, ask_for, bump, end, hold, record
from partners.partner_of_record.schedule.rules import applies, may_approve
from subscriptions.access import Actor
from subscriptions.approvals.reads import is_agreed
from subscriptions.approvals.requests import Asker
from subscriptions.approvals.wanted import entered
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.tenants.deciders import who_asked
from subscriptions.verdicts import Verdict, first_refusal


@entered
class ScheduledWanted(OfOneSubscription):
    act = SCHEDULED
    label = gettext_lazy("Scheduled change")
    button = gettext_lazy("Approve for its day")
    approved = gettext_lazy("Approved. It is applied when its day begins.")
    change: ScheduledChange

    def find(self, *, held: bool = False) -> None:
        rows = ScheduledChange.objects.filter(tenant=self.tenant).select_related("partner")
        found = rows.get(pk=self.approval.row)
        self.change = hold(self.tenant, found) if held else found
        self.look_at(self.change.subscription_id, held=held)

    def may(self) -> Verdict:
        return first_refusal([may_approve(self.change, today_of(self.tenant)), super().may()])

    def facts(self) -> Sequence[tuple[Text, Any]]:
        return [*super().facts(), (_("Begins"), applies(self.change.day, self.tenant.time_zone))]

    def perform(self) -> None:
        """On its day, all verdicts are asked once more."""
        asker = who_asked(self.approval, self.permission)
        may_set(asker, self.tenant, self.subscription, has_partner=self.now is not None).require()
        may_ask_for(self.tenant, self.wanted_partner()).require()

    def drop(self, by: Actor) -> None:
        if self.change.state == ScheduleState.WAITING:
            end(self.change, ScheduleState.CANCELED, by=by)
            bump(self.subscription)
            record(AuditKind.SCHEDULE_CANCELED, self.change, self.subscription, self.now, by=by, reason="")

    @classmethod
    def adopt(cls, tenant: Tenant, by: Actor) -> None:
        waiting = ScheduledChange.objects.filter(tenant=tenant, state=ScheduleState.WAITING, many__isnull=True)
        for change in [hold(tenant, each) for each in waiting.order_by("pk")]:
            if change.state != ScheduleState.WAITING or is_agreed(tenant, cls.act, change.pk) is not None:
                continue
            row = lock_subscription(tenant, change.subscription, None)
            asker = Asker(change.user_id, change.scheduled_by, change.proved, change.application)
            ask_for(change, row, credited(row), by=by, asker=asker)
