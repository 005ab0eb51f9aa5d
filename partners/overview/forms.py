"""Forms of the partner workspace."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models.partner_relationship import RelationshipKind
from partners.overview.credit_months import RECENT_DAYS, Change
from partners.overview.credited_subscriptions import ENDS
from partners.overview.customers import ENDS_SOON
from subscriptions.base.countries import country_name
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.web.forms import SHOWN_STATUSES, DayField


class CustomerFilterForm(forms.Form):
    """The filters of Customers, as they stand in its address."""

    q = forms.CharField(label=_("Search by name, address or ID"), required=False, max_length=100)
    tie = forms.ChoiceField(
        label=_("Relationship"),
        required=False,
        choices=[("", _("All customers")), (ENDS_SOON, _("Ends soon")), *RelationshipKind.choices],
    )


class CreditFilterForm(forms.Form):
    """The filters of Partner of record. `customer` comes from a link: a choice of one, so that its name is shown.

    Products and countries are those of what credits the partner.
    """

    q = forms.CharField(label=_("Search by name, address or ID"), required=False, max_length=100)
    product = forms.ChoiceField(label=_("Product"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All statuses")), *SHOWN_STATUSES])
    country = forms.ChoiceField(label=_("Country or region"), required=False)
    ends = forms.ChoiceField(
        label=_("Ends"),
        required=False,
        choices=[("", _("Any day")), *((name, end.label) for name, end in ENDS.items())],
    )
    customer = forms.ChoiceField(label=_("Organization"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, customer: Tenant | None, products: Iterable[dict], countries: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        named = sorted(((code, country_name(code)) for code in countries), key=lambda choice: choice[1])
        self._choose("product", _("All products"), ((str(row["uuid"]), row["name"]) for row in products))
        self._choose("country", _("All countries and regions"), named)
        field = cast(forms.ChoiceField, self.fields["customer"])
        field.choices = [(str(customer.uuid), customer.name)] if customer else []

    def _choose(self, name: str, every: Text, choices: Iterable[tuple[str, str]]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = [("", every), *choices]


class ChangesFilterForm(forms.Form):
    """Which change in which month, where a number of the months' table leads."""

    what = forms.ChoiceField(choices=[(Change.GAINED.value, _("Gained")), (Change.LOST.value, _("Lost"))])
    month = DayField(required=False, input_formats=["%Y-%m"])
    days = forms.ChoiceField(required=False, choices=[(str(RECENT_DAYS), RECENT_DAYS)])

    def clean(self) -> dict[str, Any]:
        """A month, or the last days."""
        wanted = super().clean() or {}
        if not self.errors and bool(wanted["month"]) == bool(wanted["days"]):
            self.add_error(
                "month", forms.ValidationError(cast(forms.Field, self.fields["month"]).error_messages["required"])
            )
        return wanted
