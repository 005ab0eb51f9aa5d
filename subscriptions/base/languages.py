"""Texts that staff write in the portal's languages: a column for each, read in the reader's, else in another one."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

COLUMNS = {code: code.replace("-", "_") for code, _label in settings.LANGUAGES}


def columns_of(text: str) -> tuple[str, ...]:
    """The columns of a text, in the order in which one stands in for another."""
    return tuple(f"{text}_{column}" for column in COLUMNS.values())


def in_language(row: Mapping[str, Any], text: str) -> str:
    """The text in the reader's language; where it is not written, in the first that it is written in, else empty."""
    own = COLUMNS.get(translation.get_language() or "")
    columns = [*([f"{text}_{own}"] if own else []), *columns_of(text)]
    return next((row[column] for column in columns if row[column]), "")
