"""Staff say which reseller manages the chosen subscriptions, or that none does."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner
from partners.relationships.managed import resellers_of, set_reseller
from partners.relationships.resellers import CannotResell
from subscriptions.access import Actor
from subscriptions.models import Subscription
from subscriptions.staff.acts import NotDone, ReasonForm


class ResellerForm(ReasonForm):
    reseller = forms.ModelChoiceField(
        label=gettext_lazy("Reseller"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=gettext_lazy("None: the organization manages it itself"),
        help_text=gettext_lazy("A partner with a reseller relationship to the organization."),
    )
    field_order = ("reseller", "reason")

    def __init__(self, data=None, *, rows: list[Subscription]):
        super().__init__(data, rows=rows)
        tenants = {row.tenant_id for row in rows}
        self.fields["reseller"].queryset = resellers_of(tenants)  # type: ignore[attr-defined]

    def act(self, row: Subscription, wanted: dict, by: Actor) -> None:
        """Raises NotDone with the reason where the domain refuses."""
        try:
            event = set_reseller(
                tenant=row.tenant, subscription=row, partner=wanted["reseller"], by=by, reason=wanted["reason"]
            )
        except CannotResell as error:
            raise NotDone(str(error)) from error
        if event is None:
            raise NotDone(_("No change: it was said so already."))
