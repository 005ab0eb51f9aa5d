"""Pages by key: the next page begins after the last row of this one, so that page 1,000 costs what page 1 costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.db.models import F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import ngettext

from subscriptions.base.formats import number

PAGE_SIZE = 25
COUNT_CAP = 1001  # counting further would cost more than the page itself
AFTER, BEFORE = "after", "before"
SALT = "page-key"
Rows = TypeVar("Rows", bound=QuerySet)


@dataclass(frozen=True)
class Sort:
    """A sort that an index carries: a column, and the row's id to tell equal ones apart."""

    column: str
    descending: bool = False

    def turned(self) -> "Sort":
        return Sort(self.column, not self.descending)

    def apply(self, rows: QuerySet) -> QuerySet:
        sign = "-" if self.descending else ""
        return rows.order_by(f"{sign}{self.column}", f"{sign}id")

    def collect(self, rows: QuerySet) -> QuerySet:
        """The same order, which no index is seen to carry: the planner then finds the rows first and sorts them.

        In the order of an index it would hope to meet a page of them soon, while all may stand at the end.
        """
        column = Coalesce(F(self.column), F(self.column))
        return rows.order_by(column.desc() if self.descending else column.asc(), "-id" if self.descending else "id")

    def after(self, key: Sequence[Any]) -> Q:
        """Rows beyond a key, spelled so that the index alone finds them."""
        value, pk = key
        side, inclusive = ("lt", "lte") if self.descending else ("gt", "gte")
        beyond = Q((f"{self.column}__{side}", value)) | Q((f"id__{side}", pk))
        return Q((f"{self.column}__{inclusive}", value)) & beyond


@dataclass(frozen=True)
class Page:
    """`first` is the place of its first row in the list, as it was when the pages before were read."""

    rows: list[dict]
    newer_url: str | None
    older_url: str | None
    first: int = 1


Fetch = Callable[[Sort, list | None], list[dict]]


def page_by_key(rows: QuerySet, order: Sort, query: QueryDict) -> Page:
    """One page of `rows` (values with the order's column and `id`).

    A key that is no key, or that has nothing beyond it any more, shows the first page.
    """
    return page_fetched(partial(fetch_page, rows), order, query)


def fetch_page(rows: QuerySet, direction: Sort, key: list | None) -> list[dict]:
    """The rows of a page in this direction, and one more where there is any."""
    beyond = rows.filter(direction.after(key[:2])) if key is not None else rows
    return list(direction.apply(beyond)[: PAGE_SIZE + 1])


def fetch_collected(found: QuerySet, columns: Sequence[str], direction: Sort, key: list | None) -> list[dict]:
    """The same of rows that stand anywhere in the order: their keys first, and columns of the page's rows alone."""
    beyond = found.filter(direction.after(key[:2])) if key is not None else found
    keys = direction.collect(beyond).values("pk")[: PAGE_SIZE + 1]
    return list(direction.apply(found.filter(pk__in=keys)).values(*columns))


def page_fetched(fetch: Fetch, order: Sort, query: QueryDict) -> Page:
    """The same of rows from several places: `fetch` puts in one order what `fetch_page` finds in each."""
    backwards = BEFORE in query
    key = _read_key(query.get(BEFORE) or query.get(AFTER), order)
    if key is None:
        backwards = False
    found = fetch(order.turned() if backwards else order, key)
    if key is not None and not found:
        return page_fetched(fetch, order, first_page(query))
    more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    has_newer = more if backwards else key is not None
    has_older = True if backwards else more
    first = _first(key, len(found), backwards=backwards) if has_newer else 1
    last = first + len(found) - 1
    return Page(
        rows=found,
        newer_url=_url(query, BEFORE, _write_key(found[0], order, first)) if found and has_newer else None,
        older_url=_url(query, AFTER, _write_key(found[-1], order, last)) if found and has_older else None,
        first=first,
    )


def _first(key: list | None, length: int, *, backwards: bool) -> int:
    """Where a page begins that ends before a key, or begins after it; there are rows before it."""
    place = key[2] if key else 0
    return max(2, place - length) if backwards else place + 1


def is_beyond_first(query: QueryDict) -> bool:
    """Whether the address asks for another page than the first."""
    return AFTER in query or BEFORE in query


def first_page(query: QueryDict) -> QueryDict:
    """The query of a list without its place in the pages."""
    rest = query.copy()
    for name in (AFTER, BEFORE):
        rest.pop(name, None)
    return rest


def found_first(rows: Rows, matching: Rows) -> Rows:
    """`matching` is what a search finds in `rows`: where that is few, the same by their ids, else as it is.

    Each with `in_all`, how many there are, counted no further than a page says. So words are looked for once, in no
    order; what is sorted then is either what was found, or so common that a page is soon full.
    """
    ids = list(matching.order_by().values_list("pk", flat=True)[:COUNT_CAP])
    found = matching if len(ids) == COUNT_CAP else rows.filter(pk__in=ids)
    return found.annotate(in_all=Value(len(ids)))


def total_of(rows: QuerySet) -> Func | Value:
    """How many rows these are (values of one column), up to COUNT_CAP; to be read beside the rows of a page."""
    if rows.query.is_empty():
        return Value(0, output_field=IntegerField())
    return Func(ArraySubquery(rows.order_by()[:COUNT_CAP]), function="cardinality", output_field=IntegerField())


def capped(total: int) -> str:
    """A count that went no further than COUNT_CAP, as it is shown."""
    return f"{number(COUNT_CAP - 1)}+" if total >= COUNT_CAP else number(total)


def subscription_count(total: int) -> str:
    """In words, of a number that went no further than COUNT_CAP."""
    return ngettext("%(count)s subscription", "%(count)s subscriptions", total) % {"count": capped(total)}


def _write_key(row: dict, order: Sort, place: int) -> str:
    value = row[order.column]
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return signing.dumps([order.column, text, row["id"], place], salt=SALT)


def _read_key(text: str | None, order: Sort) -> list | None:
    """Column value, id and place; None for a key of another sort, or that this portal did not write."""
    try:
        column, value, pk, place = signing.loads(text or "", salt=SALT)
    except (signing.BadSignature, ValueError):  # or a key of an earlier version
        return None
    return [value, pk, place] if column == order.column else None


def _url(query: QueryDict, name: str, key: str) -> str:
    address = first_page(query)
    address[name] = key
    return f"?{address.urlencode()}"
