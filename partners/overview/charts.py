"""An organization's credits in numbers: by partner over twelve months, and what each month costs by partner.

Each is one statement, whatever the organization's size; deleted subscriptions count in neither.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Sum, Value

from partners.models import PartnerOfRecord
from partners.overview.credit_months import MONTHS, first_of_months
from subscriptions.base.days import start_of
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import SubscriptionStatus


@dataclass(frozen=True)
class Series:
    """Of one partner, or of several together: how many subscriptions credit it at the end of each month, now last."""

    name: str
    counts: list[int]
    number: str = ""


@dataclass(frozen=True)
class Trend:
    months: list[date]
    series: list[Series]

    @property
    def totals(self) -> list[int]:
        return [sum(counts) for counts in zip(*(each.counts for each in self.series), strict=True)]


@dataclass(frozen=True)
class Share:
    """What the active subscriptions of one partner cost a month, an annual term by a twelfth.

    Without a number it is that of several partners, or without a name that of nobody.
    """

    cost: Decimal
    subscriptions: int
    currency: str
    name: str = ""
    number: str = ""


@dataclass
class _Found:
    name: str = ""
    changes: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def credit_trend(tenant: Tenant, *, today: date) -> Trend:
    """By partner, who has most now first; a partner that has none and had none in these months is left out."""
    months = first_of_months(today)
    starts = Value([start_of(first, tenant.time_zone) for first in months], output_field=ArrayField(DateTimeField()))

    def month_of(bound: str) -> Func:
        at = Func(F("valid"), function=bound, output_field=DateTimeField())
        return Func(at, starts, function="width_bucket", output_field=IntegerField())

    periods = PartnerOfRecord.objects.filter(tenant=tenant).of_existing_subscriptions()
    counted = periods.values(began=month_of("lower"), ended=month_of("upper"), number=F("partner__number"))
    found: dict[str, _Found] = defaultdict(_Found)
    for row in counted.annotate(named=F("partner__name"), many=Count("pk")).order_by():
        found[row["number"]].name = row["named"]
        found[row["number"]].changes[max(row["began"], 1)] += row["many"]
        if row["ended"] is not None:
            found[row["number"]].changes[max(row["ended"], 1)] -= row["many"]
    series = [Series(each.name, _summed(each.changes), number) for number, each in found.items()]
    series.sort(key=lambda each: (-each.counts[-1], each.name, each.number))
    return Trend(months, [each for each in series if any(each.counts)])


def _summed(changes: dict[int, int]) -> list[int]:
    """At the end of each month, from what was added and taken in each; 1 is the first and all before it."""
    return [sum(number for month, number in changes.items() if month <= last) for last in range(1, MONTHS + 1)]


def cost_by_partner(tenant: Tenant, *, today: date) -> list[Share]:
    """Of active subscriptions by partner of record and currency, the dearest first, nobody's last."""
    active = Subscription.objects.filter(in_state(SubscriptionStatus.ACTIVE, today), tenant=tenant).with_partner()
    rows = active.values("currency", "current__partner__name", "current__partner__number")
    counted = rows.annotate(sum=Sum("cost_per_month"), many=Count("pk")).order_by()
    shares = [
        Share(
            cost=row["sum"],
            subscriptions=row["many"],
            currency=row["currency"],
            name=row["current__partner__name"] or "",
            number=row["current__partner__number"] or "",
        )
        for row in counted
    ]
    return sorted(shares, key=lambda share: (not share.number, -share.cost, share.number))
