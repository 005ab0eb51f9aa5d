"""The columns of the file of subscriptions; those that may come back changed have the names of `file_names`.

Whoever reads such a file knows each column by its label in any language of the portal, or by its name.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from subscriptions.models import Tenant
from subscriptions.models.state_by_date import status_in
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.file_names import COST_CENTER, ID, OWN_NAME, PARTNER, RECURRING
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.tables import Column

FILE_VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name", "status", "licenses_assigned", "licenses_total",
    "billing_frequency", "cost", "currency", "started_on", "term_ends_on", "lapses_on", "recurring_billing",
    "reseller_managed", "current__partner__number", "current__partner__name",
)  # fmt: skip
OF_CHANGES = ("changes_on", "changes_to")


def yes_or_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def change_columns(*, in_zone: bool) -> list[Column]:
    """The change that waits for its day, which the organization's own people read: no partner what it will gain."""
    return [
        Column(_("Change scheduled for"), value="changes_on", in_zone=in_zone),
        Column(_("Partner of record then"), value=_to_whom),
    ]


def _to_whom(row: Mapping[str, Any]) -> str:
    return (row["changes_to"].strip() or _("None")) if row["changes_on"] else ""


def file_columns(tenant: Tenant, *, says_changes: bool) -> list[Column]:
    today = today_of(tenant)
    return [
        Column(ID[1], value=lambda row: str(row["uuid"])),
        Column(_("Name"), value="name"),
        Column(PARTNER[1], value="current__partner__number"),
        Column(_("Partner of record"), value="current__partner__name"),
        Column(OWN_NAME[1], value="own_name"),
        Column(COST_CENTER[1], value="cost_center"),
        Column(RECURRING[1], value=lambda row: yes_or_no(row["recurring_billing"])),
        Column(_("Product"), value="product__name"),
        Column(_("Status"), value=lambda row: status_in(row, today).label),
        Column(_("Assigned licenses"), value="licenses_assigned"),
        Column(_("Licenses"), value="licenses_total"),
        Column(_("Billing frequency"), value=lambda row: BillingFrequency(row["billing_frequency"]).label),
        Column(_("Cost per billing period"), value="cost"),
        Column(_("Currency"), value="currency"),
        Column(_("Started on"), value="started_on", in_zone=True),
        Column(_("Renews or expires"), value="term_ends_on", in_zone=True),
        Column(_("Managed by a reseller"), value=lambda row: yes_or_no(row["reseller_managed"])),
        *(change_columns(in_zone=True) if says_changes else ()),
    ]
