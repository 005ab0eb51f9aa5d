"""Days as organizations live them: in their own time zone."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
