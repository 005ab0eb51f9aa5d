"""How staff find rows in a list, and in a field that completes what is typed."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from subscriptions.base.partner_id import normalize_number
from subscriptions.base.search import spellings
from subscriptions.base.typed import plain, read_email, read_uuid
from subscriptions.staff.owners import Owners

# How what was typed is read as each kind of ID, by the end of the field's name; each raises ValueError
READ_AS = {
    "uuid": read_uuid,
    "partner__number": normalize_number,
    "partner_number": normalize_number,
    "email": read_email,
    "slug": lambda text: plain(text).lower(),
}

MOST_FOUND = 2_000  # rows of a list that a search reads


class Search(NamedTuple):
    """What a list shows; `is_cut` where more answer to the text than it reads."""

    rows: QuerySet
    is_cut: bool = False


def find_rows(queryset: QuerySet, text: str, *, exact: Iterable[str], fields: Sequence[str]) -> Search:
    """A pasted ID first, exactly; else rows of which a name begins with the text, or in which each word stands.

    A word can stand in every name, so what a search reads has an end: the list has the first of these rows that are
    met, and says that there are more.
    """
    if not text:
        return Search(queryset)
    rows = find_exactly(queryset, text, exact)
    if rows is not None:
        return Search(rows)
    owners = Owners(queryset.model, fields, text)
    condition = reduce(or_, map(owners.have_each, spellings(text)))
    keys = _few_keys(queryset.filter(condition), queryset if owners.reads_own_texts else None)
    return Search(queryset.filter(pk__in=keys[:MOST_FOUND]), owners.is_cut or len(keys) > MOST_FOUND)


def _few_keys(found: QuerySet, newest_of: QuerySet | None) -> list[int]:
    """One more than a search reads, in no order; first among the newest rows, where a word may stand in every name.

    The index of words would collect each of a million rows before the first is met, and behind a policy the database
    is not told by its own statistics how common a word is.
    """
    keys: list[int] = []
    if newest_of is not None:
        newest = newest_of.order_by("-pk").values("pk")[: 2 * MOST_FOUND]
        keys = list(found.filter(pk__in=newest).order_by().values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(keys) > MOST_FOUND:
        return keys
    return list(found.order_by().values_list("pk", flat=True)[: MOST_FOUND + 1])


def find_all(queryset: QuerySet, text: str, *, exact: Iterable[str], fields: Sequence[str]) -> QuerySet:
    """The same to the end, for a file of the list."""
    if not text:
        return queryset
    rows = find_exactly(queryset, text, exact)
    return queryset.filter(Owners(queryset.model, fields, text).whole()) if rows is None else rows


def find_exactly(queryset: QuerySet, text: str, exact: Iterable[str]) -> QuerySet | None:
    """The rows that have this text as the first of these IDs that any row has; None where there are none."""
    for name in exact:
        try:
            rows = queryset.filter(**{name: _as_kept(queryset, name, text)})
        except (ValueError, ValidationError):
            continue
        if rows.exists():
            return rows
    return None


def _as_kept(queryset: QuerySet, name: str, text: str) -> Any:
    """Raises ValueError or ValidationError for what is no such ID."""
    full_name = f"{queryset.model._meta.model_name}__{name}"
    read = next((READ_AS[end] for end in READ_AS if full_name.endswith(end)), plain)
    return read(text)
