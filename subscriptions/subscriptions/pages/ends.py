"""Cancel and reactivate a subscription; extend a trial and say how it is paid when it ends."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.base.formats import with_figures
from subscriptions.catalogue import costs
from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions import ends as subscription_ends
from subscriptions.subscriptions import payments
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.subscriptions.ends import as_reactivated, paid_until
from subscriptions.subscriptions.forms import CancelForm, PaymentMethodForm, ReactivateForm
from subscriptions.subscriptions.lifecycle import TRIAL_EXTENSION, today_of
from subscriptions.subscriptions.pages.act_page import PreviewedAct, PricedAct, SubscriptionAct
from subscriptions.subscriptions.pages.acts import days_after
from subscriptions.subscriptions.pages.cost_change import CostChange, cost_text
from subscriptions.web.acts import Facts


def payment_of(row: Subscription) -> dict[str, str]:
    """What the forms about payment start with."""
    return {name: getattr(row, name) for name in ("payment_method", *payments.DETAILS)}


def _from_nothing(row: Subscription, cost: Decimal, verb: str, *, what: str = "") -> CostChange:
    """Of a subscription that nothing is billed for now."""
    return CostChange(
        what=what,
        currency=row.currency,
        before=Decimal(0),
        before_frequency=None,
        after=cost,
        after_frequency=row.billing_frequency,
        verb=verb,
    )


class Cancel(SubscriptionAct):
    name = "subscriptions:cancel"
    title = gettext_lazy("Cancel subscription")
    button = gettext_lazy("Cancel subscription")
    dangerous = True
    form_class = CancelForm
    rule = staticmethod(subscription_verdicts.may_cancel)

    def sentences(self):
        expires = _("It expires on %(day)s; everybody can go on working until %(disabled)s.")
        disabled = _("On %(disabled)s it is disabled, and on %(deleted)s it is deleted with its data.")
        later, now = days_after(self.subscription.term_ends_on), days_after(today_of(self.tenant))
        return [
            formats.sentences(_("If you cancel at the end:"), expires % later, disabled % later),
            formats.sentences(_("If you cancel now:"), expires % now, disabled % now),
            _("Until it is deleted you can reactivate it. The partner of record stays as it is."),
        ]

    def change(self, wanted):
        return subscription_ends.cancel(**self.common(wanted), when=wanted["when"], reason=wanted["reason"])

    def done(self, row):
        facts = {"subscription": row.full_name, **days_after(row.term_ends_on)}
        if row.status == SubscriptionStatus.EXPIRED:
            return _("%(subscription)s is canceled and expired today. It is disabled on %(disabled)s.") % facts
        return _("%(subscription)s is canceled and expires on %(day)s.") % facts


class Reactivate(PricedAct):
    is_secret = True
    name = "subscriptions:reactivate"
    title = gettext_lazy("Reactivate subscription")
    form_class = ReactivateForm
    rule = staticmethod(subscription_verdicts.may_reactivate)

    def initial(self):
        then = as_reactivated(self.tenant, self.subscription)
        return {**payment_of(self.subscription), "unit_price": then.unit_price}

    @property
    def cost(self) -> CostChange:
        return _from_nothing(self.subscription, as_reactivated(self.tenant, self.subscription).cost, _("Reactivate"))

    @property
    def button(self) -> str:  # type: ignore[override]
        return self.cost.button

    def facts(self) -> Facts:
        row, then = self.subscription, as_reactivated(self.tenant, self.subscription)
        return [
            (_("Licenses"), formats.number(row.licenses_total)),
            (_("Price per user and month"), formats.money(then.unit_price, row.currency)),
            (_("Renews on"), formats.day(then.term_ends_on)),
        ]

    def sentences(self):
        paid = paid_until(self.subscription)
        if paid > today_of(self.tenant):
            told = _("The subscription is active again at once. It is paid until %(day)s, so its billing date stays.")
            counted = told % {"day": formats.day(paid)}
        elif self.subscription.status == SubscriptionStatus.DISABLED:
            counted = _("The subscription is active again at once, and its term is counted from today.")
        else:
            counted = _("The subscription is active again at once, and its term is counted from the day it expired.")
        return [counted, _("Recurring billing is on from then on. You can turn it off at any time.")]

    def change(self, wanted):
        paid = {"payment_method": wanted["payment_method"], "details": wanted}
        return subscription_ends.reactivate(**self.common(wanted), unit_price=wanted["unit_price"], **paid)

    def done(self, row):
        return _("%(subscription)s is active again and renews on %(day)s.") % {
            "subscription": row.full_name,
            "day": formats.day(row.term_ends_on),
        }


class ExtendTrial(SubscriptionAct):
    name = "subscriptions:extend-trial"
    title = gettext_lazy("Extend trial")
    button = with_figures(gettext_lazy("Extend by %(days)s days"), {"days": TRIAL_EXTENSION.days})
    rule = staticmethod(subscription_verdicts.may_extend_trial)

    def facts(self) -> Facts:
        end = self.subscription.term_ends_on
        return [
            (_("Ends on"), formats.day(end)),
            (_("Would end on"), formats.day(end + TRIAL_EXTENSION)),
        ]

    def sentences(self):
        return [_("A trial can be extended once, by %(days)s days.") % {"days": TRIAL_EXTENSION.days}]

    def change(self, wanted):
        return subscription_ends.extend_trial(**self.common(wanted))

    def done(self, row):
        return _("The trial of %(subscription)s now ends on %(day)s.") % {
            "subscription": row.full_name,
            "day": formats.day(row.term_ends_on),
        }


class PaymentMethod(PreviewedAct):
    is_secret = True
    name = "subscriptions:payment-method"
    title = gettext_lazy("Payment method")
    first_button = gettext_lazy("Next")
    form_class = PaymentMethodForm
    rule = staticmethod(subscription_verdicts.may_set_payment_method)

    def initial(self):
        return payment_of(self.subscription)

    @property
    def cost_then(self) -> Decimal:
        row = self.subscription
        price = costs.known_price(row, row.billing_frequency)
        return costs.cost_of(price, row.licenses_total, row.billing_frequency)

    def cost_change(self, wanted):
        """A trial that is left to end costs nothing, and needs no second press."""
        if self.subscription.payment_method or not wanted["payment_method"]:
            return None
        verb = _("Buy from %(day)s on") % {"day": formats.day(self.subscription.term_ends_on)}
        return _from_nothing(self.subscription, self.cost_then, verb, what=wanted["payment_method"])

    def facts(self) -> Facts:
        row = self.subscription
        return [
            (_("Trial ends on"), formats.day(row.term_ends_on)),
            (_("Licenses"), formats.number(row.licenses_total)),
            (_("Cost at today's price"), cost_text(self.cost_then, row.currency, row.billing_frequency)),
        ]

    def sentences(self):
        days = days_after(self.subscription.term_ends_on)
        return [
            _("With a payment method the trial becomes a paid subscription on %(day)s, at the price of that day.")
            % days,
            _("Without one it expires on %(day)s, is disabled on %(disabled)s and deleted on %(deleted)s.") % days,
        ]

    def change(self, wanted):
        return subscription_ends.set_payment_method(
            **self.common(wanted), method=wanted["payment_method"], details=wanted
        )

    def done(self, row):
        facts = {"subscription": row.full_name, "day": formats.day(row.term_ends_on)}
        if row.converts:
            return _("%(subscription)s becomes a paid subscription on %(day)s.") % facts
        return _("%(subscription)s is not billed: the trial ends on %(day)s.") % facts
