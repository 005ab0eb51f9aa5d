"""What is typed for a policy: a default partner and of what, an approved partner, an exemption."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory import reads as directory
from partners.directory.forms import PartnerIdField
from partners.models import Partner
from subscriptions.access import Actor
from subscriptions.models import Product, ProductFamily, Tenant
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.forms import DayField, KeyForm, ReasonField

ALL, OF_FAMILY, OF_PRODUCT = "all", "family", "product"
REFUSED, ASKED_FOR = "refused", "asked-for"


class PolicyPartnerForm(KeyForm):
    """A partner by its ID. What was shown goes along with the second press, as `seen`."""

    partner_id = PartnerIdField(help_text=gettext_lazy("You can get the partner's ID by asking the partner for it."))
    field_order: Any = ("partner_id", "key", "seal")

    def __init__(self, data: Any = None, *, tenant: Tenant, by: Actor, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.tenant, self.by = tenant, by
        field: Any = self.fields["partner_id"]
        field.label = str(tenant.cloud_profile.partner_id_label)
        field.find = self._find

    def _find(self, number: str) -> Partner:
        """Counts as a look-up, unless it was shown already; raises TooManyRequests past the limit."""
        if self.data.get("seen") != number:
            directory.count_check(tenant=self.tenant, by=self.by)
        return directory.find_partner_here(number, tenant=self.tenant)

    def clean_partner_id(self) -> Partner:
        partner: Partner | None = self.cleaned_data["partner_id"]
        if partner is None:
            raise ValidationError(_("Enter the ID that the partner gave you."), code="required")
        return partner


class DefaultForm(PolicyPartnerForm):
    """Of all, of a category, or of a product that this cloud has."""

    scope = forms.ChoiceField(
        label=gettext_lazy("For new subscriptions of"),
        help_text=gettext_lazy("The most specific one applies: product, then category, then everything else."),
    )
    field_order = ("partner_id", "scope", "key", "seal")

    def __init__(self, data: Any = None, *, tenant: Tenant, by: Actor, **kwargs: Any):
        super().__init__(data, tenant=tenant, by=by, **kwargs)
        products = Product.objects.filter(cloud=tenant.cloud).select_related("family").order_by("name", "pk")
        self.products = {f"{OF_PRODUCT}:{each.uuid}": each for each in products}
        self.families = {f"{OF_FAMILY}:{each.family_id}": each.family for each in products}
        self.fields["scope"].choices = [  # type: ignore[attr-defined]
            (ALL, _("Everything else")),
            (_("Categories"), [(key, each.name) for key, each in self.families.items()]),
            (_("Products"), [(key, each.name) for key, each in self.products.items()]),
        ]

    def of(self) -> dict[str, Product | ProductFamily | None]:
        key = self.cleaned_data["scope"]
        return {"product": self.products.get(key), "family": self.families.get(key)}


class OffListForm(KeyForm):
    off_list = forms.ChoiceField(
        label=gettext_lazy("A partner that is not on the approved list"),
        widget=forms.RadioSelect,
        choices=[
            (REFUSED, gettext_lazy("Cannot be named")),
            (ASKED_FOR, gettext_lazy("Can be asked for: another Global or Billing admin approves it")),
        ],
    )


class ExemptForm(KeyForm):
    reason = ReasonField(
        required=True, help_text=gettext_lazy("It stands on the policy's page and in the audit log.")
    )
    ends_on = DayField(label=gettext_lazy("Until"), required=True, help_text=gettext_lazy("It ends with this day."))
    field_order = ("reason", "ends_on", "key", "seal")

    def __init__(self, data: Any = None, *, tenant: Tenant, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.tenant = tenant

    def clean_ends_on(self) -> Any:
        day = self.cleaned_data["ends_on"]
        if day < today_of(self.tenant):
            raise ValidationError(_("This day is over already. Choose today or a later day."), code="past")
        return day
