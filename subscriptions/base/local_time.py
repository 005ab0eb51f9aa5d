"""Moments as the clocks of a zone show them, in SQL: the database is told how far from UTC they are, and when.

It is never asked about a zone by its name (see `days`). What it is told is of these years; before and after them a
zone keeps the distance that it had at their edge.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import CharField, DateField, Func

YEARS = (1970, 2100)
DAY = timedelta(days=1)  # no zone has changed its distance twice within one
Branch = Callable[[str, timedelta], str]


@lru_cache(maxsize=64)
def distances(zone: tzinfo) -> tuple[tuple[datetime, timedelta], ...]:
    """From which moments on a zone is how far from UTC; the first is that of the first year."""
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in YEARS)
    days = [first + number * DAY for number in range((last - first).days)]
    found = [(first, _distance(zone, first))]
    for before, after in pairwise(days):
        if (distance := _distance(zone, after)) != found[-1][1]:
            found.append((_change(zone, before, after), distance))
    return tuple(found)


def _distance(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first second of the new distance, between two moments of which the second has it."""
    new = _distance(zone, after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (before, middle) if _distance(zone, middle) == new else (middle, after)
    return after


def _by_distance(sql: str, found: tuple[tuple[datetime, timedelta], ...], branch: Branch) -> str:
    """The branch of the distance that was in force; as few comparisons a row as there can be."""
    if len(found) == 1:
        return branch(sql, found[0][1])
    middle = len(found) // 2
    before, after = (_by_distance(sql, half, branch) for half in (found[:middle], found[middle:]))
    return f"CASE WHEN {sql} < '{found[middle][0].isoformat()}' THEN {before} ELSE {after} END"


def _day(sql: str, distance: timedelta) -> str:
    return f"({sql} + interval '{distance.total_seconds():.0f} s')::date"


def _clock(sql: str, distance: timedelta) -> str:
    """As Python's isoformat without fractions of a second."""
    written = datetime(2000, 1, 1, tzinfo=timezone(distance)).isoformat()[19:]
    return f"to_char({sql} + interval '{distance.total_seconds():.0f} s', 'YYYY-MM-DD\"T\"HH24:MI:SS\"{written}\"')"


class _Local(Func):
    branch: Branch

    def __init__(self, moment: Any, zone: tzinfo, **extra: Any) -> None:
        super().__init__(moment, **extra)
        self.zone = zone

    def as_sql(self, compiler, connection, **_extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Needs a session whose own zone is UTC, which is Django's."""
        sql, params = compiler.compile(self.source_expressions[0])
        assert not params  # noqa: S101 - a column of the row: it is said several times
        return _by_distance(sql, distances(self.zone), type(self).branch), []


class LocalDay(_Local):
    """The day that it is at a moment."""

    output_field = DateField()
    branch = staticmethod(_day)


class LocalClock(_Local):
    """Day, time and distance to UTC, as `isoformat` writes them to the second."""

    output_field = CharField()
    branch = staticmethod(_clock)
