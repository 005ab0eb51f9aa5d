"""Which partner many subscriptions are to credit."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.directory import reads as directory
from partners.directory.forms import PartnerIdField
from partners.models import Partner
from partners.partner_of_record.bulk import SetPartner
from subscriptions.bulk.forms import FORMS, WantedForm
from subscriptions.bulk.kinds import Value


class PartnerOfManyForm(WantedForm):
    """The preview names the partner, and says on which subscriptions it cannot be named."""

    partner_id = PartnerIdField(help_text=_("You can get the partner's ID by asking the partner for it."))
    field_order = ("partner_id", "reason", "seal")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        field: Any = self.fields["partner_id"]
        field.label = str(self.tenant.cloud_profile.partner_id_label)
        field.find = self._find

    def _find(self, number: str) -> Partner:
        """Counts as a look-up; raises TooManyRequests past the limit."""
        directory.count_check(tenant=self.tenant, by=self.by)
        return directory.find_partner_here(number, tenant=self.tenant)

    def clean_partner_id(self) -> Partner:
        partner: Partner | None = self.cleaned_data["partner_id"]
        if partner is None:
            raise ValidationError(_("Enter the ID that the partner gave you."), code="required")
        return partner

    def wanted(self) -> Value:
        partner = self.cleaned_data["partner_id"]
        return {"id": partner.number, "name": partner.name}


FORMS[SetPartner.code] = PartnerOfManyForm
