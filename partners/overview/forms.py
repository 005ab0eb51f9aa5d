"""Forms of the partner workspace."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models.partner_relationship import RelationshipKind
from partners.overview.credit_months import Change
from partners.overview.customers import ENDS_SOON
from subscriptions.models import Tenant
from subscriptions.web.forms import DayField


class CustomerFilterForm(forms.Form):
    """The filters of Customers, as they stand in its address."""

    q = forms.CharField(label=_("Search by name, address or ID"), required=False, max_length=100)
    tie = forms.ChoiceField(
        label=_("Relationship"),
        required=False,
        choices=[("", _("All customers")), (ENDS_SOON, _("Ends soon")), *RelationshipKind.choices],
    )


class CreditFilterForm(forms.Form):
    """The filters of Partner of record. `customer` comes from a link: a choice of one, so that its name is shown."""

    q = forms.CharField(label=_("Search by name, address or ID"), required=False, max_length=100)
    customer = forms.ChoiceField(label=_("Organization"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, customer: Tenant | None, **kwargs):
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["customer"])
        field.choices = [(str(customer.uuid), customer.name)] if customer else []


class ChangesFilterForm(forms.Form):
    """Which change in which month, where a number of the months' table leads."""

    what = forms.ChoiceField(choices=[(Change.GAINED.value, _("Gained")), (Change.LOST.value, _("Lost"))])
    month = DayField(required=True, input_formats=["%Y-%m"])
