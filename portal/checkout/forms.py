"""Forms of the check-out's steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.directory.forms import CheckedPartnerForm
from subscriptions.catalogue.costs import MOST_LICENSES
from subscriptions.models import OrderLine
from subscriptions.models.subscription import BillingFrequency
from subscriptions.orders.acts import Wanted, least_licenses
from subscriptions.subscriptions.payment_forms import PaymentDetailsForm
from subscriptions.subscriptions.payments import DETAILS, Method
from subscriptions.web.forms import KeyForm


class OrderActForm(forms.Form):
    """The hidden part of an act on an order: the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ProductsForm(OrderActForm):
    """Step 1: licenses and billing frequency of each line, and the line that is to go."""

    def __init__(self, *args, lines: list[OrderLine], **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"licenses-{line.pk}"] = forms.IntegerField(
                label=_("Licenses of %(product)s") % {"product": line.product.name},
                min_value=least_licenses(line),
                max_value=MOST_LICENSES,
                initial=line.licenses,
                localize=False,
            )
            self.fields[f"frequency-{line.pk}"] = forms.ChoiceField(
                label=_("Billing frequency of %(product)s") % {"product": line.product.name},
                choices=BillingFrequency.choices,
                initial=line.billing_frequency,
            )

    def leave_out(self, pk: int) -> None:
        """What stands in a line that is to be removed does not matter."""
        for name in (f"licenses-{pk}", f"frequency-{pk}"):
            self.fields[name].required = False
            self.fields[name].disabled = True
            self.fields[name].validators = []

    def rows(self) -> list[dict]:
        return [
            {"line": line, "licenses": self[f"licenses-{line.pk}"], "frequency": self[f"frequency-{line.pk}"]}
            for line in self.lines
        ]

    def wanted(self) -> dict[int, Wanted]:
        return {
            line.pk: Wanted(self.cleaned_data[f"licenses-{line.pk}"], self.cleaned_data[f"frequency-{line.pk}"])
            for line in self.lines
        }


class OrderPartnerForm(CheckedPartnerForm):
    """Step 2, right pane: the partner that is to be credited on what is bought."""


class PaymentForm(KeyForm, PaymentDetailsForm):
    """Step 3: what the chosen way of paying asks for, and the buyer's word."""

    field_order = (*DETAILS, "terms")

    terms = forms.BooleanField(
        label=_("I have read what this order costs and how it goes on, and I order with an obligation to pay."),
        error_messages={"required": _("Confirm that you order with an obligation to pay.")},
    )
    payment_method = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, method: Method, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.method = method
        self.offer([method])

    def chosen(self) -> Method:
        return self.method
