"""Rows as CSV that a spreadsheet opens without surprise: no cell becomes a formula, and numbers stay numbers."""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import chain, islice

CONTENT_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the machine's own encoding
FORMULA_STARTS = tuple(
    "=+-@|\t\r＝＋－＠｜"
)  # the wide ones too, as spreadsheets in Chinese take them for the others
# A text of which a reader would take the first character for a quote that such a file has put there
QUOTED_ALREADY = re.compile(r"^'+\s*[=+\-@|0-9＝＋－＠｜]")
STRIPPED_CATEGORIES = {"Cc", "Zl", "Zp"}  # control characters, and line ends of other alphabets
ROWS_A_CHUNK = 500


class _Lines:
    """Something to write to that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, many lines at a time; `rows` is read no faster than the answer is sent."""
    parts = csv_lines(chain([header], rows))
    yield BYTE_ORDER_MARK.encode() + next(parts)
    yield from parts


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The same without the mark."""
    line_of = line_writer()
    lines = (line_of(map(cell, row)) for row in rows)
    while chunk := "".join(islice(lines, ROWS_A_CHUNK)):
        yield chunk.encode()


def line_writer() -> Callable[[Iterable[object]], str]:
    """Of cells that are harmless; for one thread."""
    return csv.writer(_Lines()).writerow


def cell(value: object) -> object:
    """Text is made harmless, days and moments are written as ISO 8601; a number stays what it is."""
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = strip_unseen(value)
    starts_formula = value.lstrip(" ").startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
    return f"'{text}" if starts_formula or QUOTED_ALREADY.match(text) else text


def strip_unseen(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) not in STRIPPED_CATEGORIES)
