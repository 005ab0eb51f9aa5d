"""Reads CSV as spreadsheets and other systems write it, line by line, however large the file is.

What was recognized is kept, so that a page can say it. Nothing is guessed that could be wrong without being seen.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from subscriptions.base.names import character_name
from subscriptions.clouds import Text
from subscriptions.imports.encodings import Chunks, Encoding, recognize
from subscriptions.imports.problems import Fault, Problem, Unreadable, Wrong

MOST_CHARACTERS_OF_LINE = 100_000
MOST_COLUMNS = 64
MOST_KEPT = 10_000  # texts of cells, for as long as a file is read
SEPARATORS: dict[str, Text] = {";": _("Semicolon"), ",": _("Comma"), "\t": _("Tab")}
SEPARATOR_SAID = re.compile(r"^sep=(.)\s*$", re.IGNORECASE)  # a first line that Excel takes and writes
QUOTED = re.compile(r'"(?:[^"]|"")*"')
# What csv files of the portal put before a cell that would be a formula, and a spreadsheet before digits
APOSTROPHE = re.compile(r"^'(?='*\s*[=+\-@|0-9＝＋－＠｜])")
SEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
ADDED = ("error_code", "error")  # the columns that a file of failed lines has besides


class Header(NamedTuple):
    """A column that can be taken: its name, which is the same in every language, and what it is called in each."""

    name: str
    is_required: bool
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Layout:
    """What was recognized. `places` says where each column stands that is taken."""

    encoding: Encoding
    separator: str
    headers: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def taken(self) -> list[str]:
        return sorted(self.places, key=lambda name: self.places[name])

    @property
    def not_taken(self) -> list[str]:
        used = set(self.places.values())
        return [text for place, text in enumerate(self.headers) if place not in used and text and text not in ADDED]


@dataclass(frozen=True)
class Line:
    """One line of data as it stands in the file, which may be several lines of an editor."""

    number: int
    cells: tuple[str, ...]


class CsvFile:
    """A file of which `chunks` gives the bytes, from its beginning each time. Raises Unreadable."""

    def __init__(self, chunks: Chunks, headers: Sequence[Header]):
        self.chunks = chunks
        encoding = recognize(chunks)
        first, separator, self._skipped = self._first_line(encoding)
        self.layout = _layout(encoding, separator, first, headers)
        self._kept: dict[str, str] = {}  # what of a cell without unseen characters is kept: many cells are alike

    def _first_line(self, encoding: Encoding) -> tuple[tuple[str, ...], str, int]:
        """The headers, what separates them, and how many records come before them."""
        start = next(_lines(self.chunks, encoding), "")
        said = SEPARATOR_SAID.match(start)
        separator, before = (said[1], 1) if said else (_sniff(start), 0)
        records = islice(_records(self.chunks, encoding, separator), before, None)
        _number, first = next(records, (0, []))
        return tuple(first), separator, before + 1

    def lines(self) -> Iterator[Line]:
        """Those below the headers, without empty ones. Raises Unreadable where one breaks the file."""
        records = _records(self.chunks, self.layout.encoding, self.layout.separator)
        waiting = self._skipped
        for number, cells in records:
            if waiting:
                waiting -= 1
            elif any(cell.strip() for cell in cells):
                yield Line(number, tuple(cells))

    def cells_of(self, line: Line) -> tuple[dict[str, str], list[Problem]]:
        """Its cells by column, without what spreadsheets and the portal's own files put around them; and what of
        the line cannot be read."""
        cells = line.cells
        width = len(self.layout.headers)
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            return {}, [Problem(line.number, "", "", Wrong.CELLS, {"cells": str(len(cells)), "headers": str(width)})]
        kept: dict[str, str] = {}
        problems = []
        for name, place in self.layout.places.items():
            cell = cells[place]
            if cell in self._kept:
                kept[name] = self._kept[cell]
                continue
            text = bare(cell)
            kept[name] = storable(text)
            if unseen := SEEN.search(text):
                found = {"character": character_name(unseen[0])}
                problems.append(Problem(line.number, name, kept[name], Wrong.CONTROL, found))
            elif len(self._kept) < MOST_KEPT:
                self._kept[cell] = text
        return kept, problems


def bare(text: str) -> str:
    return APOSTROPHE.sub("", text.strip())


def storable(text: str) -> str:
    """Without the one character that no database takes: a cell that has it is wrong, and is shown."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _layout(encoding: Encoding, separator: str, first: tuple[str, ...], headers: Sequence[Header]) -> Layout:
    texts = tuple(storable(bare(text)) for text in first)
    while texts and not texts[-1]:
        texts = texts[:-1]
    if len(texts) > MOST_COLUMNS:
        raise Unreadable(Fault.TOO_MANY, number=len(texts), most=MOST_COLUMNS)
    known = {each: header.name for header in headers for each in (header.name, *header.labels)}
    named = [(known.get(spelling(text)), place) for place, text in enumerate(texts)]
    found = [(name, place) for name, place in named if name]
    if not found:
        raise Unreadable(Fault.NO_HEADER, columns=", ".join(header.name for header in headers))
    names = [name for name, _place in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Unreadable(Fault.TWICE, columns=", ".join(twice))
    if missing := [header.name for header in headers if header.is_required and header.name not in names]:
        raise Unreadable(Fault.MISSING, columns=", ".join(missing))
    return Layout(encoding, separator, texts, dict(found))


def spelling(text: str) -> str:
    """Of a header, however a spreadsheet or a person writes it."""
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _sniff(header: str) -> str:
    """What separates the headers, outside of quotation marks; a comma where there is only one."""
    outside = QUOTED.sub("", header)
    return max(SEPARATORS, key=lambda mark: (outside.count(mark), mark == ","))


def _records(chunks: Chunks, encoding: Encoding, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The number of its first line, and the cells, of each record that is not empty."""
    at = 0

    def counted() -> Iterator[str]:
        nonlocal at
        for line in _lines(chunks, encoding):
            at += 1
            yield line

    reader = csv.reader(counted(), delimiter=separator, strict=True)
    while True:
        first = at + 1
        try:
            record = next(reader, None)
        except csv.Error:
            raise Unreadable(Fault.QUOTES, line=first) from None
        if record is None:
            return
        if record:
            yield first, record


def _lines(chunks: Chunks, encoding: Encoding) -> Iterator[str]:
    """As long as a line may be, and no more of the file at once."""
    text = io.TextIOWrapper(io.BufferedReader(_Bytes(chunks())), encoding.codec, newline="")
    number = 0
    while line := text.readline(MOST_CHARACTERS_OF_LINE + 1):
        number += 1
        if len(line) > MOST_CHARACTERS_OF_LINE:
            raise Unreadable(Fault.LONG_LINE, line=number, most=MOST_CHARACTERS_OF_LINE)
        yield line


class _Bytes(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterator[bytes]):
        self._chunks, self._rest = chunks, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = bytes(chunk)
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
