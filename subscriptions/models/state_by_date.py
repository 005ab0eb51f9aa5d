"""Which state a subscription is in by its date, while the hourly job has not written it yet."""

from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Q

from subscriptions.models.subscription import PARTNER_MAY_BE_SET, Subscription, SubscriptionStatus

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus

FOLLOWS = {TRIAL: EXPIRED, ACTIVE: EXPIRED, EXPIRED: DISABLED, DISABLED: DELETED}
DAYS_AFTER_END = {EXPIRED: 0, DISABLED: 30, DELETED: 120}


def first_day(status: SubscriptionStatus, term_ends_on: date) -> date:
    """The first day of a state that follows the end of the term."""
    return term_ends_on + timedelta(days=DAYS_AFTER_END[status])


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
