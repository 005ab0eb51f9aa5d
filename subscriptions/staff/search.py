"""How staff find rows in a list, and in a field that completes what is typed."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from subscriptions.base.names import sort_key

LOWER = ("slug", "email")  # kept in lower case


def find_rows(queryset: QuerySet, text: str, *, exact: Iterable[str], fields: Sequence[str]) -> QuerySet:
    """A pasted ID first, exactly; else rows of which a name begins with the text, or in which each word stands."""
    rows = _exactly(queryset, text, exact) if text else None
    if rows is None:
        rows = queryset.filter(*(_stands_in(fields, word, text) for word in text.split()))
    return rows


def _exactly(queryset: QuerySet, text: str, exact: Iterable[str]) -> QuerySet | None:
    for name in exact:
        try:
            rows = queryset.filter(**{name: _as_kept(name, text)})
        except ValueError:
            continue
        if rows.exists():
            return rows
    return None


def _as_kept(name: str, text: str) -> Any:
    """Raises ValueError for what is no UUID."""
    if name.endswith("uuid"):
        return UUID(text)
    return text.lower() if name.endswith(LOWER) else text


def _stands_in(fields: Sequence[str], word: str, text: str) -> Q:
    return Q.create([(name, _looked_for(name, word, text)) for name in fields], connector=Q.OR)


def _looked_for(name: str, word: str, text: str) -> str:
    """What is compared with a field: a key with the word's own key, a beginning with the whole text."""
    if "name_key" in name:
        return sort_key(word)
    return text if name.endswith("startswith") else word
