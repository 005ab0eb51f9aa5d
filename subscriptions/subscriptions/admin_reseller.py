"""Staff say which reseller manages the chosen subscriptions, or that none does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner
from partners.relationships.managed import resellers_of, set_reseller
from partners.relationships.resellers import CannotResell
from subscriptions.access import StaffPermission
from subscriptions.models import Subscription
from subscriptions.staff.acts import NotDone, ReasonForm, StaffAct

NOBODY = "none"


class ResellerForm(ReasonForm):
    """Nothing is chosen beforehand, so that nobody takes a reseller away by an answer that was not given."""

    reseller = forms.ChoiceField(
        label=gettext_lazy("Reseller"),
        help_text=gettext_lazy("A partner with a reseller relationship to the organization."),
    )
    field_order = ("reseller", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.known = {str(partner.pk): partner for partner in resellers_of({row.tenant_id for row in self.rows})}
        self.fields["reseller"].choices = [  # type: ignore[attr-defined]
            ("", "---------"),
            (NOBODY, _("None: the organization manages it itself")),
            *((key, str(partner)) for key, partner in self.known.items()),
        ]

    def clean_reseller(self) -> Partner | None:
        return self.known.get(self.cleaned_data["reseller"])


class ChangeReseller(StaffAct):
    name = "admin:change-reseller"
    model = Subscription
    staff_permission = StaffPermission.HELP_CUSTOMERS
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
