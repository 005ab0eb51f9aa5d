"""Is the audit trail what it was? Its rows are held against the digests, and these against their chain."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from subscriptions.audit.day_digests import BEFORE_THE_FIRST, ID_BYTES, ONE_DAY, ROW_BYTES, Day, day_now, first_day
from subscriptions.models import AuditDigest

MOST_NAMED = 10


class Difference(Enum):
    ALTERED = "altered"
    DELETED = "deleted"
    INSERTED = "inserted afterwards"
    NO_DIGEST = "has no digest"
    CHAIN = "its digest does not follow from the day before and its rows"
    ANCHOR = "its digest is another one than that which left the database"


@dataclass(frozen=True)
class Found:
    """What differs on a day, and of rows how many, with the first IDs."""

    day: date
    difference: Difference
    number: int = 0
    ids: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.number:
            return f"{self.day}: {self.difference.value}"
        named = ", ".join(map(str, self.ids)) + (", …" if self.number > len(self.ids) else "")
        return f"{self.day}: {self.number} {self.difference.value}: {named}"


def verify(*, before: date, start: date | None = None, anchors: Mapping[date, str] | None = None) -> Iterator[Found]:
    """What differs, day by day up to the one before `before`. Nothing where all is as it was.

    `start` trusts what was before it; `anchors` are digests as they were mailed or logged. Needs the worker's scope.
    """
    digests = AuditDigest.objects.order_by("day")
    expected, chain = first_day(), BEFORE_THE_FIRST
    if start and (trusted := digests.filter(day__lt=start).last()):
        digests, expected, chain = digests.filter(day__gte=start), trusted.day + ONE_DAY, trusted.digest
    for kept in digests.iterator(chunk_size=1):
        yield from _without_digest(expected, kept.day)
        yield from _compare(kept, chain, (anchors or {}).get(kept.day))
        expected, chain = kept.day + ONE_DAY, kept.digest
    yield from _without_digest(expected, before)


def _without_digest(first: date | None, end: date) -> Iterator[Found]:
    day = first
    while day and day < end:
        yield Found(day, Difference.NO_DIGEST)
        day += ONE_DAY


def _compare(kept: AuditDigest, chain: str, anchor: str | None) -> Iterator[Found]:
    then, now = Day(kept.day, bytes(kept.fingerprints)), day_now(kept.day)
    if then.digest(chain) != kept.digest or then.rows != kept.rows:
        yield Found(kept.day, Difference.CHAIN)
    if anchor and anchor != kept.digest:
        yield Found(kept.day, Difference.ANCHOR)
    if then.fingerprints != now.fingerprints:
        yield from _rows_that_differ(kept.day, _by_id(then), _by_id(now))


def _rows_that_differ(day: date, then: dict[int, bytes], now: dict[int, bytes]) -> Iterator[Found]:
    altered = [key for key in then if key in now and then[key] != now[key]]
    deleted = [key for key in then if key not in now]
    inserted = [key for key in now if key not in then]
    of = {Difference.ALTERED: altered, Difference.DELETED: deleted, Difference.INSERTED: inserted}
    for difference, ids in of.items():
        if ids:
            yield Found(day, difference, len(ids), tuple(ids[:MOST_NAMED]))


def _by_id(day: Day) -> dict[int, bytes]:
    rows = (day.fingerprints[start : start + ROW_BYTES] for start in range(0, len(day.fingerprints), ROW_BYTES))
    return {int.from_bytes(row[:ID_BYTES], signed=True): row[ID_BYTES:] for row in rows}
