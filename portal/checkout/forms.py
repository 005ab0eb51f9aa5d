"""Forms of the check-out's steps."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.directory.forms import CheckedPartnerForm
from partners.models import Partner
from partners.partner_of_record.policy.rules import may_name
from subscriptions.base import formats
from subscriptions.catalogue.costs import MOST_LICENSES, cost_of, todays_price
from subscriptions.models import OrderLine
from subscriptions.models.subscription import BillingFrequency
from subscriptions.orders.acts import least_licenses
from subscriptions.subscriptions.payment_forms import PaymentDetailsForm
from subscriptions.subscriptions.payments import DETAILS, Method
from subscriptions.web.forms import ActForm, KeyForm


@dataclass(frozen=True)
class Choice:
    """A billing frequency of a line, and what the line costs with it; without a price it is not sold so today."""

    frequency: BillingFrequency
    unit_price: Decimal | None
    cost: Decimal | None
    is_chosen: bool


class ProductsForm(ActForm):
    """Step 1: licenses and billing frequency of each line; what stands in a line that is to go does not matter."""

    def __init__(self, *args: Any, lines: list[OrderLine], removed: Collection[int], **kwargs: Any):
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
        for pk in removed if self.is_bound else ():
            self._leave_out(pk)

    def _leave_out(self, pk: int) -> None:
        for name in (f"licenses-{pk}", f"frequency-{pk}"):
            self.fields[name].required = False
            self.fields[name].disabled = True
            self.fields[name].validators = []

    def rows(self) -> list[dict]:
        return [
            {
                "line": line,
                "licenses": self[f"licenses-{line.pk}"],
                "frequency": self[f"frequency-{line.pk}"],
                "choices": [self._choice(line, frequency) for frequency in BillingFrequency],
            }
            for line in self.lines
        ]

    def _choice(self, line: OrderLine, frequency: BillingFrequency) -> Choice:
        """At the price held for the line's own frequency, and at today's for the other."""
        unit = line.unit_price if frequency == line.billing_frequency else todays_price(line, frequency)
        licenses = self.cleaned_data.get(f"licenses-{line.pk}") if self.is_bound else None
        cost = None if unit is None else cost_of(unit, licenses or line.licenses, frequency)
        is_chosen = self[f"frequency-{line.pk}"].value() == frequency.value
        return Choice(frequency, unit, cost, is_chosen)


class OrderPartnerForm(KeyForm, CheckedPartnerForm):
    """Step 2: the partner that is to be credited on what is bought, where one is named at purchase at all.

    The box stands in a pane beside the form that it belongs to.
    """

    def __init__(self, *args: Any, is_offered: bool, must_name: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.is_offered, self.must_name = is_offered, must_name
        self.fields["partner_id"].widget.attrs["form"] = "review"
        if not is_offered:
            del self.fields["partner_id"]

    def clean_partner_id(self) -> Partner | None:
        """Nobody else can agree to a partner at a purchase: one that is not on the approved list is refused here."""
        partner = super().clean_partner_id()
        listed = may_name(self.tenant, partner)
        if not listed.allowed:
            raise ValidationError(formats.sentences(listed.reason, listed.next_step), code=str(listed.code))
        return partner

    @property
    def may_be_empty(self) -> bool:
        return not self.must_name


class PaymentForm(ActForm, PaymentDetailsForm):
    """Step 3: what the chosen way of paying asks for, and the buyer's word. Nothing of it is needed to go back."""

    field_order = (*DETAILS, "terms")

    terms = forms.BooleanField(
        label=_("I have read what this order costs and how it goes on, and I order with an obligation to pay."),
        error_messages={"required": _("Confirm that you order with an obligation to pay.")},
    )
    payment_method = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, method: Method, goes_back: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.method, self.goes_back = method, goes_back
        self.offer([method])

    def chosen(self) -> Method:
        return self.method

    def clean(self) -> dict[str, Any]:
        wanted = super().clean()
        for name in (*DETAILS, "terms") if self.goes_back else ():
            self.errors.pop(name, None)
        return wanted
