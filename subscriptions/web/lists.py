"""One frame for every list: rows within a scope, columns, sorts, filters, search, count, pages, and a file of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.base.formats import number
from subscriptions.base.known_queries import KnownQuery, stand_in
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.web.files.file_rows import FileRows
from subscriptions.web.files.list_file import Filled, ListFile, file_answer
from subscriptions.web.filters import ActiveFilter, active_filters
from subscriptions.web.kept_fields import draw_fields
from subscriptions.web.list_views import Views
from subscriptions.web.paging import (
    PAGE_SIZE,
    Page,
    Sort,
    capped,
    fetch_collected,
    fetch_page,
    first_page,
    is_beyond_first,
    page_fetched,
    total_of,
)
from subscriptions.web.tables import Column, Head, Table, head_of, sortable

Crumbs = list[tuple[Text, str | None]]
R = TypeVar("R", bound=HttpRequest)
FILE, CSV = "file", "csv"  # in an address that asks for the file of a list


@dataclass(frozen=True)
class Empty:
    """What a list says without rows: that there are none, why, what to do about it, and who may."""

    sentence: Text
    why: Text = ""
    who: Text = ""
    icon: str = "box"
    action_label: Text = ""
    action_url: str = ""


NOTHING = Empty(gettext_lazy("We didn't find anything to show here."))


class List(Generic[R]):
    """A subclass says what is listed; `answer` shows the page of it that the address asks for.

    `sorts` maps the names that an address may ask for to columns that an index carries; any other name is an error
    of the form. `order` is such a name, or a column where there is no choice.
    """

    section: Text = ""  # of the navigation
    caption: Text = ""  # the title, where it says enough
    template = "list.html"
    rows_template = "_table.html"
    form_class: type[forms.Form] = forms.Form
    filter_label: Text = ""
    searches = False  # says so at its button
    is_always_filtered = False  # the filters stand there even while there is nothing at all
    clear_url = "?"
    views_of = ""  # its name among the lists whose filters a person can give a name
    is_collected = False  # rows that stand anywhere in the order, such as those to which something is missing
    values: Sequence[str] = ()
    page_values: Sequence[str] | None = None  # where `described` reads the rest by itself
    sorts: Mapping[str, str] = {}
    order = "-id"
    none_matches = NOTHING
    file_name: Text = ""  # of the file of it, where there is one
    # The rows of an organization without any filter, where the first page is a known query: it is asked of one of
    # which nothing is known
    plain: ClassVar[Any] = None
    file_values: Sequence[str] | None = None  # what its columns read, where that is not what the page's do

    def __init__(self, request: R):
        self.request = request
        self.form = self.filters()
        if self.sorts:
            self.form.fields["order"] = self.order_field()
        self.is_valid = self.form.is_valid()
        self.wanted = self.form.cleaned_data if self.is_valid else {}

    # In a subclass these are plain values, but where they depend on who asks.

    @property
    def title(self) -> Text:
        raise NotImplementedError

    @property
    def subtitle(self) -> Text:
        return ""

    @property
    def without_chip(self) -> frozenset[str]:
        """Filters that are not shown as set."""
        return frozenset()

    @property
    def columns(self) -> Sequence[Column]:
        return ()

    @property
    def nothing_yet(self) -> Empty:
        return NOTHING

    def found(self, wanted: dict[str, Any]) -> QuerySet:
        """The rows that the filters leave, of this tenant, partner or person alone."""
        raise NotImplementedError

    def described(self, rows: list[dict]) -> list[Any]:
        """The rows of a page as the columns show them; what only the whole page can find out is found out here."""
        return [self.describe(row) for row in rows]

    def describe(self, row: dict) -> Any:
        return row

    def filters(self) -> forms.Form:
        return self.form_class(self.request.GET)

    def order_field(self) -> forms.ChoiceField:
        """By heads of columns; a list without these shows a field."""
        return _order_field(tuple(self.sorts))

    def with_total(self, rows: QuerySet) -> QuerySet:
        """With each row how many there are, in the same statement and no further than a page says."""
        is_counted = not self.has_filters or "in_all" in rows.query.annotations
        return rows if is_counted else rows.annotate(in_all=total_of(rows.values("pk")))

    def counted(self, total: int) -> str:
        """The number of rows in words, for the top of the page."""
        return ""

    def breadcrumbs(self) -> Crumbs:
        return [*([(self.section, None)] if self.section else []), (self.title, None)]

    def context(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    @classmethod
    def view(cls, request: R) -> HttpResponseBase:
        return cls(request).answer()

    @cached_property
    def views(self) -> Views | None:
        return Views(self.request, self.views_of) if self.views_of else None

    def elsewhere(self) -> HttpResponseBase | None:
        """Where its address leads instead: to the view with which the person opens it."""
        return self.views.opening() if self.views else None

    def answer(self) -> HttpResponseBase:
        if answer := self.elsewhere():
            return answer
        if self.file_name and self.is_valid and self.request.GET.get(FILE) == CSV:
            return self.file_answer()
        context = {"list": self, "form": self.form, "page": self.page, "breadcrumbs": self.breadcrumbs()}
        return render(self.request, self.template, context | self.context(), status=200 if self.is_valid else 422)

    # The page

    @cached_property
    def sort(self) -> Sort:
        return Sort(self.sorts.get(self.asked_order.lstrip("-"), self.asked_order.lstrip("-")), self.descends)

    @property
    def asked_order(self) -> str:
        return self.wanted.get("order") or self.order

    @property
    def descends(self) -> bool:
        return self.asked_order.startswith("-")

    @property
    def place_id(self) -> int | None:
        """Of the organization, where the page is the first one and no filter is set."""
        is_plain = not any(value for name, value in self.wanted.items() if name != "order")
        is_first = not is_beyond_first(self.request.GET)
        return self.request.tenant.pk if is_plain and is_first and hasattr(self.request, "tenant") else None

    @classmethod
    def _written_page(cls, sort: Sort, columns: Sequence[str]) -> QuerySet:
        assert cls.plain  # noqa: S101 - asked only where it is known
        rows = cls.plain(stand_in(Tenant))
        total = rows.annotate(in_all=total_of(rows.values("pk")))
        return sort.apply(total)[: PAGE_SIZE + 1].values(*dict.fromkeys(["id", sort.column, *columns, "in_all"]))

    @cached_property
    def page(self) -> Page:
        if not self.is_valid:
            return Page([], None, None)
        if self.plain and self.place_id is not None:
            of: Any = type(self)
            query = known_page(of, self.sort, tuple(self.values))
            return page_fetched(lambda *_: query.values(place=self.place_id), self.sort, self.request.GET)
        rows = self.with_total(self.found(self.wanted))
        total = ["in_all"] if "in_all" in rows.query.annotations else []
        values = self.values if self.page_values is None else self.page_values
        columns = list(dict.fromkeys(["id", self.sort.column, *values, *total]))
        collected, walked = partial(fetch_collected, rows, columns), partial(fetch_page, rows.values(*columns))
        return page_fetched(collected if self.is_collected else walked, self.sort, self.request.GET)

    @cached_property
    def rows(self) -> list[Any]:
        return self.described(self.page.rows) if self.page.rows else []

    @property
    def total(self) -> int:
        return self.page.rows[0].get("in_all", 0) if self.page.rows else 0

    @property
    def count(self) -> str:
        return self.counted(self.total) if self.is_valid else ""

    @property
    def range(self) -> str:
        """Which rows these are of how many, where that was counted."""
        if not self.total:
            return ""
        last = self.page.first + len(self.page.rows) - 1
        total = capped(max(last, self.total))
        return _("%(first)s–%(last)s of %(total)s") % {
            "first": number(self.page.first), "last": number(last), "total": total,
        }  # fmt: skip

    @property
    def table(self) -> Table:
        return Table(self.caption or self.title, self.columns, self.rows, order_url=self._head)

    def _head(self, column: Column) -> Head:
        head = head_of(column)
        if not column.sort:
            return head
        return sortable(head, column.sort, query=self._sorted_query, order=self.asked_order)

    @cached_property
    def _sorted_query(self) -> QueryDict:
        """Each head puts its own order into it."""
        return first_page(self.request.GET)

    # The filters

    @cached_property
    def seen_fields(self) -> list[forms.BoundField]:
        return self.form.visible_fields()

    @property
    def has_filters(self) -> bool:
        return bool(self.seen_fields)

    @property
    def fields(self) -> Iterator[SafeString]:
        return draw_fields(self.form, self.seen_fields)

    @property
    def folds(self) -> bool:
        """Into one button on a phone; a search alone takes no more room than that."""
        return len(self.seen_fields) > 1

    @property
    def shows_filters(self) -> bool:
        return self.has_filters and bool(self.is_always_filtered or self.rows or self.active or self.form.errors)

    @cached_property
    def active(self) -> list[ActiveFilter]:
        hidden = {"order", *self.without_chip}
        return active_filters(self.form, self.request.GET, hidden=hidden, without_any=self.clear_url)

    @property
    def nothing(self) -> Empty | None:
        """Why there are no rows: a filter that is none says that by itself."""
        if self.has_filters and not self.is_valid:
            return None
        return self.none_matches if self.active else self.nothing_yet

    # The file

    @property
    def file_links(self) -> Sequence[tuple[Text, str]]:
        """What it is called, and the address: of what the filters leave, of all pages."""
        return [(_("Export"), self.file_url())] if self.file_name and self.rows else []

    def file_url(self, what: str = CSV) -> str:
        query = first_page(self.request.GET)
        query[FILE] = what
        return f"?{query.urlencode()}"

    @property
    def file_columns(self) -> Sequence[Column]:
        return [column for column in self.columns if column.value]

    @property
    def file(self) -> FileRows:
        return FileRows(self.file_columns)

    @cached_property
    def all_found(self) -> Any:
        """Every row that the filters leave and the file has, of all pages."""
        return self.found(self.wanted)

    def all_rows(self) -> QuerySet:
        """In the list's order, as the columns of the file read them."""
        values = self.values if self.file_values is None else self.file_values
        return self.sort.apply(self.all_found).values(*values)

    @property
    def filled(self) -> Filled | None:
        """Makes of many rows what the columns of the file read, where it takes many together to find that out."""
        return None

    def reading(self) -> AbstractContextManager[Any]:
        """The scope in which its rows are read, where that is not the page's."""
        return nullcontext()

    def file_answer(self) -> HttpResponseBase:
        rows, name = self.all_rows(), str(self.file_name)
        file = ListFile(self.file, rows, self.title, name, self.filled, self.all_found, self.reading)
        return file_answer(self.request, file)


@lru_cache
def _order_field(sorts: tuple[str, ...]) -> forms.ChoiceField:
    choices = [(name, name) for sort in sorts for name in (sort, f"-{sort}")]
    return forms.ChoiceField(required=False, choices=choices, widget=forms.HiddenInput)


@lru_cache
def known_page(of: Any, sort: Sort, columns: tuple[str, ...]) -> KnownQuery:
    """The first page of a list without filters, which is asked most: written once a process."""
    return KnownQuery(partial(of._written_page, sort, columns))
