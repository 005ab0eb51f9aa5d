"""Licenses, billing frequency and recurring billing of a subscription."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.catalogue import costs
from subscriptions.models.state_by_date import first_day
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions import acts as subscription_acts
from subscriptions.subscriptions import rules as subscription_verdicts
from subscriptions.subscriptions.acts import FewerThanAssigned
from subscriptions.subscriptions.changes import StaleVersion
from subscriptions.subscriptions.forms import FrequencyForm, LicensesForm, RecurringBillingForm
from subscriptions.subscriptions.pages.act_page import PreviewedAct, PricedAct
from subscriptions.subscriptions.pages.cost_change import CostChange, cost_text
from subscriptions.subscriptions.pages.undo import CanBeUndone
from subscriptions.verdicts import ALLOWED
from subscriptions.web.acts import Facts


def days_after(end) -> dict[str, str]:
    """The end of a term and the days of the states after it, in the reader's language."""
    return {
        "day": formats.day(end),
        "disabled": formats.day(first_day(SubscriptionStatus.DISABLED, end)),
        "deleted": formats.day(first_day(SubscriptionStatus.DELETED, end)),
    }


class Licenses(CanBeUndone, PreviewedAct):
    permission = Permission.CHANGE_LICENSES
    name = "subscriptions:licenses"
    title = gettext_lazy("Add or remove licenses")
    form_class = LicensesForm
    rule = staticmethod(subscription_verdicts.may_change_licenses)

    def initial(self):
        return {"licenses": self.subscription.licenses_total}

    def facts(self) -> Facts:
        row = self.subscription
        return [
            (_("Licenses now"), formats.number(row.licenses_total)),
            (_("Assigned"), formats.number(row.licenses_assigned)),
            (_("Price per user and month"), formats.money(costs.price_held(row), row.currency)),
            (_("Cost now"), cost_text(row.cost, row.currency, row.billing_frequency)),
        ]

    def sentences(self):
        told = [
            _("The change takes effect at once, at the price that your subscription holds."),
            _("The current term still ends on %(day)s; the next invoice prorates the difference for the rest of it.")
            % {"day": formats.day(self.subscription.term_ends_on)},
        ]
        may_add = subscription_verdicts.may_add_licenses(self.by, self.tenant, self.subscription)
        why_not = formats.sentences(may_add.reason, may_add.who, may_add.next_step)
        return told if may_add.allowed else [*told, why_not]

    def may_typed(self, wanted):
        more = wanted["licenses"] > self.subscription.licenses_total
        return subscription_verdicts.may_add_licenses(self.by, self.tenant, self.subscription) if more else ALLOWED

    def cost_change(self, wanted):
        row, total = self.subscription, wanted["licenses"]
        number = total - row.licenses_total
        if not number:
            return None
        verb = _("Add %(number)s") if number > 0 else _("Remove %(number)s")
        return CostChange(
            what=str(total),
            currency=row.currency,
            before=row.cost,
            before_frequency=row.billing_frequency,
            after=costs.cost_of(costs.price_held(row), total, row.billing_frequency),
            after_frequency=row.billing_frequency,
            verb=verb % {"number": formats.number(abs(number))},
            counts=(_("Licenses"), formats.number(row.licenses_total), formats.number(total)),
        )

    def change(self, wanted):
        """Licenses that were assigned since the form was checked make it a stale one."""
        try:
            return subscription_acts.change_licenses(**self.common(wanted), total=wanted["licenses"])
        except FewerThanAssigned as error:
            raise StaleVersion from error

    def done(self, row):
        return _("%(subscription)s now has %(licenses)s licenses and costs %(cost)s.") % {
            "subscription": row.full_name,
            "licenses": formats.number(row.licenses_total),
            "cost": cost_text(row.cost, row.currency, row.billing_frequency),
        }


