"""The fields for what payment methods ask for, in the check-out as in the acts on a subscription."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from subscriptions.subscriptions.payments import DETAILS, Method


class PaymentDetailsForm(forms.Form):
    """Shows what the methods offered ask for, and insists on what the chosen one needs."""

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
    purchase_order_number = forms.CharField(
        label=_("Purchase order number"),
        max_length=40,
        help_text=_("Optional. It is printed on the invoice."),
    )

    def offer(self, methods: Collection[Method], *, optional: bool = False) -> None:
        """To be called before the form is shown or read; `optional` where no method may be chosen at all."""
        for name in DETAILS:
            self.fields[name].required = not optional and all(name in method.needs for method in methods)
            if not any(name in method.asks for method in methods):
                del self.fields[name]

    def chosen(self) -> Method | None:
        """The method that the form is about, once its fields were read."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or self.cleaned_data
        method = self.chosen()
        for name in set(DETAILS) - set(method.asks if method else ()):
            self.errors.pop(name, None)  # what the method does not ask for does not matter
        for name in method.needs if method else ():
            if not wanted.get(name) and not self.has_error(name):
                needed = self.fields[name].error_messages["required"]
                self.add_error(name, forms.ValidationError(needed, code="required"))
        return wanted

    def details(self) -> dict[str, Any]:
        """The valid ones of what the chosen method asks for."""
        method = self.chosen()
        return {name: self.cleaned_data[name] for name in method.asks if name in self.cleaned_data} if method else {}
