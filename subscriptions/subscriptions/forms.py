"""Forms of the acts on a subscription. Each carries the version that the person saw and a key of its own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.base.names import NameBox
from subscriptions.catalogue import costs
from subscriptions.models import Subscription, Tenant
from subscriptions.models.subscription import (
    COST_CENTER_LENGTH,
    OWN_NAME_LENGTH,
    BillingFrequency,
    SubscriptionStatus,
)
from subscriptions.subscriptions import payments
from subscriptions.subscriptions.ends import CancelWhen
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.payment_forms import PaymentDetailsForm
from subscriptions.subscriptions.payments import Method
from subscriptions.web.forms import ActForm


class SubscriptionActForm(ActForm):
    """An act on one subscription of the tenant."""

    def __init__(self, *args: Any, tenant: Tenant, subscription: Subscription, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.tenant, self.subscription = tenant, subscription
        self.prepare()

    def prepare(self) -> None:
        """What a field offers here."""


class LicensesForm(SubscriptionActForm):
    licenses = forms.IntegerField(
        label=gettext_lazy("New total of licenses"),
        max_value=costs.MOST_LICENSES,
        help_text=gettext_lazy("Enter the new total, not the difference."),
    )
    field_order = ("licenses", "version", "key")

    def clean_licenses(self) -> int:
        total: int = self.cleaned_data["licenses"]
        row = self.subscription
        if total < max(row.licenses_assigned, 1):
            raise ValidationError(self.too_few(), code="too_few")
        if not costs.is_sold(costs.price_held(row), total, row.billing_frequency):
            raise ValidationError(_("So many licenses are sold by our sales team only."), code="too_many")
        return total

    def too_few(self) -> str:
        if not self.subscription.licenses_assigned:
            return _("A subscription has at least one license. To end it, cancel it.")
        assigned = formats.number(self.subscription.licenses_assigned)
        told = _("%(assigned)s licenses are assigned to people. Enter at least that many, or take some back first.")
        return told % {"assigned": assigned}


class NamesForm(SubscriptionActForm):
    own_name = NameBox(
        label=gettext_lazy("Own name"),
        required=False,
        max_length=OWN_NAME_LENGTH,
        help_text=gettext_lazy("It stands beside the product's name and tells this one from others like it."),
    )
    cost_center = NameBox(label=gettext_lazy("Cost center"), required=False, max_length=COST_CENTER_LENGTH)
    field_order = ("own_name", "cost_center", "version", "key")


class PricedForm(SubscriptionActForm):
    """An act at a price: the form carries the one that the person saw."""

    unit_price = forms.DecimalField(widget=forms.HiddenInput)


class FrequencyForm(PricedForm):
    frequency = forms.ChoiceField(choices=BillingFrequency.choices, widget=forms.HiddenInput)


class RecurringBillingForm(SubscriptionActForm):
    recurring = forms.TypedChoiceField(
        choices=[("on", "on"), ("off", "off")], coerce=lambda value: value == "on", widget=forms.HiddenInput
    )


class CancelForm(SubscriptionActForm):
    when = forms.ChoiceField(
        label=gettext_lazy("When is it to end?"), choices=CancelWhen.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("It stands in your audit log."),
    )
    field_order = ("when", "reason", "version", "key")

    def prepare(self) -> None:
        end = formats.day(self.subscription.term_ends_on)
        trial = self.subscription.status == SubscriptionStatus.TRIAL
        at_the_end = _("At the end of the trial, on %(day)s") if trial else _("At the end of the term, on %(day)s")
        now = _("Now: it expires today, %(day)s")
        self.fields["when"].choices = [  # type: ignore[attr-defined]
            (CancelWhen.END_OF_TERM, at_the_end % {"day": end}),
            (CancelWhen.NOW, now % {"day": formats.day(today_of(self.tenant))}),
        ]


class PaymentActForm(PaymentDetailsForm, SubscriptionActForm):
    """An act that says how the subscription is paid; a form that uses it has a field `payment_method`."""

    field_order = ("payment_method", *payments.DETAILS, "version", "key")
    may_be_none = False

    def prepare(self) -> None:
        methods = payments.usable_methods(self.tenant.cloud_profile)
        choices = [(method.method, method.label) for method in methods]
        none = [("", _("None: the trial ends and is not billed"))] if self.may_be_none else []
        self.fields["payment_method"].choices = [*none, *choices]  # type: ignore[attr-defined]
        self.offer(methods, optional=self.may_be_none)

    def chosen(self) -> Method | None:
        wanted = self.cleaned_data.get("payment_method")
        return payments.chosen_method(self.tenant.cloud_profile, wanted) if wanted else None


class ReactivateForm(PaymentActForm, PricedForm):
    payment_method = forms.ChoiceField(label=gettext_lazy("Payment method"))


class PaymentMethodForm(PaymentActForm):
    payment_method = forms.ChoiceField(label=gettext_lazy("Payment method"), required=False, widget=forms.RadioSelect)
    may_be_none = True
