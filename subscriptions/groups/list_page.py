"""All subscriptions of several organizations of one person, in one list, and as a file."""

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from subscriptions.base import formats
from subscriptions.bulk.kinds import joint_buttons
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.exports.acts import record_list
from subscriptions.groups.file_page import SEVERAL_VALUES, header_of_file, lines_in_turn
from subscriptions.groups.forms import SeveralFilterForm
from subscriptions.groups.kept import MOST_ORGANIZATIONS
from subscriptions.groups.reads import Seat, Summary, groups_of, narrow, read_each, seats_of, summary_of
from subscriptions.groups.rows_page import VALUES, columns_of, summaries_table
from subscriptions.subscriptions.pages.list import listed_rows
from subscriptions.subscriptions.pages.picking import Many, bar_of, pick_column
from subscriptions.web.files.list_file import csv_answer
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import PersonRequest, person_list
from subscriptions.web.paging import Page, Sort, fetch_page, page_fetched, subscription_count
from subscriptions.web.tables import Column


class SeveralList(List[PersonRequest]):
    """Each organization is read in its own scope; the pages are put together by the same sort and key."""

    title = gettext_lazy("All organizations")
    caption = gettext_lazy("Subscriptions of your organizations")
    template = "subscriptions/several_list.html"
    filter_label = gettext_lazy("Filter subscriptions")
    is_always_filtered = True
    values = VALUES
    sorts = {"name": "name_key", "ends": "term_ends_on", "cost": "cost_per_month"}
    order = "name"
    file_name = pgettext_lazy("file", "subscriptions-of-organizations")
    none_matches = Empty(
        gettext_lazy("No subscription matches these filters."),
        why=gettext_lazy("Remove a filter above, or clear all of them."),
    )
    nothing_yet = Empty(
        gettext_lazy("We didn't find anything to show here."),
        why=gettext_lazy("None of the organizations that you are a member of has a subscription."),
    )

    def __init__(self, request: PersonRequest):
        self.mine = seats_of(request.user, request.memberships)
        super().__init__(request)
        wanted = {name: self.wanted.get(name) or "" for name in ("group", "organization")}
        inside = narrow(self.mine, **wanted)
        self.seats, self.left_out = inside[:MOST_ORGANIZATIONS], inside[MOST_ORGANIZATIONS:]
        self.summaries: list[Summary] = []

    def filters(self) -> SeveralFilterForm:
        return SeveralFilterForm(self.request.GET, seats=self.mine, groups=groups_of(self.mine))

    def found_in(self, seat: Seat) -> Any:
        """Needs the organization's scope."""
        return listed_rows(seat.tenant, self.wanted)

    @property
    def has_one_currency(self) -> bool:
        """Amounts of two currencies have no order."""
        return len({seat.tenant.cloud_profile.currency for seat in self.seats}) == 1

    @property
    def asked_order(self) -> str:
        asked = super().asked_order
        return asked if self.has_one_currency or asked.lstrip("-") != "cost" else self.order

    @cached_property
    def page(self) -> Page:
        return page_fetched(self._fetch, self.sort, self.request.GET) if self.is_valid else Page([], None, None)

    def _fetch(self, direction: Sort, key: list | None) -> list[dict]:
        """What stands first in this direction, of all: of each as many as a page has at most."""
        read = partial(self._fetch_from, direction, key)
        several = read_each(self.seats, self.request.user.pk, read)
        self.summaries = [summary for _rows, summary in several]
        rows = [row for found, _summary in several for row in found]
        rows.sort(key=lambda row: (row[direction.column], row["id"]), reverse=direction.descending)
        return rows

    def _fetch_from(self, direction: Sort, key: list | None, seat: Seat) -> tuple[list[dict], Summary]:
        found = self.found_in(seat)
        columns = dict.fromkeys(["id", direction.column, *self.values])
        rows = fetch_page(found.values(*columns), direction, key)
        return [row | {"seat": seat} for row in rows], summary_of(seat, found)

    @property
    def total(self) -> int:
        return sum(each.subscriptions for each in self.summaries) if self.page.rows else 0

    def counted(self, total: int) -> str:
        return subscription_count(total)

    @property
    def may_act(self) -> bool:
        """Whether there is an organization in which this person acts on many."""
        return any(seat.actor.can(SEES_MANY) for seat in self.seats)

    @property
    def is_all(self) -> bool:
        """Whether all that match are chosen, on the other pages too."""
        return self.request.GET.get("choose") == "all"

    @property
    def columns(self) -> Sequence[Column]:
        columns = columns_of(self)
        return [pick_column(self.is_all, self.rows), *columns] if self.may_act else columns

    def breadcrumbs(self) -> list:
        return [(self.title, None)]

    def context(self) -> dict[str, Any]:
        self.request.tells_of_organizations = True
        return {
            "summaries": summaries_table(self),
            "too_many": self._too_many(),
            "many": self._many() if self.may_act and self.rows else None,
        }

    def _many(self) -> Many:
        return bar_of(self, url=reverse("several-choose"), buttons=joint_buttons())

    def _too_many(self) -> str:
        if not self.left_out:
            return ""
        told = ngettext(
            "This page reads the first %(most)s organizations by name; %(count)s more is left out. "
            "Choose a group or an organization to see it.",
            "This page reads the first %(most)s organizations by name; %(count)s more are left out. "
            "Choose a group or an organization to see them.",
            len(self.left_out),
        )
        return told % {"most": formats.number(MOST_ORGANIZATIONS), "count": formats.number(len(self.left_out))}

    def file_answer(self) -> HttpResponseBase:
        """Audited in each organization that it has a row of, as any export there."""
        read_each(self.seats, self.request.user.pk, self._record)
        lines = lines_in_turn(self.seats, self._file_rows, person_id=self.request.user.pk)
        return csv_answer(header_of_file(self.seats), lines, name=str(self.file_name))

    def _record(self, seat: Seat) -> None:
        if number := self.found_in(seat).order_by().count():
            filters = self.request.GET.urlencode()
            record_list(name=str(self.title), rows=number, filters=filters, by=seat.actor, tenant=seat.tenant)

    def _file_rows(self, seat: Seat) -> Any:
        return self.sort.apply(self.found_in(seat).with_waiting_change()).values(*SEVERAL_VALUES)


several_list = require_safe(person_list(SeveralList.view))
