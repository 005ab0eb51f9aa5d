"""The file of a list over several organizations: one after the other by name, each read in its own scope."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from subscriptions.groups.reads import Seat
from subscriptions.models.state_by_date import status_in
from subscriptions.subscriptions.file_names import COST_CENTER, ID, OWN_NAME, PARTNER
from subscriptions.subscriptions.pages.file_columns import OF_CHANGES, change_columns
from subscriptions.web.files.copied_rows import cells_in_sql, copy_statement
from subscriptions.web.files.file_rows import FileRows
from subscriptions.web.files.file_values import Key, Same, StatusByDate, YesNo
from subscriptions.web.files.list_file import Reading, reading_file
from subscriptions.web.tables import Column

SEVERAL_VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name", "status", "cost_per_month", "currency",
    "term_ends_on", "lapses_on", "recurring_billing", "current__partner__number", "current__partner__name",
    *OF_CHANGES,
)  # fmt: skip


def header_of_file(seats: Sequence[Seat]) -> list[str]:
    return FileRows(file_columns(seats[0])).header() if seats else []


def file_columns(seat: Seat) -> list[Column]:
    """Days are each organization's own."""
    tenant, today = seat.tenant, seat.today
    return [
        Column(ID[1], value=Key("uuid")),
        Column(_("Organization"), value=Same(tenant.name)),
        Column(_("Address"), value=Same(tenant.slug)),
        Column(_("Cloud"), value=Same(str(tenant.cloud_profile.label))),
        Column(_("Name"), value="name"),
        Column(PARTNER[1], value="current__partner__number"),
        Column(_("Partner of record"), value="current__partner__name"),
        Column(OWN_NAME[1], value="own_name"),
        Column(COST_CENTER[1], value="cost_center"),
        Column(_("Product"), value="product__name"),
        Column(_("Status"), value=StatusByDate(lambda row: status_in(row, today), today)),
        Column(_("Cost per month"), value="cost_per_month"),
        Column(_("Currency"), value="currency"),
        Column(_("Renews or expires"), value="term_ends_on"),
        Column(_("Recurring billing"), value=YesNo("recurring_billing")),
        *change_columns(in_zone=False),
    ]


def lines_in_turn(seats: Sequence[Seat], rows_of: Callable[[Seat], Any], *, person_id: int) -> Iterator[bytes]:
    """In one transaction of its own, whose scope becomes that of one organization after the other.

    In the language of now: the request may be over when the second one is read.
    """
    language = translation.get_language()
    return reading_file(lambda reading: _lines(reading, seats, rows_of, language), person_id=person_id)


def _lines(
    reading: Reading, seats: Sequence[Seat], rows_of: Callable[[Seat], Any], language: str | None
) -> Iterator[bytes]:
    for seat in seats:
        reading.scope.become_tenant(seat.tenant.pk)
        with translation.override(language):
            statement = copy_statement(rows_of(seat), cells_in_sql(file_columns(seat)) or [])
        yield from reading.copied(statement)
