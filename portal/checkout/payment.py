"""How an order can be paid: the one place that knows what each method asks for.

A method whose form is None needs somebody else's service. To connect a provider, give the method a form here and let
that form's `facts()` name what the order has to keep.
"""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.clouds import CloudProfile, PaymentMethod, Text


class PaymentForm(forms.Form):
    """What every way of paying asks for; its own fields are kept with the order under their names."""

    facts: tuple[str, ...] = ()

    terms = forms.BooleanField(
        label=_("I have read what this order costs and how it goes on, and I order with an obligation to pay."),
        error_messages={"required": _("Confirm that you order with an obligation to pay.")},
    )
    payment_method = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def order_facts(self) -> dict[str, Any]:
        """The valid ones of its facts, as the order keeps them."""
        return {name: self.cleaned_data[name] for name in self.facts if name in self.cleaned_data}


class InvoiceForm(PaymentForm):
    facts: tuple[str, ...] = ("purchase_order_number",)
    field_order: tuple[str, ...] = (*facts, "terms")

    purchase_order_number = forms.CharField(
        label=_("Purchase order number"),
        required=False,
        max_length=40,
        help_text=_("Optional. It is printed on the invoice."),
    )


class FapiaoForm(InvoiceForm):
    facts = ("fapiao_title", "fapiao_tax_number", "purchase_order_number")
    field_order = (*facts, "terms")

    fapiao_title = forms.CharField(
        label=_("Fapiao title"),
        max_length=120,
        help_text=_("The registered name of the company that pays."),
    )
    fapiao_tax_number = forms.RegexField(
        r"^[0-9A-Z]{15,20}$",
        label=_("Taxpayer number"),
        help_text=_("15 to 20 digits and capital letters."),
        error_messages={"invalid": _("Enter a taxpayer number: 15 to 20 digits and capital letters.")},
    )


@dataclass(frozen=True, kw_only=True)
class Method:
    """One way of paying; `why_not` where it cannot be used."""

    method: PaymentMethod
    form: type[PaymentForm] | None = None
    why_not: Text = ""

    @property
    def label(self) -> str:
        return str(self.method.label)


METHODS = {
    method.method: method
    for method in (
        Method(
            method=PaymentMethod.CARD,
            why_not=_("No payment provider is connected to this portal, so a card cannot be charged."),
        ),
        Method(method=PaymentMethod.INVOICE, form=InvoiceForm),
        Method(method=PaymentMethod.FAPIAO_INVOICE, form=FapiaoForm),
    )
}


def methods_of(profile: CloudProfile) -> list[Method]:
    return [METHODS[method] for method in profile.payment_methods]


def chosen_method(profile: CloudProfile, wanted: str) -> Method:
    """The cloud's method of that name, else the first that can be used."""
    usable = [method for method in methods_of(profile) if method.form is not None]
    return next((method for method in usable if method.method == wanted), usable[0])
