"""Days as organizations live them: in their own time zone.

Python's zones are the one authority: the database is told days and moments, and never asked about a zone by its name,
because it may not know one that Python knows.
"""

from calendar import monthrange
from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.db.models import Case, DateField, Q, Value, When
from django.utils import timezone

FIRST, LAST = date(2000, 1, 1), date(2200, 1, 1)  # what a form takes as a day


def start_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def end_of(day: date, zone: str) -> datetime:
    """The first moment of the next day, which no longer belongs to this one."""
    return start_of(day + timedelta(days=1), zone)


def today_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def in_its_month(day: date, anchor: int) -> date:
    """The anchor's day of that month; the month's last day where it has no such day."""
    return day.replace(day=min(anchor, monthrange(day.year, day.month)[1]))


def today_by_zone(column: str) -> Case:
    """For a query: the day that it is where the row's zone is; UTC's where that is no zone."""
    now = timezone.now().astimezone(UTC)
    elsewhere = _zones_of_other_days(now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0))
    whens = (When(Q((f"{column}__in", zones)), then=Value(day)) for day, zones in elsewhere)
    return Case(*whens, default=Value(now.date()), output_field=DateField())


@lru_cache(maxsize=2)
def _zones_of_other_days(quarter: datetime) -> list[tuple[date, list[str]]]:
    """The zones in which it is another day than in UTC; a day begins on a quarter of an hour everywhere."""
    found = defaultdict(list)
    for zone in sorted(available_timezones()):
        found[today_in(zone, quarter)].append(zone)
    found.pop(quarter.date(), None)
    return sorted(found.items())
