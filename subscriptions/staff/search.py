"""How staff find rows in a list, and in a field that completes what is typed."""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from subscriptions.base.partner_id import normalize_number
from subscriptions.base.search import Word, find_words, word_in
from subscriptions.base.typed import plain, read_email, read_uuid

# How what was typed is read as each kind of ID, by the end of the field's name; each raises ValueError
READ_AS = {
    "uuid": read_uuid,
    "partner__number": normalize_number,
    "partner_number": normalize_number,
    "email": read_email,
    "slug": lambda text: plain(text).lower(),
}


def find_rows(queryset: QuerySet, text: str, *, exact: Iterable[str], fields: Sequence[str]) -> QuerySet:
    """A pasted ID first, exactly; else rows of which a name begins with the text, or in which each word stands."""
    rows = find_exactly(queryset, text, exact) if text else None
    if rows is None:
        rows = queryset.filter(find_words(text, lambda word: _stands_in(fields, word, text)))
    return rows


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


def _stands_in(fields: Sequence[str], word: Word, text: str) -> Q:
    """In a key or a search text the word; a field that begins so is compared with the whole text."""
    found = [
        word_in(word, name.removesuffix("__contains")) if name.endswith("__contains") else Q((name, plain(text)))
        for name in fields
    ]
    return reduce(or_, found)
