"""The files that were brought in: kept in the database in pieces, so that every worker reads them, and none whole."""

import hashlib
from collections.abc import Iterable, Iterator

from subscriptions.imports.problems import Fault, Unreadable
from subscriptions.models import ImportChunk, ImportRun

CHUNK = 256 * 1024
MOST_BYTES_OF_FILE = 500 * 1024 * 1024  # a million lines and more, by the command; a browser brings less


def name_kept(name: str, most: int) -> str:
    """The end of a file's name, without letters that nobody sees."""
    return "".join(letter for letter in name if letter.isprintable())[-most:]


def pieces(given: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in pieces of one size. Raises Unreadable for a file that is too large, before all is read."""
    rest, size = bytearray(), 0
    for part in given:
        size += len(part)
        if size > MOST_BYTES_OF_FILE:
            raise Unreadable(Fault.TOO_LARGE, most=MOST_BYTES_OF_FILE // (1024 * 1024))
        rest += part
        while len(rest) >= CHUNK:
            yield bytes(rest[:CHUNK])
            del rest[:CHUNK]
    if rest:
        yield bytes(rest)


def keep(run: ImportRun, given: Iterable[bytes]) -> None:
    """Stores the pieces of a run's file and notes size and digest on the run, which is saved. Raises Unreadable."""
    digest, size = hashlib.sha256(), 0
    for number, content in enumerate(pieces(given)):
        digest.update(content)
        size += len(content)
        ImportChunk.objects.create(run=run, number=number, content=content)
    run.size, run.digest = size, digest.hexdigest()
    run.save(update_fields=["size", "digest"])


def chunks_of(run: ImportRun) -> Iterator[bytes]:
    """Piece by piece, each by a statement of its own, in whatever scope is in force at that moment."""
    number = 0
    while content := ImportChunk.objects.filter(run=run, number=number).values_list("content", flat=True).first():
        yield bytes(content)
        number += 1


def digest_of(run: ImportRun) -> str:
    """Of the file as it is kept now."""
    digest = hashlib.sha256()
    for content in chunks_of(run):
        digest.update(content)
    return digest.hexdigest()
