"""The form of the authorization page."""

from typing import cast

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners.models import PartnerOffer
from partners.models.partner_offer import CreditWanted
from partners.offers.answers import Shown
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.web.forms import KeyForm, ReasonField


class Choice(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class OfferAnswerForm(KeyForm):
    """Yes or No without a default; the roles that are kept and the days count for Yes only, the reason for No."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Only roles that the partner asks for can be granted.")},
    )
    days = forms.IntegerField(label=_("Days"), localize=False)
    choice = forms.ChoiceField(
        label=_("Do you authorize this partner?"),
        choices=Choice.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose Yes or No."), "invalid_choice": _("Choose Yes or No.")},
    )
    reason = ReasonField(
        label=_("Reason for No"), help_text=_("Optional. The partner and your Global admins read it.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    terms = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, offer: PartnerOffer, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer = offer
        if not offer.roles:
            del self.fields["roles"], self.fields["days"]
            return
        self.fields["choice"].label = _("Do you authorize this partner to be your delegated admin?")
        asked = [role for role in DelegatedRole if role in offer.roles]
        roles = cast(forms.MultipleChoiceField, self.fields["roles"])
        roles.choices = [(role.value, role.label) for role in asked]
        roles.initial = offer.roles
        days = self.fields["days"] = forms.IntegerField(
            label=_("Days"),
            min_value=1,
            max_value=offer.days,
            initial=offer.days,
            localize=False,
            help_text=_("The partner asks for %(days)s. You can grant fewer, but not more.") % {"days": offer.days},
        )
        days.required = False
        self.order_fields(["roles", "days", "choice", "reason"])

    def clean_choice(self) -> str:
        if len(cast(QueryDict, self.data).getlist("choice")) != 1:
            raise ValidationError(_("Choose Yes or No."), code="not_sent_once")
        return self.cleaned_data["choice"]

    def clean(self) -> None:
        """What stands beside a No does not matter; a Yes has to grant something."""
        if not {"version", "terms"} & self.errors.keys():
            self.cleaned_data["shown"] = Shown(version=self.cleaned_data["version"], terms=self.cleaned_data["terms"])
        if self.cleaned_data.get("choice") == Choice.NO:
            for name in ("roles", "days"):
                self.errors.pop(name, None)
        elif self.cleaned_data.get("choice") == Choice.YES and not self.errors:
            self._check_grant()

    def _check_grant(self) -> None:
        if not self.cleaned_data.get("roles"):
            if self.offer.credit == CreditWanted.NOTHING:
                self.nothing_granted()
        elif not self.cleaned_data["days"]:
            self.add_error("days", _("Say for how many days."))

    def nothing_granted(self) -> None:
        field = "roles" if "roles" in self.fields else None
        self.add_error(field, _("Nothing would be granted. Keep at least one role, or choose No."))
