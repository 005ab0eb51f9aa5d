"""An organization, whole: a file for each of its tables, read from its own rows while they are sent."""

import io
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import connection
from django.utils import timezone, translation

from subscriptions.db import scopes
from subscriptions.exports.tables import TABLES
from subscriptions.models import Tenant

# For each fetch, and for the time that a slow reader leaves between two
LIMITS = "SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
Files = Iterator[tuple[str, Iterator[bytes]]]


def files_of(tenant: Tenant) -> Files:
    """Name and content of each, one after the other, in the language of now: the request may be over by then."""
    return _files(tenant, translation.get_language())


def _files(tenant: Tenant, language: str | None) -> Files:
    with scopes.exporting(tenant.pk):
        with connection.cursor() as cursor:
            cursor.execute(LIMITS)
        for table in TABLES:
            with translation.override(language):
                chunks = table.chunks(tenant)
            yield f"{table.name}.csv", chunks


def archive_name(tenant: Tenant) -> str:
    return f"{tenant.slug}-{timezone.now():%Y-%m-%d}"


class _Sent(io.RawIOBase):
    """Something to write to that keeps no more than what was not taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._parts = b"".join(self._parts), []
        return taken


def zipped(files: Files, *, folder: str) -> Iterator[bytes]:
    """A zip with a folder of these files, of which never more is kept than a chunk."""
    sent, now = _Sent(), timezone.now().timetuple()[:6]
    with ZipFile(sent, "w", ZIP_DEFLATED) as archive:
        for name, chunks in files:
            entry = ZipInfo(f"{folder}/{name}", now)
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as file:
                for chunk in chunks:
                    file.write(chunk)
                    if part := sent.take():
                        yield part
    yield sent.take()
