"""The columns of the file of subscriptions; those that may come back changed have the names of `file_names`.

Whoever reads such a file knows each column by its label in any language of the portal, or by its name.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from subscriptions.models import Tenant
from subscriptions.models.state_by_date import status_in
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.file_names import COST_CENTER, ID, OWN_NAME, PARTNER, RECURRING
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.files.file_values import FileValue, Key, Label, StatusByDate, YesNo, constant
from subscriptions.web.tables import Column

FILE_VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name", "status", "licenses_assigned", "licenses_total",
    "billing_frequency", "cost", "currency", "started_on", "term_ends_on", "lapses_on", "recurring_billing",
    "reseller_managed", "current__partner__number", "current__partner__name",
)  # fmt: skip
OF_CHANGES = ("waiting__day", "waiting__partner__number", "waiting__partner__name")


def change_columns(*, in_zone: bool) -> list[Column]:
    """The change that waits for its day, which the organization's own people read: no partner what it will gain."""
    return [
        Column(_("Change scheduled for"), value="waiting__day", in_zone=in_zone),
        Column(_("Partner of record then"), value=PartnerThen()),
    ]


class PartnerThen(FileValue):
    """Whom the change that waits will name: a partner by ID and name, or none."""

    def __call__(self, row: Mapping[str, Any]) -> str:
        if not row["waiting__day"]:
            return ""
        number, name = row["waiting__partner__number"], row["waiting__partner__name"]
        return f"{number} {name}" if number else _("None")

    def in_sql(self) -> Case:
        """A partner's ID, with which it begins, is a number."""
        named = Concat("waiting__partner__number", Value(" "), "waiting__partner__name", output_field=CharField())
        return Case(
            When(waiting__partner__number__isnull=False, then=named),
            When(waiting__day__isnull=False, then=constant(_("None"))),
        )


def file_columns(tenant: Tenant, *, says_changes: bool) -> list[Column]:
    today = today_of(tenant)
    return [
        Column(ID[1], value=Key("uuid")),
        Column(_("Name"), value="name"),
        Column(PARTNER[1], value="current__partner__number"),
        Column(_("Partner of record"), value="current__partner__name"),
        Column(OWN_NAME[1], value="own_name"),
        Column(COST_CENTER[1], value="cost_center"),
        Column(RECURRING[1], value=YesNo("recurring_billing")),
        Column(_("Product"), value="product__name"),
        Column(_("Status"), value=StatusByDate(lambda row: status_in(row, today), today)),
        Column(_("Assigned licenses"), value="licenses_assigned"),
        Column(_("Licenses"), value="licenses_total"),
        Column(_("Billing frequency"), value=Label("billing_frequency", BillingFrequency)),
        Column(_("Cost per billing period"), value="cost"),
        Column(_("Currency"), value="currency"),
        Column(_("Started on"), value="started_on", in_zone=True),
        Column(_("Renews or expires"), value="term_ends_on", in_zone=True),
        Column(_("Managed by a reseller"), value=YesNo("reseller_managed")),
        *(change_columns(in_zone=True) if says_changes else ()),
    ]
