"""How staff find rows in a list, and in a field that completes what is typed."""

from collections.abc import Iterable, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

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

ANY_OF: dict[str, Any] = {"template": "(%(expressions)s))", "arg_joiner": " = ANY (", "output_field": BooleanField()}


def find_rows(queryset: QuerySet, text: str, *, exact: Iterable[str], fields: Sequence[str]) -> QuerySet:
    """A pasted ID first, exactly; else rows of which a name begins with the text, or in which each word stands."""
    rows = find_exactly(queryset, text, exact) if text else None
    if rows is None:
        rows = queryset.filter(find_words(text, partial(_stands_in, queryset.model, fields, text=text)))
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


def _stands_in(model: type[Model], fields: Sequence[str], word: Word, *, text: str) -> Q:
    """In one of the row's own fields, or in one of a row that it belongs to.

    Rows of another table are looked for first, by its indexes, and compared as a list: an alternative over two tables
    is otherwise answered by reading every row of both.
    """
    by_owner: dict[str, list[str]] = {}
    for name in fields:
        owner, _separator, _field = name.rpartition(LOOKUP_SEP)[0].rpartition(LOOKUP_SEP)
        by_owner.setdefault(owner, []).append(name.removeprefix(f"{owner}{LOOKUP_SEP}") if owner else name)
    found = [
        _belongs_to(model, owner, _any_of(of_owner, word, text)) if owner else _any_of(of_owner, word, text)
        for owner, of_owner in by_owner.items()
    ]
    return reduce(or_, found)


def _any_of(fields: Sequence[str], word: Word, text: str) -> Q:
    """In a key or a search text the word; a field that begins so is compared with the whole text."""
    return reduce(or_, (_matches(name, word, text) for name in fields))


def _matches(name: str, word: Word, text: str) -> Q:
    if name.endswith("__contains"):
        return word_in(word, name.removesuffix("__contains"))
    begins = read_email(text) if name == "email__startswith" else plain(text)
    return Q((name, begins))


def _belongs_to(model: type[Model], owner: str, condition: Q) -> Q:
    field: Any = model._meta.get_field(owner)
    owners = field.remote_field.model._default_manager.filter(condition).order_by().values("pk")
    return Q(Func(F(field.attname), ArraySubquery(owners), **ANY_OF))
