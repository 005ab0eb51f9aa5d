"""Rows as CSV that the database writes: COPY, of which each line is made ready there and none in Python.

What makes a cell harmless is said once, in `csv_rows.cell`. In SQL a text that does not begin like a word or a number
is only marked, with a control character; and a line that has any of these, a mark or one of its own, is written
again, each such cell by `cell`. Of a hundred thousand lines that is hardly one.
"""

import csv
import re
from collections.abc import Generator, Sequence
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, F, Func, QuerySet, TextField

from subscriptions.web.files.csv_rows import cell, line_writer, strip_unseen
from subscriptions.web.files.file_values import FileValue
from subscriptions.web.tables import Column

LINES_A_CHUNK = 1000  # some 150 kB
MARK = "\x01"
# What a text begins with of which `cell` changes nothing but characters that are seen in any line: letters of these
# code points, both included
BEGINNINGS = ((65, 122), (48, 57), (192, 5759), (12289, 65279))
# Of a line in UTF-8: control characters but the end of the line, and what those of other alphabets begin with
SEEN = bytes(code for code in range(256) if (code >= 32 and code != 127) or code == 10)
MAY_BE_UNSEEN = (b"\xc2", b"\xe2\x80")
UNSEEN = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")


class Marked(Func):
    """A text, marked; whatever is no text as it is."""

    def as_sql(self, compiler, connection, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        source = self.source_expressions[0]
        sql, params = compiler.compile(source)
        is_text = isinstance(source.output_field, (CharField, TextField))
        return (marked(sql), [*params] * marked(sql).count(sql)) if is_text else (sql, [*params])


def marked(text: str) -> str:
    """Of a text in SQL, as COPY may write it: marked where `cell` has to look at it, nothing where it is empty."""
    first, *others = (f"ascii({text}) BETWEEN {least} AND {most}" for least, most in BEGINNINGS)
    whens = f"WHEN {first} THEN {text} WHEN {text} = '' THEN NULL WHEN {' OR '.join(others)} THEN {text}"
    return f"CASE {whens} ELSE chr({ord(MARK)}) || {text} END"


def cells_in_sql(columns: Sequence[Column]) -> list[Any] | None:
    """In the language and zone of now; None where only Python can say one of them."""
    values = [column.value for column in columns]
    if not all(isinstance(value, (str, FileValue)) for value in values):
        return None
    return [value.in_sql() if isinstance(value, FileValue) else Marked(F(str(value))) for value in values]


def copy_statement(rows: QuerySet, cells: Sequence[Any]) -> str:
    """The arguments stand in it, as COPY takes none. Needs no scope, and is empty where no row can be found."""
    named = {f"cell_{number}": each for number, each in enumerate(cells)}
    try:
        sql, params = rows.annotate(**named).values_list(*named).query.sql_with_params()
    except EmptyResultSet:
        return ""
    with connection.cursor() as cursor:
        return f"COPY ({cursor.mogrify(sql, params)}) TO STDOUT (FORMAT csv)"


def copied_chunks(statement: str) -> Generator[bytes, None, None]:
    """Many lines at a time, in the scope of now. Who closes this ends the query.

    While it is under way the driver lets no other statement use the connection, and waits.
    """
    if not statement:
        return
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        lines = iter(copy)
        while several := list(islice(lines, LINES_A_CHUNK)):
            yield harmless(several)


def harmless(lines: Sequence[bytes]) -> bytes:
    """Lines of COPY as the writer in Python would have written them."""
    together = b"".join(lines)
    if _needs_care(together, len(lines)):
        return b"".join(_again(line) if _needs_care(line, 1) else line[:-1] + b"\r\n" for line in map(bytes, lines))
    return together.replace(b"\n", b"\r\n")


def _needs_care(text: bytes, lines: int) -> bool:
    if text.translate(None, SEEN) or text.count(b"\n") != lines:
        return True
    return not text.isascii() and any(each in text for each in MAY_BE_UNSEEN) and bool(UNSEEN.search(text))


def _again(line: bytes) -> bytes:
    """A number is never marked, and has nothing that would be stripped."""
    cells = next(csv.reader([line.decode()]))
    mended = (text if strip_unseen(text) == text else cell(text.removeprefix(MARK)) for text in cells)
    return line_writer()(mended).encode()
