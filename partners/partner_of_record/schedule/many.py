"""A change of the partner of record of many subscriptions for a day to come: each row makes a scheduled change.

Its undo cancels those that still wait, and names the others with what became of them; undone again, they are
scheduled anew. What a row was to become, or what waits for it, has a `day`, empty where nothing is scheduled.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.bulk import NONE, OfPartner, partner_said
from partners.partner_of_record.schedule.acts import cancel_change, hold, schedule_one_of_many
from partners.partner_of_record.schedule.rules import LATEST_SCHEDULED, may_begin_on, may_schedule_at_renewal
from subscriptions.base import formats
from subscriptions.bulk.kinds import Plan, Value, entered
from subscriptions.bulk.outcomes import CHANGED_SINCE, OUTCOMES, UNCHANGED, Outcome
from subscriptions.clouds import Capability, CloudProfile, Text
from subscriptions.models import AuditEvent, BulkAct, BulkRow, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import Stale, VerdictCode

NOTHING: Value = {**NONE, "day": ""}
DAY_BEGAN, NO_RENEWAL = VerdictCode.DAY_HAS_BEGUN.code, "no-renewal"
OVER = {state: f"schedule-{state}" for state in ScheduleState if state is not ScheduleState.WAITING}
OUTCOMES.update(
    {
        DAY_BEGAN: Outcome(
            gettext_lazy("The day has begun already"),
            gettext_lazy("Choose these again for a later day, or set the partner of record now."),
        ),
        NO_RENEWAL: Outcome(
            gettext_lazy("These do not renew"),
            gettext_lazy("Choose a day instead, or turn recurring billing on first."),
        ),
        OVER[ScheduleState.APPLIED]: Outcome(
            gettext_lazy("Applied already"),
            gettext_lazy("Set the partner of record of these, or undo the last change on the page of each."),
        ),
        OVER[ScheduleState.NOT_APPLIED]: Outcome(
            gettext_lazy("Its day has come, and it could not be applied"),
            gettext_lazy("Try these again or dismiss them under Scheduled changes."),
        ),
        OVER[ScheduleState.CANCELED]: Outcome(gettext_lazy("Canceled already"), gettext_lazy("Nothing to do.")),
        OVER[ScheduleState.DISMISSED]: Outcome(gettext_lazy("Dismissed already"), gettext_lazy("Nothing to do.")),
    }
)


@entered
class SchedulePartner(OfPartner):
    """`wanted` has the `day`, empty for the renewal of each, beside the partner or the name of the file."""

    code = "partner-of-record.schedule"
    label = gettext_lazy("Schedule partner of record")
    icon = "calendar"
    place = 4
    is_joint = True
    is_told_at_once = False
    undone_within = LATEST_SCHEDULED + timedelta(days=90)
    events: ClassVar[Collection[AuditKind]] = (AuditKind.CHANGE_SCHEDULED, AuditKind.SCHEDULE_CANCELED)

    def rows(self, found: QuerySet[Subscription]) -> QuerySet[Subscription]:
        rows = super().rows(found)
        return rows.annotate(last_of_many=Subquery(_last_of_many())) if self.is_undo else rows

    def after(self, subscription: Subscription, wanted: Value) -> Value:
        """With the day of this row."""
        at_renewal = not self.wanted["day"]
        day = self.wanted["day"]
        if at_renewal and subscription.renews:
            day = subscription.term_ends_on.isoformat()
        return {"id": wanted["id"], "name": wanted["name"], "day": day, "at_renewal": at_renewal}

    def plan(self, subscription: Subscription, row: BulkRow, restored: BulkRow | None = None) -> Plan:
        if restored is None:
            return self._plan_for_its_day(super().plan(subscription, row), subscription)
        if restored.before.get("day"):  # what it canceled is scheduled anew
            return self._plan_anew(subscription, restored.before)
        return self._plan_to_cancel(subscription, restored)

    def _plan_for_its_day(self, plan: Plan, subscription: Any) -> Plan:
        """That it is so now does not count where another change waits."""
        if plan.outcome == UNCHANGED and subscription.changes_on:
            return Plan(plan.before, plan.after, VerdictCode.CHANGE_WAITS.code)
        return plan

    def _plan_to_cancel(self, subscription: Any, restored: BulkRow) -> Plan:
        last = subscription.last_of_many or {}
        before = {name: last.get(name) or "" for name in ("id", "name", "day")}
        before["at_renewal"] = bool(last.get("at_renewal"))
        if last.get("many") != restored.act_id:
            return Plan(before, NOTHING, CHANGED_SINCE)
        return Plan(before, NOTHING, OVER.get(last["state"], ""))

    def _plan_anew(self, subscription: Subscription, after: Value) -> Plan:
        now = self.before(subscription)
        if self.is_same(now, after):
            return Plan(NOTHING, after, UNCHANGED)
        verdict = self.may(subscription, now, after)
        outcome = self.hinders(subscription, after) if verdict.allowed else verdict.code.code
        return Plan(NOTHING, after, outcome) if outcome else Plan(NOTHING, self.marked(after))

    def hinders(self, subscription: Any, after: Value) -> str:
        if subscription.changes_on:
            return VerdictCode.CHANGE_WAITS.code
        if after["at_renewal"] and not may_schedule_at_renewal(subscription).allowed:
            return NO_RENEWAL
        if not may_begin_on(date.fromisoformat(after["day"]), today_of(self.tenant)).allowed:
            return DAY_BEGAN
        return super().hinders(subscription, after)

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        """For its day, while that has not begun; of an undo, the change of the act that it takes back is canceled."""
        if not row.after["day"]:
            return self._cancel(subscription, row)
        day = date.fromisoformat(row.after["day"])
        may_begin_on(day, today_of(self.tenant)).require()
        return schedule_one_of_many(
            tenant=self.tenant,
            subscription=subscription,
            partner=self.named_partner(row.after["id"]),
            day=day,
            at_renewal=row.after["at_renewal"],
            version=row.version,
            by=self.by,
            many=row.act,
            agreed=self.is_agreed,
        )

    def _cancel(self, subscription: Subscription, row: BulkRow) -> AuditEvent:
        """Raises Stale where it does not wait any more, or where the subscription was changed since the preview."""
        mine = ScheduledChange.objects.filter(tenant=self.tenant, subscription=subscription, many=row.act.undo_of_id)
        change = mine.filter(state=ScheduleState.WAITING).first()
        if change is None:
            raise Stale
        hold(self.tenant, change)
        lock_subscription(self.tenant, subscription, row.version)
        return cancel_change(tenant=self.tenant, change=change, by=self.by, reason=row.act.reason)

    @classmethod
    def label_in(cls, cloud: CloudProfile) -> Text:
        if cloud.allows(Capability.ADD_PARTNER_OF_RECORD):
            return cls.label
        return gettext_lazy("Schedule a change of partner of record")

    @classmethod
    def note_in(cls, cloud: CloudProfile) -> Text:
        if cloud.allows(Capability.ADD_PARTNER_OF_RECORD):
            return ""
        return gettext_lazy(
            "In this cloud the partner starts it by email: for subscriptions without a partner of record nothing is "
            "scheduled."
        )

    @classmethod
    def said(cls, value: Value) -> str:
        if "day" not in value:
            return partner_said(value)
        if not value["day"]:
            return _("Nothing scheduled")
        facts = {"partner": partner_said(value), "day": formats.day(date.fromisoformat(value["day"]))}
        if value["at_renewal"]:
            return _("%(partner)s from the renewal on %(day)s on") % facts
        return _("%(partner)s from %(day)s on") % facts

    @classmethod
    def title(cls, wanted: Value) -> str:
        what = _("file %(name)s") % {"name": wanted["file"]} if "file" in wanted else partner_said(wanted)
        if not wanted.get("day"):
            return _("Partner of record at the next renewal: %(what)s") % {"what": what}
        facts = {"what": what, "day": formats.day(date.fromisoformat(wanted["day"]))}
        return _("Partner of record from %(day)s on: %(what)s") % facts

    @classmethod
    def undo_said(cls, count: int) -> str:
        told = ngettext("Cancel %(count)s scheduled change", "Cancel %(count)s scheduled changes", count)
        return told % {"count": formats.number(count)}

    @classmethod
    def since(cls, act: BulkAct) -> list[str]:
        """How many wait, and what became of the others."""
        found = ScheduledChange.objects.filter(tenant=act.tenant, many=act).values("state").order_by("state")
        counts = dict(found.annotate(count=Count("pk")).values_list("state", "count"))
        return [
            f"{state.label}{formats.mark(': ')}{formats.number(counts[state])}"
            for state in ScheduleState
            if state in counts
        ]

    def told(self, groups: Sequence[tuple[Value, Value, int]]) -> list[str]:
        if self.is_undo:
            return [_("Nobody is mailed now.")]
        when = _("Nobody is mailed now. When a day has begun, each gets one email about all that it has changed:")
        return [when, *super().told(groups)]


def _last_of_many() -> Any:
    """Of a subscription: what an act on many scheduled last, and what became of it."""
    of_row = ScheduledChange.objects.filter(
        tenant=OuterRef("tenant"), subscription=OuterRef("pk"), many__isnull=False
    )
    last = of_row.order_by("-pk")[:1]
    return last.values(
        kept=JSONObject(
            id=F("partner__number"),
            name=F("partner__name"),
            day=F("day"),
            at_renewal=F("at_renewal"),
            state=F("state"),
            many=F("many_id"),
        )
    )
