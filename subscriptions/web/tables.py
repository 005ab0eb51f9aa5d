"""A table: its columns, and rows that are drawn by one escaping call each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, lru_cache
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString

from subscriptions.base.markup import join_markup, markup
from subscriptions.clouds import Text


class Place(Enum):
    """In a row on a phone, below its name: where no label is needed, or no cell."""

    FIGURE = "figure"  # at the end of the name's lines
    STATE = "state"  # these three side by side
    WHOM = "whom"
    DAY = "day"
    LINE = "line"  # alone
    ELSEWHERE = "elsewhere"  # on the page of the thing itself


@dataclass(frozen=True)
class Column:
    """`show` is a row's cell, `value` what a file says instead: a key of the row, or a function of it.

    A column without `show` stands in files only, one without `value` on pages only; `in_zone` where that value is a
    day or a moment of the zone in force, which the file then names. `sort` is what a first click on the head asks
    for, `more` is added to the head for those who hear the page. `place` is where a cell stands in the three lines
    that a row takes on a phone; without one it follows them, with its label. A column that `picks` has a box for each
    row, and one for all of them in its head; the column after it names the row.
    """

    label: Text
    show: Callable[[Any], object] | None = None
    value: str | Callable[[Any], object] = ""
    css: str = ""
    sort: str = ""
    more: Text = ""
    in_zone: bool = False
    place: Place | None = None
    picks: bool = False

    @property
    def classes(self) -> str:
        return " ".join(filter(None, [self.css, self.place and f"at-{self.place.value}"]))

    def plain(self, row: dict) -> object:
        """In the language of now: a label would wait until it is written."""
        value = self.value(row) if callable(self.value) else row[self.value]
        return str(value) if isinstance(value, Promise) else value


@dataclass(frozen=True)
class Head:
    """The head of a column; `url` sorts by it where it can be sorted."""

    label: Text
    css: str = ""
    url: str = ""
    sort: str = ""
    more: Text = ""


@dataclass(frozen=True)
class Group:
    """Rows that belong together, below what they have in common."""

    rows: Iterable[Any]
    head: object = ""


@dataclass
class Table:
    """The first column that does not pick the row names it. A table that does not stack on a phone needs no label in
    each cell.

    The pages of Django admin have styles of their own, and no heading above the table that would say its caption.
    """

    caption: Text
    columns: Sequence[Column]
    rows: Iterable[Any] = ()
    groups: Sequence[Group] = ()
    order_url: Callable[[Column], Head] | None = None
    stacks: bool = True
    css: str = "rows"
    shows_caption: bool = False
    shown: list[Column] = field(init=False)

    def __post_init__(self):
        self.shown = [column for column in self.columns if column.show]

    @property
    def classes(self) -> str:
        lines = "lines" if any(column.place for column in self.shown) else ""
        return " ".join(filter(None, [self.css, lines, "" if self.stacks else "narrow"]))

    @property
    def heads(self) -> list[Head]:
        return [(self.order_url or head_of)(column) for column in self.shown]

    @property
    def head(self) -> SafeString:
        return join_markup(map(_drawn_head, self.heads))

    @property
    def bodies(self) -> list[SafeString]:
        return [self._body(group) for group in self.groups or [Group(self.rows)]]

    def _body(self, group: Group) -> SafeString:
        rows = join_markup(map(self.drawn, group.rows))
        if not group.head:
            return rows
        head = '<tr class="group"><th colspan="{}" scope="rowgroup">{}</th></tr>{}'
        return markup(head, len(self.shown), group.head, rows)

    def drawn(self, row: Any) -> SafeString:
        return markup(self._pattern, *[column.show(row) for column in self.shown if column.show])

    @cached_property
    def _pattern(self) -> str:
        """A row without its cells; what is the same in every row is escaped once."""
        names = next((column for column in self.shown if not column.picks), None)
        cells = [self._cell(column, names=column is names) for column in self.shown]
        return f"<tr>{''.join(cells)}</tr>"

    def _cell(self, column: Column, *, names: bool) -> str:
        label = str(column.label) if self.stacks and not column.picks else None
        return _drawn_cell(label, column.classes, names=names)


@lru_cache(maxsize=2_000)
def _drawn_cell(label: str | None, classes: str, *, names: bool) -> str:
    """A cell without what it shows; its label is a text of the program, in some language."""
    attributes = f' class="{classes}"' if classes else ""
    if label is not None:
        told = escape(label).replace("{", "{{").replace("}", "}}")
        attributes += f' data-label="{told}"'
    return f'<th scope="row"{attributes}>{{}}</th>' if names else f"<td{attributes}>{{}}</td>"


def _drawn_head(head: Head) -> SafeString:
    css = markup(' class="{}"', head.css) if head.css else ""
    sort = markup(' aria-sort="{}"', head.sort) if head.sort else ""
    label = markup('<a class="sort" href="{}">{}</a>', head.url, head.label) if head.url else head.label
    more = markup('<span class="visually-hidden"> {}</span>', head.more) if head.more else ""
    return markup('<th scope="col"{}{}>{}{}</th>', css, sort, label, more)


def sortable(head: Head, first: str, *, query: QueryDict, order: str) -> Head:
    """With the address that sorts by it, `first` by a first click; the next one turns the order round."""
    if not first:
        return head
    name, descends = first.lstrip("-"), order.startswith("-")
    is_current = order.lstrip("-") == name
    query["order"] = first if not is_current else name if descends else f"-{name}"
    sort = ("descending" if descends else "ascending") if is_current else ""
    return replace(head, url=f"?{query.urlencode()}", sort=sort)


def head_of(column: Column) -> Head:
    """Above numbers it stands where they end; a head may break where a day may not."""
    css = column.css if column.css == "num" or column.picks else ""
    return Head(column.label, css=css, more=column.more)
