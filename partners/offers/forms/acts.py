"""Forms around a partner's offers: which organization one is for, what is done to one, and which the list shows."""

from django import forms
from django.utils.translation import gettext_lazy

from partners.models.partner_offer import OfferState
from partners.offers.forms.draft import OfferForm
from subscriptions.base.typed import plain
from subscriptions.web.forms import ActForm


class FindOrganizationForm(forms.Form):
    organization = forms.CharField(
        label=gettext_lazy("The organization's address in the portal"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("The organization finds it in the address of its pages, after /t/: ask for it."),
        error_messages={"required": gettext_lazy("Enter the address that the organization gave you.")},
    )

    def clean_organization(self) -> str:
        return plain(self.cleaned_data["organization"]).strip("/").rpartition("/t/")[2].partition("/")[0].lower()


class OfferTermsForm(ActForm):
    terms = forms.CharField(
        label=gettext_lazy("Your terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=OfferForm.base_fields["terms"].help_text,
    )
    field_order = ("terms", "version", "key")


class OfferWithdrawForm(ActForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Optional. The organization's Global admins read it."),
    )
    field_order = ("reason", "version", "key")


class OfferFilterForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("All states")), *OfferState.choices],
    )
