"""What a file changes on many subscriptions: partner of record, own name, cost center and recurring billing of each.

A value has those of these facts that the row is about. Each is judged and done as its own page would.
"""

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.partner_of_record.bulk import NONE, OfPartner, partner_said
from subscriptions.base import formats
from subscriptions.bulk.kinds import Plan, Value, entered
from subscriptions.bulk.outcomes import CHANGED_SINCE, DELETED, UNCHANGED
from subscriptions.models import AuditEvent, BulkAct, BulkRow, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.subscriptions.file_names import COST_CENTER, OWN_NAME, RECURRING
from subscriptions.verdicts import Verdict, first_refusal

PARTNER = "partner"
OF_SUBSCRIPTION = (OWN_NAME[0], COST_CENTER[0], RECURRING[0])
NAMES = frozenset({OWN_NAME[0], COST_CENTER[0]})


@entered
class FromFile(OfPartner):
    code = "from-file"
    label = gettext_lazy("Changes from a file")
    icon = "arrow_download"
    place = 99
    is_chosen = False
    told_of: ClassVar[tuple[str, str]] = ("before__partner", "after__partner")
    events: ClassVar[Collection[AuditKind]] = (
        *OfPartner.events,
        AuditKind.SUBSCRIPTION_NAMED,
        AuditKind.RECURRING_BILLING_CHANGED,
    )

    @classmethod
    def needs_second_person(cls, act: BulkAct) -> bool:
        """Where it is about names and billing alone, one person is enough."""
        of_partner = act.rows.filter(planned=True, after__has_key=PARTNER)
        return cls.names_off_list(act) or (act.tenant.second_person and of_partner.exists())

    def before(self, subscription: Any) -> Value:
        own = {name: getattr(subscription, name) for name in OF_SUBSCRIPTION}
        return {PARTNER: super().before(subscription), **own}

    def changes(self, subscription: Subscription, wanted: Value) -> Value:
        """What of this is another than it is now."""
        now = self.before(subscription)
        return {name: value for name, value in wanted.items() if not self._is_so(name, now[name], value)}

    def _is_so(self, name: str, one: Any, other: Any) -> bool:
        return super().is_same(one, other) if name == PARTNER else one == other

    def plan(self, subscription: Subscription, row: BulkRow, restored: BulkRow | None = None) -> Plan:
        now = self.before(subscription)
        wanted = restored.before if restored else row.wanted
        after = self.changes(subscription, wanted)
        before = {name: now[name] for name in after}
        if subscription.status == SubscriptionStatus.DELETED:
            return Plan(before, after, DELETED)
        if restored and not (restored.after and not self.changes(subscription, restored.after)):
            return Plan(before, after, CHANGED_SINCE)
        if not after:
            return Plan(before, after, UNCHANGED)
        verdict = self.may(subscription, now, after)
        outcome = self.hinders(subscription, after) if verdict.allowed else verdict.code.code
        return Plan(before, after, outcome) if outcome else Plan(before, self.marked(after))

    def marked(self, value: Value) -> Value:
        return {**value, PARTNER: super().marked(value[PARTNER])} if PARTNER in value else value

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        return first_refusal([self.may_change(name, subscription, before, after) for name in after])

    def may_change(self, name: str, subscription: Subscription, before: Value, after: Value) -> Verdict:
        """One of the facts, as its page judges it."""
        if name == PARTNER:
            return super().may(subscription, before[PARTNER], after[PARTNER])
        if name in NAMES:
            return subscription_verdicts.may_name(self.by, self.tenant, subscription)
        return subscription_verdicts.may_set_recurring_billing(self.by, self.tenant, subscription)

    def hinders(self, subscription: Subscription, after: Value) -> str:
        return super().hinders(subscription, after[PARTNER]) if PARTNER in after else ""

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        """The first act asks for the version that was seen, the others follow it under the same lock."""
        version: Any = row.version
        event: AuditEvent | None = None
        if PARTNER in row.after:
            of_partner = BulkRow(version=version, after=row.after[PARTNER])
            event, version = super().do(subscription, of_partner, reason=reason), None
        common: dict[str, Any] = {"tenant": self.tenant, "subscription": subscription, "by": self.by}
        if NAMES & set(row.after):
            names = {name: row.after.get(name, getattr(subscription, name)) for name in NAMES}
            event, version = (
                subscription_acts.name_subscription(**common, version=version, **names) or event,
                None,
            )
        if RECURRING[0] in row.after:
            recurring = row.after[RECURRING[0]]
            changed = subscription_acts.set_recurring_billing(**common, version=version, recurring=recurring)
            event = changed or event
        return event

    @classmethod
    def said(cls, value: Value) -> str:
        labels = {PARTNER: _("Partner of record"), **dict((OWN_NAME, COST_CENTER, RECURRING))}
        told = [f"{label}{formats.mark(': ')}{_said(value[name])}" for name, label in labels.items() if name in value]
        return formats.mark("; ").join(told) or formats.DASH

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Changes from the file %(name)s") % {"name": wanted.get("file", "")}

    def told(self, groups: Sequence[tuple[Value, Value, int]]) -> list[str]:
        """Of rows that are not about the partner nothing."""
        return super().told([(before or NONE, after or NONE, count) for before, after, count in groups])


def _said(value: Any) -> str:
    """A partner, on or off, or a name."""
    if isinstance(value, dict):
        return partner_said(value)
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    return value or formats.DASH
