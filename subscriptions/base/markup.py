"""Markup is written here: what is put into a pattern is escaped, unless it was written here before.

As Django's own `format_html` and `format_html_join` write it, for what a page draws hundreds of times. A pattern is
always a text of the program, never of a person.
"""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.safestring import SafeString

ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
NOTHING = SafeString("")


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
    return SafeString(pattern.format(*map(escaped, parts)))


def join_markup(parts: Iterable[object], between: str = "") -> SafeString:
    """One after the other; `between` is a text of the program too."""
    return SafeString(between.join(map(escaped, parts)))
