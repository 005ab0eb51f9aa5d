"""One search over several kinds of things: an ID as it was pasted first, then beginnings of names, then words.

It reads a few rows of each kind and counts nothing to its end. Which rows there are is said by `rows` of each kind,
in the scope of whoever asks: staff's kinds read all rows, those of an organization or a partner would read its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from subscriptions.base.names import sort_key
from subscriptions.base.search import find_in, words_of
from subscriptions.base.typed import plain
from subscriptions.clouds import Text

MOST_OF_A_KIND = 6
SHORTEST = 2
LONGEST = 200
TRIGRAM = 3
LAST = "\U0010ffff"  # behind every text that goes on
Reader = Callable[[str], Any]


@dataclass(frozen=True)
class Hit:
    """What was found, as a line of the results: its name, its address, one state, and what tells it from others."""

    title: str
    url: str
    tag: Text = ""
    css: str = "neutral"
    facts: str = ""
    code: str = ""
    acts: Sequence[tuple[Text, str]] = ()  # what can be done with it, each with its address


@dataclass(frozen=True, kw_only=True)
class SearchKind:
    """One kind of thing that can be found.

    `exact` are columns with one reader each, which raises ValueError or ValidationError for what is no such ID;
    `beginnings` are columns that an index finds by how they begin, with what a text is there; `words` is a search
    text or sort key with an index of trigrams, or several. `all_url` is the address of a list of all that answer to
    the text. Where rows are `policed`, beginnings are asked for as ranges: LIKE is not leakproof, so behind a policy
    of an organization no index would be used for it.
    """

    label: Text
    rows: Callable[[], QuerySet[Any]]
    describe: Callable[[Any], Hit]
    exact: Mapping[str, Reader] = field(default_factory=dict)
    beginnings: Mapping[str, Reader] = field(default_factory=dict)
    words: str | Sequence[str] = ()
    policed: bool = False
    all_url: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Found:
    """The hits of one kind; `is_exact` where the text is the ID of the one hit."""

    kind: SearchKind
    hits: list[Hit]
    is_exact: bool = False
    has_more: bool = False
    all_url: str = ""


def can_search(text: str) -> bool:
    return SHORTEST <= len(plain(text)) <= LONGEST


def search(text: str, kinds: Sequence[SearchKind], *, most: int = MOST_OF_A_KIND) -> list[Found]:
    """What answers to the text, kinds of which it is an ID first; kinds without hits are left out."""
    if not can_search(text):
        return []
    found = [_find(text, kind, most) for kind in kinds]
    return sorted((each for each in found if each.hits), key=lambda each: not each.is_exact)


def _find(text: str, kind: SearchKind, most: int) -> Found:
    rows = _exactly(text, kind, most)
    is_exact = bool(rows)
    if not is_exact:
        rows = _beginning_so(text, kind, most)
        if len(rows) <= most:
            rows += _with_words(text, kind, most + 1 - len(rows), but=[row.pk for row in rows])
    has_more = len(rows) > most
    all_url = kind.all_url(text) if has_more and kind.all_url else ""
    return Found(kind, [kind.describe(row) for row in rows[:most]], is_exact, has_more, all_url)


def _exactly(text: str, kind: SearchKind, most: int) -> list[Any]:
    """The rows of which the text is an ID: most often one, or none."""
    condition = _any_of(text, kind.exact, "")
    return list(kind.rows().filter(condition)[: most + 1]) if condition else []


def _beginning_so(text: str, kind: SearchKind, most: int) -> list[Any]:
    """One more than are shown, column by column, so that each is read in the order of its index."""
    rows: dict[int, Any] = {}
    for column, read in kind.beginnings.items():
        condition = _begins(text, column, read) if kind.policed else _any_of(text, {column: read}, "__startswith")
        if condition and len(rows) <= most:
            rows |= {row.pk: row for row in kind.rows().filter(condition).order_by(column)[: most + 1]}
    return list(rows.values())[: most + 1]


def _with_words(text: str, kind: SearchKind, number: int, *, but: list[int]) -> list[Any]:
    """In no order, which would read every row that has the words. A word of one or two letters has no trigram: such
    a text is looked for as a beginning alone, but where a character is a word.
    """
    if not kind.words or not any(len(word) >= TRIGRAM or not word.isascii() for word in words_of(text)):
        return []
    columns = [kind.words] if isinstance(kind.words, str) else kind.words
    return list(kind.rows().filter(find_in(text, *columns)).exclude(pk__in=but).order_by()[:number])


def _begins(text: str, column: str, read: Reader) -> Q:
    beginning = _read(text, read)
    return Q((f"{column}__gte", beginning), (f"{column}__lt", f"{beginning}{LAST}")) if beginning else Q()


def _any_of(text: str, columns: Mapping[str, Reader], lookup: str) -> Q:
    condition = Q()
    for column, read in columns.items():
        if value := _read(text, read):
            condition |= Q((f"{column}{lookup}", value))
    return condition


def _read(text: str, read: Reader) -> Any:
    """None for what is no such ID."""
    try:
        return read(text)
    except (ValueError, ValidationError):
        return None


def read_name(text: str) -> str:
    """As sort keys have it."""
    return sort_key(plain(text))


def read_number(text: str) -> str:
    """The number of an order, or its beginning: digits and hyphens alone. Raises ValueError."""
    bare = "".join(plain(text).split())
    if not bare.replace("-", "").isdigit() or not bare.isascii():
        raise ValueError
    return bare