class Frequency(PricedAct):
    name = "subscriptions:billing-frequency"
    title = gettext_lazy("Edit billing frequency")
    form_class = FrequencyForm
    rule = staticmethod(subscription_verdicts.may_change_frequency)

    @property
    def other(self) -> BillingFrequency:
        return BillingFrequency(self.subscription.billing_frequency).other

    def initial(self):
        return {"frequency": self.other.value, "unit_price": costs.known_price(self.subscription, self.other)}

    @property
    def cost(self) -> CostChange:
        row, price = self.subscription, costs.known_price(self.subscription, self.other)
        verb = {BillingFrequency.ANNUAL: _("Bill annually"), BillingFrequency.MONTHLY: _("Bill monthly")}[self.other]
        return CostChange(
            currency=row.currency,
            before=row.cost,
            before_frequency=row.billing_frequency,
            after=costs.cost_of(price, row.licenses_total, self.other),
            after_frequency=self.other,
            verb=verb,
            counts=(_("Billing frequency"), row.get_billing_frequency_display(), str(self.other.label)),
        )

    @property
    def button(self) -> str:  # type: ignore[override]
        return self.cost.button

    def facts(self) -> Facts:
        row, then = self.subscription, costs.known_price(self.subscription, self.other)
        return [
            (_("Price per user and month now"), formats.money(costs.price_held(row), row.currency)),
            (_("Price per user and month then"), formats.money(then, row.currency)),
        ]

    def sentences(self):
        day = formats.day(self.subscription.term_ends_on)
        then = {
            BillingFrequency.ANNUAL: _("The current term still ends on %(day)s; each term after that is one year."),
            BillingFrequency.MONTHLY: _("The current term still ends on %(day)s; each term after that is one month."),
        }[self.other]
        return [_("The new frequency, price and cost apply at once. The price is today's."), then % {"day": day}]

    def change(self, wanted):
        return subscription_acts.change_frequency(
            **self.common(wanted), frequency=wanted["frequency"], unit_price=wanted["unit_price"]
        )

    def done(self, row):
        return _("%(subscription)s now costs %(cost)s.") % {
            "subscription": row.full_name,
            "cost": cost_text(row.cost, row.currency, row.billing_frequency),
        }


class RecurringBilling(CanBeUndone):
    name = "subscriptions:recurring-billing"
    title = gettext_lazy("Edit recurring billing")
    form_class = RecurringBillingForm
    rule = staticmethod(subscription_verdicts.may_set_recurring_billing)

    @property
    def cost(self) -> CostChange | None:
        """Turning it on is what costs: nothing more would be billed without it."""
        row = self.subscription
        return (
            None
            if row.renews
            else CostChange(
                currency=row.currency,
                before=Decimal(0),
                before_frequency=None,
                after=row.cost,
                after_frequency=row.billing_frequency,
                verb=_("Turn on recurring billing"),
            )
        )

    @property
    def button(self) -> str:  # type: ignore[override]
        return self.cost.button if self.cost else _("Turn off recurring billing")

    def initial(self):
        return {"recurring": "off" if self.subscription.renews else "on"}

    def facts(self) -> Facts:
        row = self.subscription
        return [
            (_("Recurring billing"), _("On") if row.renews else _("Off")),
            (str(row.end_of_term.label), formats.day(row.term_ends_on)),
            (_("Cost"), cost_text(row.cost, row.currency, row.billing_frequency)),
        ]

    def sentences(self):
        days = days_after(self.subscription.term_ends_on)
        if not self.subscription.renews:
            return [
                _("The current term ends on %(day)s; without recurring billing nothing is billed after it.") % days,
                _("The subscription then renews on %(day)s and is billed for one more term.") % days,
            ]
        return [
            _("The subscription then expires on %(day)s. Until %(disabled)s everybody can go on working.") % days,
            _("It is disabled on %(disabled)s and deleted with its data on %(deleted)s.") % days,
        ]

    def change(self, wanted):
        return subscription_acts.set_recurring_billing(**self.common(wanted), recurring=wanted["recurring"])

    def done(self, row):
        facts = {"subscription": row.full_name, "day": formats.day(row.term_ends_on)}
        if row.renews:
            return _("Recurring billing is on: %(subscription)s renews on %(day)s.") % facts
        return _("Recurring billing is off: %(subscription)s expires on %(day)s.") % facts
