"""Markup is written here: what is put into a pattern is escaped, unless it was written here before.

As Django's own `format_html` and `format_html_join` write it, for what a page draws hundreds of times. A pattern is
always a text of the program, never of a person.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.safestring import SafeString

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
NOTHING = SafeString("")
MARK = secrets.token_hex(16)  # of this process, so that nobody can type it
Tag = TypeVar("Tag", bound=Callable[..., Any])
SLOT = re.compile(rf"{MARK}-(\w+);")


def escaped(value: object) -> str:
    """Markup as it is, all else as text that nobody takes for markup."""
    if type(value) is SafeString:
        return value
    if type(value) is not str:
        if isinstance(value, Promise):
            value = str(value)
        if hasattr(value, "__html__"):
            return value.__html__()
        value = str(value)
    return value.translate(ESCAPES)


def markup(pattern: str, *parts: object) -> SafeString:
    """`{}` in the pattern is the place of a part."""
    return SafeString(pattern.format(*_all_escaped(parts)))


def join_markup(parts: Iterable[object], between: str = "") -> SafeString:
    """One after the other; `between` is a text of the program too."""
    return SafeString(between.join(_all_escaped(parts)))


def _all_escaped(parts: Iterable[object]) -> list[str]:
    """As `escaped` does it, which is asked where a part is neither markup nor a text."""
    return [
        part if type(part) is SafeString else part.translate(ESCAPES) if type(part) is str else escaped(part)
        for part in parts
    ]


def draws_the_same(tag: Tag) -> Tag:
    """Says of a tag that it draws the same of equal arguments in one language, so that a template asks it once."""
    tag.draws_the_same = True  # type: ignore[attr-defined]
    return tag


def slot(name: str) -> str:
    """Stands in what is drawn for what `Slotted` puts there each time."""
    return f"{MARK}-{name};"


class Slotted:
    """Markup that was drawn once, with slots for what is another each time it is shown."""

    def __init__(self, drawn: SafeString) -> None:
        self._pieces = SLOT.split(drawn)

    def filled(self, slots: Mapping[str, object]) -> SafeString:
        """Each slot with its part, which is escaped unless it is markup."""
        pieces = self._pieces.copy()
        for place in range(1, len(pieces), 2):
            pieces[place] = escaped(slots[pieces[place]])
        return SafeString("".join(pieces))
