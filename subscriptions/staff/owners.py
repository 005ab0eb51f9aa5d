"""Where a word of a search may stand: in the row itself, and in rows of other tables that it belongs to."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.constants import LOOKUP_SEP

from subscriptions.base.search import Word, find_words, word_in
from subscriptions.base.typed import plain, read_email

MOST_OWNERS = 500  # that one word leads to

ANY_OF: dict[str, Any] = {"template": "(%(expressions)s))", "arg_joiner": " = ANY (", "output_field": BooleanField()}


class Owners:
    """Where a word may stand: in fields of the row's own, and of rows that it belongs to.

    Rows of another table are looked for first, by its indexes, and compared as a list: an alternative over two tables
    is otherwise answered by reading every row of both. A word that too many of them have is asked of each row that
    another word leads to; where none leads to few, the first word's list is cut.
    """

    def __init__(self, model: type[Model], fields: Sequence[str], text: str):
        self.model, self.text = model, text
        self.fields: dict[str, list[str]] = {}
        for name in fields:
            owner, _separator, _field = name.rpartition(LOOKUP_SEP)[0].rpartition(LOOKUP_SEP)
            self.fields.setdefault(owner, []).append(name.removeprefix(f"{owner}{LOOKUP_SEP}") if owner else name)
        self.is_cut = False

    @property
    def reads_own_texts(self) -> bool:
        """Whether it looks for words inside of names of the rows themselves."""
        return any(name.endswith("__contains") for name in self.fields.get("", ()))

    def have_each(self, words: Sequence[Word]) -> Q:
        found = [self._keys(word) for word in words]
        leading = next((place for place, keys in enumerate(found) if not _are_too_many(keys)), None)
        self.is_cut = self.is_cut or leading is None
        conditions = [
            self._asked(word) if _are_too_many(keys) and place != (leading or 0) else self._listed(word, keys)
            for place, (word, keys) in enumerate(zip(words, found, strict=True))
        ]
        return reduce(and_, conditions, Q())

    def whole(self) -> Q:
        return find_words(self.text, lambda word: self._listed(word, self._owners(word)))

    def _keys(self, word: Word) -> dict[str, list[int]]:
        """Of the rows of each other table that have the word: one more than are read."""
        return {name: list(rows[: MOST_OWNERS + 1]) for name, rows in self._owners(word).items()}

    def _owners(self, word: Word) -> dict[str, QuerySet]:
        return {
            name: self._of(name).filter(_any_of(fields, word, self.text)).order_by().values_list("pk", flat=True)
            for name, fields in self.fields.items()
            if name
        }

    def _of(self, name: str) -> QuerySet:
        return self._field(name).remote_field.model._default_manager.all()

    def _field(self, name: str) -> Any:
        return self.model._meta.get_field(name)

    def _listed(self, word: Word, keys: Mapping[str, Any]) -> Q:
        return self._or_own(word, (self._is_one_of(name, each) for name, each in keys.items()))

    def _is_one_of(self, name: str, keys: list[int] | QuerySet) -> Q:
        if isinstance(keys, QuerySet):
            return Q(Func(F(self._field(name).attname), ArraySubquery(keys), **ANY_OF))
        return Q((f"{self._field(name).attname}__in", keys[:MOST_OWNERS]))

    def _asked(self, word: Word) -> Q:
        """Of each row by itself: EXISTS may be answered by reading all that have the word."""
        return self._or_own(word, (self._has(name, word) for name in self.fields if name))

    def _has(self, name: str, word: Word) -> Q:
        owner = self._of(name).filter(pk=OuterRef(self._field(name).attname))
        owner = owner.filter(_any_of(self.fields[name], word, self.text)).order_by().values(has=Value(True))
        return Q(Subquery(owner[:1], output_field=BooleanField()))

    def _or_own(self, word: Word, of_owners: Iterable[Q]) -> Q:
        own = self.fields.get("")
        return reduce(or_, [*([_any_of(own, word, self.text)] if own else []), *of_owners])


def _are_too_many(keys: Mapping[str, Sequence[int]]) -> bool:
    return any(len(each) > MOST_OWNERS for each in keys.values())


def _any_of(fields: Sequence[str], word: Word, text: str) -> Q:
    """In a key or a search text the word; a field that begins so is compared with the whole text."""
    return reduce(or_, (_matches(name, word, text) for name in fields))


def _matches(name: str, word: Word, text: str) -> Q:
    if name.endswith("__contains"):
        return word_in(word, name.removesuffix("__contains"))
    begins = read_email(text) if name == "email__startswith" else plain(text)
    return Q((name, begins))
