"""The states of a subscription as one rule of dates: field.md 6.

Paid or tried until the day on which the term ends; expired from that day on, and everybody still works; disabled 30
days later; deleted 90 days after that. All days are days in the organisation's zone. Nothing here reads the database.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from subscriptions.days import in_its_month
from subscriptions.models import Subscription, Tenant
from subscriptions.models.subscription import PARTNER_MAY_BE_SET, BillingFrequency, SubscriptionStatus

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
    """The day that it is where the organisation is: terms are days there. Prices are not: price_day."""
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


def status_by_date(*, status: str, term_ends_on: date, payment_method: str, today: date) -> SubscriptionStatus:
    """A trial that nobody pays for lapses on its day, whether the hourly job has written that yet or not."""
    reached = [state for state in DAYS_AFTER_END if first_day(state, term_ends_on) <= today]
    if status != TRIAL or payment_method or not reached:
        return SubscriptionStatus(status)
    return reached[-1]


def judge_by_date(row: Subscription, today: date) -> None:
    """Gives a row that was read the status that it has by its date; what is stored is for the hourly job to write."""
    row.status = status_by_date(
        status=row.status, term_ends_on=row.term_ends_on, payment_method=row.payment_method, today=today
    )


def becomes_paid(today: date) -> Q:
    """Trials that are over and will be paid for: the hourly job has yet to begin their first paid term."""
    return Q(status=TRIAL, term_ends_on__lte=today) & ~Q(payment_method="")


def in_state(status: str, today: date) -> Q:
    """The rows that are in a state by their date: `status_by_date` for a query."""
    lapsed = Q(status=TRIAL, payment_method="", term_ends_on__lte=today)
    if status == TRIAL:
        return Q(status=TRIAL) & ~lapsed
    if status not in DAYS_AFTER_END:
        return Q(status=status)
    since = Q(term_ends_on__lte=today - timedelta(days=DAYS_AFTER_END[SubscriptionStatus(status)]))
    if follows := FOLLOWS.get(SubscriptionStatus(status)):
        since &= Q(term_ends_on__gt=today - timedelta(days=DAYS_AFTER_END[follows]))
    return Q(status=status) | (lapsed & since)


def partner_may_be_set(today: date) -> Q:
    """PARTNER_MAY_BE_SET for a query, by their date."""
    return reduce(or_, (in_state(status, today) for status in sorted(PARTNER_MAY_BE_SET)))
