"""One stored text a row, in which lists look for what people type: words in any order, beginnings of IDs.

Names stand in it by their sort key. IDs stand in it in letters of their own, which no word has, so that a word never
meets the middle of an ID: “e3” is in every tenth UUID.
"""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from operator import and_, or_
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from subscriptions.base.names import sort_key
from subscriptions.base.partner_id import normalize_number
from subscriptions.base.typed import plain, read_uuid

IN_IDS = str.maketrans("0123456789abcdef", "ABCDEFGHIJKLMNOP")
SHORTEST_UUID = 6  # of which a beginning is looked for
MOST_WORDS = 10
NUMBER, HEX = re.compile("[0-9]+"), re.compile("[0-9a-f]+")


class SearchTextField(models.TextField):
    """The text of a row, from the `sources` among its fields, written whenever one of them is."""

    def __init__(self, *args, sources: Iterable[str] = (), **kwargs):
        self.sources = tuple(sources)
        self.derived_from = frozenset(self.sources)
        super().__init__(*args, **kwargs | {"editable": False, "db_collation": "C"})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for given in ("editable", "db_collation"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "sources": self.sources}

    def pre_save(self, model_instance, add):
        text = "".join(_stored(getattr(model_instance, source)) for source in self.sources)
        setattr(model_instance, self.attname, text)
        return text


def _stored(value: str | UUID) -> str:
    if isinstance(value, UUID):
        return f" ~{_id(value.hex)}"
    return f" #{_id(value)}" if NUMBER.fullmatch(value) else f" {sort_key(value)}"


def _id(characters: str) -> str:
    return characters.translate(IN_IDS)


class Word(NamedTuple):
    """One word of what is looked for, and what it would be as the beginning of a number or of a UUID."""

    key: str
    number: str = ""
    uuid: str = ""

    @property
    def patterns(self) -> list[str]:
        return [pattern for pattern in (self.key, self.number, self.uuid) if pattern]


def find_in(text: str, *columns: str) -> Q:
    """Rows in which each word stands in one of the columns: search texts or sort keys."""
    return find_words(text, lambda word: word_in(word, *columns))


def find_words(text: str, has_word: Callable[[Word], Q]) -> Q:
    """Rows that have each word, or the one ID that the whole text is, however it is spelt; all for no text."""
    return reduce(or_, (reduce(and_, map(has_word, spelling), Q()) for spelling in spellings(text)))


def spellings(text: str) -> list[list[Word]]:
    """What the text may be: its words, and the one ID that it is as a whole."""
    return [[_word(word) for word in words_of(text)], *([word] for word in _as_an_id(text))]


def words_of(text: str) -> list[str]:
    """The keys of its words."""
    return sort_key(plain(text)).split()[:MOST_WORDS]


def word_in(word: Word, *columns: str) -> Q:
    found = [Q((f"{column}__contains", pattern)) for column in columns for pattern in word.patterns]
    return reduce(or_, found)


def _word(key: str) -> Word:
    bare = key.replace("-", "")
    number = f"#{_id(bare)}" if NUMBER.fullmatch(bare) else ""
    is_uuid = len(bare) >= SHORTEST_UUID and HEX.fullmatch(bare)
    return Word(key, number, f"~{_id(bare)}" if is_uuid else "")


def _as_an_id(text: str) -> list[Word]:
    """The text as one ID: a UUID, or a partner's number with its label, spaces and zeros."""
    try:
        return [Word("", uuid=f"~{_id(read_uuid(text).hex)}")]
    except ValueError:
        pass
    try:
        number = normalize_number(text)
    except ValidationError:
        return []
    return [Word("", number=f"#{_id(number)}")] if number else []
