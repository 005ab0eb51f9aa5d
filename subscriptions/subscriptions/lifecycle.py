"""The states of a subscription as one rule of dates.

Paid or tried until the day on which the term ends; expired from that day on, and everybody still works; disabled 30
days later; deleted 90 days after that. All days are days in the organization's zone. Nothing here reads the database.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from subscriptions.base.days import in_its_month
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import FOLLOWS, first_day
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus

TRIAL_EXTENSION = timedelta(days=30)
TRIAL_MAY_BE_EXTENDED = timedelta(days=15)  # before its end
TRIAL_REMINDER = timedelta(days=7)  # before its end


@dataclass(frozen=True, kw_only=True)
class Life:
    """What the rule needs to know. `goes_on`: whether the end of the term begins another paid one."""

    status: SubscriptionStatus
    term_ends_on: date
    anchor_day: int
    frequency: BillingFrequency
    goes_on: bool


def life_of(row: Subscription) -> Life:
    """A paid subscription goes on by itself; of a trial the price of the day decides."""
    return Life(
        status=SubscriptionStatus(row.status),
        term_ends_on=row.term_ends_on,
        anchor_day=row.anchor_day,
        frequency=BillingFrequency(row.billing_frequency),
        goes_on=row.renews,
    )


def today_of(tenant: Tenant) -> date:
    """The day that it is where the organization is: terms are days there. Prices are not: price_day."""
    return timezone.now().astimezone(ZoneInfo(tenant.time_zone)).date()


def following(life: Life, today: date) -> Life | None:
    """The next step that is due by this day, one at a time: after a downtime there may be several."""
    follows = FOLLOWS.get(life.status)
    if follows is None or today < first_day(follows, life.term_ends_on):
        return None
    if follows is SubscriptionStatus.EXPIRED and life.goes_on:
        return replace(life, status=SubscriptionStatus.ACTIVE, term_ends_on=next_term_end(life))
    return replace(life, status=follows)


def first_term_end(start: date, frequency: str) -> date:
    """Until when what is bought on that day is paid for."""
    return months_later(start, BillingFrequency(frequency).months)


def next_term_end(life: Life) -> date:
    """One term later, on the anchor's day: what a short month cut ends on its own day again in a longer one."""
    return months_later(life.term_ends_on, life.frequency.months, anchor=life.anchor_day)


def months_later(start: date, months: int, *, anchor: int | None = None) -> date:
    """The same day of a later month (or the anchor's); the month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    return in_its_month(date(start.year + years, month + 1, 1), anchor or start.day)


def term_after(life: Life, today: date) -> date:
    """The end of the first term, counted on from the old end, that is still to come."""
    while life.term_ends_on <= today:
        life = replace(life, term_ends_on=next_term_end(life))
    return life.term_ends_on
