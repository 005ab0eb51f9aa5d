"""Licenses of many subscriptions: set to a number, more or fewer of each, or as many as people have."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.bulk.kinds import Value, entered
from subscriptions.bulk.of_subscriptions import OfSubscription
from subscriptions.bulk.outcomes import OUTCOMES, Outcome
from subscriptions.catalogue import costs
from subscriptions.models import AuditEvent, BulkRow, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.verdicts import Verdict

TOO_FEW, TOO_MANY = "fewer-than-assigned", "too-many-licenses"
OUTCOMES.update(
    {
        TOO_FEW: Outcome(
            gettext_lazy("More licenses are assigned to people than would be left"),
            gettext_lazy("Take some back from people first, or leave more."),
        ),
        TOO_MANY: Outcome(
            gettext_lazy("So many licenses are sold by our sales team only"),
            gettext_lazy("Ask the operator's support."),
        ),
    }
)


class How(StrEnum):
    """What the number means that was typed; for the last one none is."""

    SET = "set"
    MORE = "more"
    FEWER = "fewer"
    ASSIGNED = "assigned"


@entered
class Licenses(OfSubscription):
    """A row's value has the licenses, and what a month of them costs at the price that the subscription holds."""

    code = "licenses"
    label = gettext_lazy("Add or remove licenses")
    icon = "people"
    place = 7
    permission = Permission.CHANGE_LICENSES
    events = (AuditKind.LICENSES_CHANGED,)
    refusals = (subscription_acts.FewerThanAssigned,)
    is_priced = True

    def before(self, subscription: Subscription) -> Value:
        months = BillingFrequency(subscription.billing_frequency).months
        return _value(subscription, subscription.licenses_total, subscription.cost / months)

    def after(self, subscription: Subscription, wanted: Value) -> Value:
        total = _total(subscription, How(wanted["how"]), wanted.get("licenses", 0))
        return _value(subscription, total, total * costs.price_held(subscription))

    def is_same(self, one: Value, other: Value) -> bool:
        """Another price is not what this is about."""
        return one.get("licenses") == other.get("licenses")

    def may(self, subscription: Subscription, before: Value, after: Value) -> Verdict:
        is_more = after["licenses"] > before["licenses"]
        rule = subscription_verdicts.may_add_licenses if is_more else subscription_verdicts.may_change_licenses
        return rule(self.by, self.tenant, subscription)

    def hinders(self, subscription: Subscription, after: Value) -> str:
        total, price = after["licenses"], costs.price_held(subscription)
        if total < max(subscription.licenses_assigned, 1):
            return TOO_FEW
        is_sold = total <= costs.MOST_LICENSES and costs.is_sold(price, total, subscription.billing_frequency)
        return "" if is_sold else TOO_MANY

    def do(self, subscription: Subscription, row: BulkRow, *, reason: str) -> AuditEvent | None:
        return subscription_acts.change_licenses(**self.common(subscription, row), total=row.after["licenses"])

    def code_of(self, refusal: Exception) -> str:
        return TOO_FEW

    @classmethod
    def said(cls, value: Value) -> str:
        count = value.get("licenses", 0)
        return ngettext("%(count)s license", "%(count)s licenses", count) % {"count": formats.number(count)}

    @classmethod
    def title(cls, wanted: Value) -> str:
        said = {
            How.SET: _("Licenses: %(count)s on each"),
            How.MORE: _("Licenses: %(count)s more on each"),
            How.FEWER: _("Licenses: %(count)s fewer on each"),
            How.ASSIGNED: _("Licenses: as many as are assigned"),
        }
        return said[How(wanted["how"])] % {"count": formats.number(wanted.get("licenses", 0))}


def _total(subscription: Subscription, how: How, number: int) -> int:
    now: int = subscription.licenses_total
    if how is How.ASSIGNED:
        return max(subscription.licenses_assigned, 1)
    return {How.SET: number, How.MORE: now + number, How.FEWER: max(now - number, 0)}[how]


def _value(subscription: Subscription, licenses: int, month: Any) -> Value:
    amount = Decimal(month).quantize(costs.CENT)
    return {"licenses": licenses, "month": str(amount), "currency": subscription.currency}
