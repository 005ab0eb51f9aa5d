"""Recurring billing and cost center of many subscriptions."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.bulk.kinds import Kind, Value, entered
from subscriptions.models import AuditEvent, BulkRow, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.verdicts import Verdict


class OfSubscription(Kind):
    """`wanted` is a fact of the subscription by its name."""

    permission = Permission.MANAGE_SUBSCRIPTIONS
    fact: str

    def before(self, subscription: Subscription) -> Value:
        return {self.fact: getattr(subscription, self.fact)}

    def common(self, subscription: Subscription, row: BulkRow) -> dict[str, Any]:
        return {"tenant": self.tenant, "subscription": subscription, "version": row.version, "by": self.by}


@entered
class RecurringBilling(OfSubscription):
    code = "recurring-billing"
    label = gettext_lazy("Recurring billing")
    icon = "receipt"
    place = 5
    events = (AuditKind.RECURRING_BILLING_CHANGED,)
    fact = "recurring_billing"

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        return subscription_verdicts.may_set_recurring_billing(self.by, self.tenant, subscription)

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        return subscription_acts.set_recurring_billing(
            **self.common(subscription, row), recurring=row.after["recurring_billing"]
        )

    @classmethod
    def said(cls, value: Value) -> str:
        return _("On") if value.get("recurring_billing") else _("Off")

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Recurring billing: %(state)s") % {"state": cls.said(wanted)}


@entered
class CostCenter(OfSubscription):
    code = "cost-center"
    label = gettext_lazy("Cost center")
    icon = "building_multiple"
    place = 6
    events = (AuditKind.SUBSCRIPTION_NAMED,)
    fact = "cost_center"

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        return subscription_verdicts.may_name(self.by, self.tenant, subscription)

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        """The own name stays: it is of the version that the row was judged by."""
        return subscription_acts.name_subscription(
            **self.common(subscription, row), own_name=subscription.own_name, cost_center=row.after["cost_center"]
        )

    @classmethod
    def said(cls, value: Value) -> str:
        return value.get("cost_center") or formats.DASH

    @classmethod
    def title(cls, wanted: Value) -> str:
        return _("Cost center: %(name)s") % {"name": cls.said(wanted)}
