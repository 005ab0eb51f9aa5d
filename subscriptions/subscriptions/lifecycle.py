"""The states of a subscription as one rule of dates: field.md 6.

Paid or tried until the day on which the term ends; expired from that day on, and everybody still works; disabled 30
days later; deleted 90 days after that. All days are days in the organization's zone. Nothing here reads the database.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from subscriptions.models import Subscription, Tenant
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus

FOLLOWS = {TRIAL: EXPIRED, ACTIVE: EXPIRED, EXPIRED: DISABLED, DISABLED: DELETED}
DAYS_AFTER_END = {EXPIRED: 0, DISABLED: 30, DELETED: 120}

TRIAL_EXTENSION = timedelta(days=30)
TRIAL_MAY_BE_EXTENDED = timedelta(days=15)  # before its end
TRIAL_REMINDER = timedelta(days=7)  # before its end


@dataclass(frozen=True, kw_only=True)
class Life:
    """What the rule needs to know. `goes_on`: whether the end of the term begins another paid one."""

    status: SubscriptionStatus
    started_on: date
    term_ends_on: date
    frequency: BillingFrequency
    goes_on: bool


def life_of(row: Subscription) -> Life:
    """A paid subscription goes on by itself; of a trial the price of the day decides."""
    return Life(
        status=SubscriptionStatus(row.status),
        started_on=row.started_on,
        term_ends_on=row.term_ends_on,
        frequency=BillingFrequency(row.billing_frequency),
        goes_on=row.renews,
    )


def today_of(tenant: Tenant) -> date:
    """The day that it is where the organization is: terms are days there. Prices are not: price_day."""
    return timezone.now().astimezone(ZoneInfo(tenant.time_zone)).date()


def first_day(status: SubscriptionStatus, term_ends_on: date) -> date:
    """The first day of a state that follows the end of the term."""
    return term_ends_on + timedelta(days=DAYS_AFTER_END[status])


def following(life: Life, today: date) -> Life | None:
    """The next step that is due by this day, one at a time: after a downtime there may be several."""
    follows = FOLLOWS.get(life.status)
    if follows is None or today < first_day(follows, life.term_ends_on):
        return None
    if follows is EXPIRED and life.goes_on:
        return replace(life, status=ACTIVE, term_ends_on=next_term_end(life))
    return replace(life, status=follows)


def first_term_end(start: date, frequency: str) -> date:
    """Until when what is bought on that day is paid for."""
    return months_later(start, BillingFrequency(frequency).months)


def next_term_end(life: Life) -> date:
    """One term later. A term that was cut by a short month ends on its own day again as soon as a month has it."""
    return months_later(life.term_ends_on, life.frequency.months, day=_own_day(life))


def months_later(start: date, months: int, *, day: int | None = None) -> date:
    """The same day of a later month (or `day`, where given); the month's last day where it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(day or start.day, monthrange(year, month)[1]))


def _own_day(life: Life) -> int:
    """The day of the month on which the first term began, as long as the terms still follow it."""
    end, began = life.term_ends_on, life.started_on.day
    last = monthrange(end.year, end.month)[1]
    return began if end.day == min(began, last) else end.day


def term_after(life: Life, today: date) -> date:
    """The end of the first term, counted on from the old end, that is still to come."""
    while life.term_ends_on <= today:
        life = replace(life, term_ends_on=next_term_end(life))
    return life.term_ends_on
