"""Which partner many subscriptions are to credit."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partners.directory import reads as directory
from partners.directory.forms import PartnerIdField
from partners.models import Partner
from partners.partner_of_record.bulk import CopyPartner, SetPartner
from subscriptions.bulk.forms import FORMS, WantedForm
from subscriptions.bulk.kinds import Value
from subscriptions.groups.forms import FORMS_OF_SEVERAL
from subscriptions.groups.reads import Seat
from subscriptions.models.subscription import full_name
from subscriptions.subscriptions.reads import find_subscriptions

MOST_TO_CHOOSE_FROM = 10


class PartnerOfManyForm(WantedForm):
    """The preview names the partner, and says on which subscriptions it cannot be named."""

    partner_id = PartnerIdField(help_text=_("You can get the partner's ID by asking the partner for it."))
    field_order: Collection[str] | None = ("partner_id", "reason", "seal")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        field: Any = self.fields["partner_id"]
        field.label = str(self.tenant.cloud_profile.partner_id_label)
        field.find = self._find

    def _find(self, number: str) -> Partner:
        """Counts as a look-up; raises TooManyRequests past the limit."""
        directory.count_check(tenant=self.tenant, by=self.by)
        return directory.find_partner_here(number, tenant=self.tenant)

    def clean_partner_id(self) -> Partner | None:
        partner: Partner | None = self.cleaned_data["partner_id"]
        if partner is None:
            raise ValidationError(_("Enter the ID that the partner gave you."), code="required")
        return partner

    def wanted(self) -> Value:
        partner = self.cleaned_data["partner_id"]
        return {"id": partner.number, "name": partner.name}


class PartnerOfSeveralForm(PartnerOfManyForm):
    """In several organizations: found where it can be named in one of them; the preview says in which it cannot."""

    def __init__(self, data: Any = None, *, seats: Sequence[Seat], **kwargs: Any):
        self.tenants = [seat.tenant for seat in seats]
        super().__init__(data, tenant=seats[0].tenant, by=seats[0].actor, **kwargs)
        labels = {str(tenant.cloud_profile.partner_id_label) for tenant in self.tenants}
        self.fields["partner_id"].label = labels.pop() if len(labels) == 1 else _("Partner ID")

    def _find(self, number: str) -> Partner:
        directory.count_check(tenant=self.tenant, by=self.by)
        return directory.find_partner_among(number, tenants=self.tenants)


class CopyPartnerForm(WantedForm):
    """Found by what is typed; where that fits several subscriptions, one of them is to be chosen."""

    source = forms.CharField(
        label=_("Copy from"),
        max_length=100,
        help_text=_("Name, own name or ID of the subscription whose partner of record the others are to get."),
    )
    which = forms.ChoiceField(label=_("Which of these?"), required=False, widget=forms.RadioSelect)
    field_order = ("source", "which", "reason", "seal")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.found = self._find((data or {}).get("source", "").strip()[:100])
        if 1 < len(self.found) <= MOST_TO_CHOOSE_FROM:
            choices = [(str(row["uuid"]), _named(row)) for row in self.found]
            self.fields["which"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["which"]

    def _find(self, text: str) -> list[dict[str, Any]]:
        if not text:
            return []
        wanted = {"q": text, "status": "", "partner": "with", "partner_id": ""}
        rows = find_subscriptions(self.tenant, wanted).order_by("name_key", "pk")
        columns = ("uuid", "name", "own_name", "current__partner__number", "current__partner__name")
        return list(rows.values(*columns)[: MOST_TO_CHOOSE_FROM + 1])

    def clean_source(self) -> str:
        if not self.found:
            raise ValidationError(_("No subscription with a partner of record is called so."), code="none")
        if len(self.found) > MOST_TO_CHOOSE_FROM:
            raise ValidationError(_("Too many subscriptions are called so. Type more of the name, or the ID."))
        return str(self.cleaned_data["source"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if "which" in self.fields and not found.get("which") and "which" not in self.errors:
            self.add_error("which", _("Several subscriptions are called so. Choose one of them."))
        return found

    def wanted(self) -> Value:
        which = self.cleaned_data.get("which")
        row = next(each for each in self.found if not which or str(each["uuid"]) == which)
        partner = {"id": row["current__partner__number"], "name": row["current__partner__name"]}
        return partner | {"from": full_name(row["name"], row["own_name"])}


def _named(row: dict[str, Any]) -> str:
    number, name = row["current__partner__number"], row["current__partner__name"]
    return f"{full_name(row['name'], row['own_name'])} · {number} {name}"


FORMS[SetPartner.code] = PartnerOfManyForm
FORMS_OF_SEVERAL[SetPartner.code] = PartnerOfSeveralForm
FORMS[CopyPartner.code] = CopyPartnerForm
