"""The lines with errors as a file: the same columns, and two more that say what is wrong."""

import csv
from collections.abc import Iterator
from itertools import groupby

from django.utils import translation

from subscriptions.db import scopes
from subscriptions.imports.csv_reader import ADDED, CsvFile, Line, bare
from subscriptions.imports.reads import describe_problem
from subscriptions.imports.runs import open_file
from subscriptions.models import ImportProblem, ImportRun
from subscriptions.web.files.csv_rows import BYTE_ORDER_MARK, cell

LINES_A_CHUNK = 500


class _Lines:
    def write(self, line: str) -> str:
        return line


def failed_lines(run: ImportRun) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, read while it is sent, in scopes of its own and in the language of now."""
    return _chunks(run, translation.get_language() or run.language)


def _chunks(run: ImportRun, language: str) -> Iterator[bytes]:
    with scopes.importing():
        file = open_file(run)
    writer = csv.writer(_Lines(), delimiter=file.layout.separator)
    yield (BYTE_ORDER_MARK + writer.writerow([*_own(file, file.layout.headers), *ADDED])).encode()
    lines, after = file.lines(), 0
    while True:
        with scopes.importing(), translation.override(language):
            told = _told(run, after)
            wanted, text = dict(told), ""
            while wanted:
                line = next(lines)
                if problems := wanted.pop(line.number, None):
                    text += writer.writerow(map(cell, [*_whole(file, line), *problems]))
        if not told:
            return
        after = told[-1][0]
        yield text.encode()


def _told(run: ImportRun, after: int) -> list[tuple[int, tuple[str, str]]]:
    """The next wrong lines in their order, each with its codes and sentences."""
    rows = ImportProblem.objects.filter(run=run, line__gt=after).order_by("line")
    numbers = list(rows.values_list("line", flat=True).distinct()[:LINES_A_CHUNK])
    found = ImportProblem.objects.filter(run=run, line__in=numbers).order_by("line", "id")
    return [(line, _in_words(list(problems))) for line, problems in groupby(found, key=lambda each: each.line)]


def _in_words(problems: list[ImportProblem]) -> tuple[str, str]:
    sentences = [describe_problem(problem).of_column(problem.column) for problem in problems]
    return " ".join(dict.fromkeys(problem.code for problem in problems)), " | ".join(sentences)


def _own(file: CsvFile, cells: tuple[str, ...]) -> list[str]:
    """Without what such a file has added before."""
    return [text for text, header in zip(cells, file.layout.headers, strict=False) if header not in ADDED]


def _whole(file: CsvFile, line: Line) -> list[str]:
    """As many cells as there are headers, so that what is wrong stands below its own."""
    missing = len(file.layout.headers) - len(line.cells)
    return [bare(text) for text in _own(file, (*line.cells, *[""] * missing))]
