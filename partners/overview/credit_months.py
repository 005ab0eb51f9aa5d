"""What a partner gained and lost, counted by periods: one that began is gained, one that ended is lost.

A credit that was taken away and given back, as by an undo, is therefore one lost and one gained. A subscription that
is deleted ends no period, so it leaves the list of what is credited now without being counted as lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, QuerySet, Sum, Value

from partners.models import Partner, PartnerOfRecord
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.credit_values import PAID
from subscriptions.base.days import start_of

MONTHS = 12
RECENT_DAYS = 30


class Change(StrEnum):
    GAINED = "gained"
    LOST = "lost"


@dataclass(frozen=True)
class Month:
    first: date
    gained: int
    lost: int


def first_of_months(today: date) -> list[date]:
    """The first days of the last twelve months, this one last."""
    number = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - MONTHS + 1, number + 1)]


def next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months(partner: Partner, *, today: date, zone: str) -> list[Month]:
    """The last twelve months, as they are in that time zone, in one query."""
    firsts = first_of_months(today)
    starts = [start_of(first, zone) for first in firsts]
    gained, lost = (_counted(partner, what, starts) for what in Change)
    counted = gained.union(lost, all=True)
    found = {(row["what"], row["month"]): row["number"] for row in counted}
    return [
        Month(first, found.get((Change.GAINED, month), 0), found.get((Change.LOST, month), 0))
        for month, first in enumerate(firsts, start=1)
    ]


def _counted(partner: Partner, what: Change, starts: list[datetime]) -> QuerySet:
    """`month` is its number, from 1 on: the database is told where each begins, and asked for no zone."""
    rows = _changed(partner, what).filter(at__gte=starts[0])
    begins = Value(starts, output_field=ArrayField(DateTimeField()))
    number = Func(F("at"), begins, function="width_bucket", output_field=IntegerField())
    return rows.values(what=Value(what.value), month=number).annotate(number=Count("pk")).order_by()


@dataclass(frozen=True)
class Gain:
    """How many periods began or ended in a time, and the licenses then paid for, by product."""

    number: int
    licenses: dict[int, int]


def gains(partner: Partner, firsts: Sequence[date], *, zone: str) -> dict[Change, list[Gain]]:
    """Since the beginning of each of these days, in one statement for each change."""
    starts = [start_of(first, zone) for first in firsts]
    return {what: _gains(partner, what, starts) for what in Change}


def _gains(partner: Partner, what: Change, starts: Sequence[datetime]) -> list[Gain]:
    counted = {f"number_{place}": Count("pk", filter=Q(at__gte=start)) for place, start in enumerate(starts)}
    licenses = {
        f"licenses_{place}": Sum("licenses", filter=PAID & Q(at__gte=start), default=0)
        for place, start in enumerate(starts)
    }
    found = _changed(partner, what).filter(at__gte=min(starts)).order_by().values("product_id")
    rows = list(found.annotate(**counted, **licenses))
    return [
        Gain(
            sum(row[f"number_{place}"] for row in rows), {row["product_id"]: row[f"licenses_{place}"] for row in rows}
        )
        for place in range(len(starts))
    ]


def recent_changes(partner: Partner, what: Change, *, today: date, zone: str) -> PartnerOfRecordQuerySet:
    """The periods that began or ended in the last days, as `changes` gives those of a month."""
    return _changed(partner, what).filter(at__gte=start_of(first_of_recent(today), zone))


def first_of_recent(today: date) -> date:
    return today - timedelta(days=RECENT_DAYS - 1)


def changes(partner: Partner, what: Change, *, first: date, zone: str) -> PartnerOfRecordQuerySet:
    """The periods that began or ended in a month, each with the moment as `at`."""
    return _changed(partner, what).filter(at__gte=start_of(first, zone), at__lt=start_of(next_month(first), zone))


def _changed(partner: Partner, what: Change) -> PartnerOfRecordQuerySet:
    rows = PartnerOfRecord.objects.filter(partner=partner).with_bounds()
    if what is Change.GAINED:
        return rows.annotate(at=F("began"))
    return rows.filter(valid__upper_inf=False).annotate(at=F("ended"))
