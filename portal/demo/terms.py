"""When a subscription of the demo began and when its term ends: whole terms apart."""

from datetime import date, timedelta
from itertools import count
from math import ceil

from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.lifecycle import months_later

TRIAL_DAYS = timedelta(days=30)
DAYS_OF_MONTH = 30


def whole_terms(frequency: BillingFrequency, *, ends: date, age: int) -> tuple[date, date]:
    """It began at least so many days before a term that ends on about that day: a short month ends it earlier."""
    months = frequency.months * max(1, ceil(age / (DAYS_OF_MONTH * frequency.months)))
    start = months_later(ends, -months)
    return start, months_later(start, months)


def trial(ends: date) -> tuple[date, date]:
    return ends - TRIAL_DAYS, ends


def billed_on_the_31st(today: date) -> tuple[date, date]:
    """It began on the last 31st of a December, and its running month ends on the 31st or the last day before it."""
    start = date(today.year - 1, 12, 31)
    return start, next(end for number in count(1) if (end := months_later(start, number)) > today)
