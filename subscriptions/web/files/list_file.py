"""A list as a file: as it is filtered, all pages, read while it is sent.

It is read in the scope of its page, which is over by then, and in a transaction of its own: who stops reading ends
the query with it. Where each of its columns can be said in SQL, the database writes the lines (`copied_rows`); else
they are made here of rows that are read (`csv_rows`). The file is the same.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from subscriptions.clouds import Text
from subscriptions.db import scopes
from subscriptions.db.limits import TooManyRequests
from subscriptions.db.locks import try_name
from subscriptions.db.standby import require_primary
from subscriptions.exports.acts import record_list
from subscriptions.web.files.copied_rows import cells_in_sql, copied_chunks, copy_statement
from subscriptions.web.files.csv_rows import CONTENT_TYPE, csv_chunks, csv_lines
from subscriptions.web.files.file_rows import FileRows
from subscriptions.web.responses import begun, too_many_requests

ROWS_A_FETCH = 2000
ROWS_AT_ONCE = 500  # that are found out about together
# For each fetch, and for the time that a slow reader leaves between two
LIMITS = "SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
MOST_FILE_SECONDS = 300  # for the whole of it
# COPY is one statement from the first line to the last, and writes days and moments as the session says
LIMITS_OF_COPY = f"SET LOCAL statement_timeout = '{MOST_FILE_SECONDS}s'; SET LOCAL DateStyle = 'ISO, YMD'"
RETRY_SECONDS = 30
FIRST_CHUNKS = 2

Filled = Callable[[list[dict]], Iterable[Any]]


class FileTookTooLong(Exception):
    """The file ends unfinished, which its reader sees by the broken connection."""


@dataclass(frozen=True)
class ListFile:
    """A list as it is filtered; the audit trail calls it by its `title`, the file by its `name` and the day.

    `counted` are the same rows without what only the columns read, which would be joined to each for nothing.
    `filled` makes of many rows what the columns read, where these alone do not say it. `reading` is the scope in
    which the rows are read, where it is another than the page's.
    """

    columns: FileRows
    rows: QuerySet
    title: Text
    name: str
    filled: Filled | None = None
    counted: QuerySet | None = None
    reading: Callable[[], AbstractContextManager[Any]] = nullcontext


def file_answer(request: Any, file: ListFile) -> HttpResponseBase:
    """The one way for a list to leave the portal: it is audited who had it, with which filters, and how many rows."""
    require_primary()
    tenant, partner = getattr(request, "tenant", None), getattr(request, "partner", None)
    with file.reading():
        number = (file.rows if file.counted is None else file.counted).order_by().count()
    of, filters = getattr(partner, "uuid", None), request.GET.urlencode()
    record_list(name=file.title, rows=number, filters=filters, by=request.actor, tenant=tenant, of=of)
    with file.reading():
        person = request.user.pk or request.actor.counted_as
        return csv_answer(file.columns.header(), lines_of(file, person_id=person), name=file.name)


def csv_answer(header: Sequence[str], lines: Iterator[bytes], *, name: str) -> HttpResponseBase:
    """Of lines that are read while it is sent; whoever calls it has audited that they leave."""
    response = StreamingHttpResponse(beginning_with(header, lines), content_type=CONTENT_TYPE)
    named = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    return response


def beginning_with(header: Sequence[str], lines: Iterator[bytes]) -> Iterator[bytes]:
    """The first part waits for the first lines, so that what hinders them can still be answered otherwise.

    A short file has been read to its end by then: an answer that nobody reads holds no connection.
    """
    yield b"".join([*csv_chunks(header, []), *islice(lines, FIRST_CHUNKS)])
    yield from lines


def lines_of(file: ListFile, *, person_id: int | str) -> Iterator[bytes]:
    """In the scope of now. Raises FileTookTooLong, and TooManyRequests before the first line."""
    cells = cells_in_sql(file.columns.columns)
    if cells is None or file.filled:
        return csv_lines(file.columns.plain(read_again(file.rows, filled=file.filled or list, person_id=person_id)))
    statement = copy_statement(file.rows, cells)
    return reading_file(lambda reading: reading.copied(statement), person_id=person_id)


def read_again(rows: QuerySet, *, filled: Filled, person_id: int | str) -> Iterator[Any]:
    """In the scope of now. Raises FileTookTooLong, and TooManyRequests before the first row."""
    return reading_file(lambda reading: reading.each(rows, filled), person_id=person_id)


@dataclass(frozen=True)
class Reading:
    """A file while it is read: in which scope, and until when."""

    scope: scopes.Scope
    deadline: float

    def each(self, rows: QuerySet, filled: Filled) -> Iterator[Any]:
        """Raises FileTookTooLong."""
        found = rows.iterator(chunk_size=ROWS_A_FETCH)
        while several := list(islice(found, ROWS_AT_ONCE)):
            if monotonic() > self.deadline:
                raise FileTookTooLong
            yield from filled(several)

    def copied(self, statement: str) -> Iterator[bytes]:
        """Raises FileTookTooLong."""
        with connection.cursor() as cursor:
            cursor.execute(LIMITS_OF_COPY)
        with closing(copied_chunks(statement)) as chunks:  # before the transaction ends, whatever ends it
            for lines in chunks:
                if monotonic() > self.deadline:
                    raise FileTookTooLong
                yield lines


def reading_file(read: Callable[[Reading], Iterator[Any]], *, person_id: int | str) -> Iterator[Any]:
    """What `read` finds, in a transaction of its own that begins in the scope of now; raises as `read_again`."""
    return _read(scopes.current(), read, person_id)


def _read(setting: scopes.Setting, read: Callable[[Reading], Iterator[Any]], person_id: int | str) -> Iterator[Any]:
    deadline = monotonic() + MOST_FILE_SECONDS
    with scopes.again(setting) as scope:
        _require_no_other(person_id)
        with connection.cursor() as cursor:
            cursor.execute(LIMITS)
        yield from read(Reading(scope, deadline))


def _require_no_other(person_id: int | str) -> None:
    """One file at a time of a person or an application: each holds a thread and a connection while it is sent."""
    if not try_name("export", person_id):
        raise TooManyRequests(RETRY_SECONDS)


def sent(request: Any, response: Any) -> Any:
    """A file begins outside the scope of its page, so that what hinders it can still be answered otherwise."""
    if not isinstance(response, StreamingHttpResponse):
        return response
    try:
        return begun(response)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
