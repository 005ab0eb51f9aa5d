"""Licenses, billing frequency and recurring billing of a subscription."""

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
from subscriptions.subscriptions.pages.act_page import PricedAct, SubscriptionAct
from subscriptions.web.acts import Facts


def cost_text(cost, currency: str, frequency: str) -> str:
    """An amount with its period."""
    return f"{formats.money(cost, currency)} {BillingFrequency(frequency).per_period}"


def days_after(end) -> dict[str, str]:
    """The end of a term and the days of the states after it, in the reader's language."""
    return {
        "day": formats.day(end),
        "disabled": formats.day(first_day(SubscriptionStatus.DISABLED, end)),
        "deleted": formats.day(first_day(SubscriptionStatus.DELETED, end)),
    }


class Licenses(SubscriptionAct):
    can_preview = True
    permission = Permission.CHANGE_LICENSES
    name = "subscriptions:licenses"
    title = gettext_lazy("Add or remove licenses")
    button = gettext_lazy("Change licenses")
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
        told = [_("The change takes effect at once, at the price that your subscription holds.")]
        may_add = subscription_verdicts.may_add_licenses(self.by, self.tenant, self.subscription)
        why_not = formats.sentences(may_add.reason, may_add.who, may_add.next_step)
        return told if may_add.allowed else [*told, why_not]

    def preview(self, form):
        if "preview" not in self.request.POST:
            return None
        row, total = self.subscription, form.cleaned_data["licenses"]
        cost = costs.cost_of(costs.price_held(row), total, row.billing_frequency)
        return {
            "preview": [
                (_("New total of licenses"), formats.number(total)),
                (_("New cost"), cost_text(cost, row.currency, row.billing_frequency)),
            ]
        }

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
    button = gettext_lazy("Change billing frequency")
    form_class = FrequencyForm
    rule = staticmethod(subscription_verdicts.may_change_frequency)

    @property
    def other(self) -> BillingFrequency:
        return BillingFrequency(self.subscription.billing_frequency).other

    def initial(self):
        return {"frequency": self.other.value, "unit_price": costs.known_price(self.subscription, self.other)}

    def facts(self) -> Facts:
        row = self.subscription
        price = costs.known_price(row, self.other)
        cost = costs.cost_of(price, row.licenses_total, self.other)
        return [
            (_("Billed now"), row.get_billing_frequency_display()),
            (_("Cost now"), cost_text(row.cost, row.currency, row.billing_frequency)),
            (_("Billed then"), str(self.other.label)),
            (_("Price per user and month then"), formats.money(price, row.currency)),
            (_("Cost then"), cost_text(cost, row.currency, self.other)),
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


class RecurringBilling(SubscriptionAct):
    name = "subscriptions:recurring-billing"
    title = gettext_lazy("Edit recurring billing")
    form_class = RecurringBillingForm
    rule = staticmethod(subscription_verdicts.may_set_recurring_billing)

    @property
    def button(self):  # type: ignore[override]
        return _("Turn off recurring billing") if self.subscription.renews else _("Turn on recurring billing")

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
            return [_("The subscription then renews on %(day)s and is billed for one more term.") % days]
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
