"""The file of a list over several organizations: one after the other by name, each read in its own scope."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from subscriptions.groups.reads import Seat
from subscriptions.models.state_by_date import status_in
from subscriptions.subscriptions.file_names import COST_CENTER, ID, OWN_NAME, PARTNER
from subscriptions.subscriptions.pages.file_columns import OF_CHANGES, change_columns, yes_or_no
from subscriptions.web.files.list_file import Reading, reading_file
from subscriptions.web.tables import Column

SEVERAL_VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name", "status", "cost_per_month", "currency",
    "term_ends_on", "lapses_on", "recurring_billing", "current__partner__number", "current__partner__name",
    *OF_CHANGES,
)  # fmt: skip


def file_columns() -> list[Column]:
    """Days are each organization's own."""
    return [
        Column(ID[1], value=lambda row: str(row["uuid"])),
        Column(_("Organization"), value=lambda row: row["seat"].tenant.name),
        Column(_("Address"), value=lambda row: row["seat"].tenant.slug),
        Column(_("Cloud"), value=lambda row: str(row["seat"].tenant.cloud_profile.label)),
        Column(_("Name"), value="name"),
        Column(PARTNER[1], value="current__partner__number"),
        Column(_("Partner of record"), value="current__partner__name"),
        Column(OWN_NAME[1], value="own_name"),
        Column(COST_CENTER[1], value="cost_center"),
        Column(_("Product"), value="product__name"),
        Column(_("Status"), value=lambda row: status_in(row, row["seat"].today).label),
        Column(_("Cost per month"), value="cost_per_month"),
        Column(_("Currency"), value="currency"),
        Column(_("Renews or expires"), value="term_ends_on"),
        Column(_("Recurring billing"), value=lambda row: yes_or_no(row["recurring_billing"])),
        *change_columns(in_zone=False),
    ]


def rows_in_turn(seats: Sequence[Seat], rows_of: Callable[[Seat], Any], *, person_id: int) -> Iterator[dict]:
    """In one transaction of its own, whose scope becomes that of one organization after the other."""
    return reading_file(lambda reading: _rows(reading, seats, rows_of), person_id=person_id)


def _rows(reading: Reading, seats: Sequence[Seat], rows_of: Callable[[Seat], Any]) -> Iterator[dict]:
    for seat in seats:
        reading.scope.become_tenant(seat.tenant.pk)
        for row in reading.each(rows_of(seat), filled=list):
            yield row | {"seat": seat}
