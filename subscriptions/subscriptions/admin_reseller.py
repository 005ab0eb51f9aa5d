"""Staff say which reseller manages the chosen subscriptions, or that none does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner
from partners.relationships.managed import resellers_of, set_reseller
from partners.relationships.resellers import CannotResell
from subscriptions.models import Subscription
from subscriptions.staff.acts import NotDone, ReasonForm, StaffAct


class ResellerForm(ReasonForm):
    reseller = forms.ModelChoiceField(
        label=gettext_lazy("Reseller"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: the organization manages it itself"),
        help_text=gettext_lazy("A partner with a reseller relationship to the organization."),
    )
    field_order = ("reseller", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        tenants = {row.tenant_id for row in self.rows}
        self.fields["reseller"].queryset = resellers_of(tenants)  # type: ignore[attr-defined]


class ChangeReseller(StaffAct):
    name = "admin:change-reseller"
    model = Subscription
    label = gettext_lazy("Change reseller…")
    title = gettext_lazy("Say who manages these subscriptions")
    form_class = ResellerForm
    refusals = (CannotResell,)

    def act_on(self, row: Subscription, wanted: Mapping[str, Any]) -> None:
        reason = wanted["reason"]
        event = set_reseller(
            tenant=row.tenant, subscription=row, partner=wanted["reseller"], by=self.by, reason=reason
        )
        if event is None:
            raise NotDone(_("No change: it was said so already."))
