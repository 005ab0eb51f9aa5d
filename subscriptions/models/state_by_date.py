"""Which state a subscription is in by its date, while the hourly job has not written it yet.

A row's `lapses_on` is the end of a term that no paid one follows. By it and by the day alone, trials and terms lapse,
are disabled and deleted here just as the job writes it.
"""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Expression, Q
from django.utils import timezone

from subscriptions.models.subscription import PARTNER_MAY_BE_SET, Subscription, SubscriptionStatus

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus

FOLLOWS = {TRIAL: EXPIRED, ACTIVE: EXPIRED, EXPIRED: DISABLED, DISABLED: DELETED}
DAYS_AFTER_END = {EXPIRED: 0, DISABLED: 30, DELETED: 120}
DATED = ("status", "lapses_on")  # what of a row says it
STATES = {state.value: state for state in SubscriptionStatus}  # an Enum's own look-up costs a list as much as a cell


def first_day(status: SubscriptionStatus, term_ends_on: date) -> date:
    """The first day of a state that follows the end of the term."""
    return term_ends_on + timedelta(days=DAYS_AFTER_END[status])


def status_by_date(*, status: str, lapses_on: date | None, today: date) -> SubscriptionStatus:
    """What the job would write today; it takes no row back to an earlier state."""
    state = STATES[status]
    while lapses_on and (follows := FOLLOWS.get(state)) and first_day(follows, lapses_on) <= today:
        state = follows
    return state


def status_in(row: Mapping[str, Any], today: date, prefix: str = "") -> SubscriptionStatus:
    """The same of a row of values, whose columns of DATED may have a prefix."""
    return status_by_date(status=row[f"{prefix}status"], lapses_on=row[f"{prefix}lapses_on"], today=today)


def judge_by_date(row: Subscription, today: date) -> None:
    """Gives a row that was read the status that it has by its date; what is stored is for the hourly job to write."""
    row.status = status_by_date(status=row.status, lapses_on=row.lapses_on, today=today)


def becomes_paid(today: date) -> Q:
    """Trials that are over and will be paid for: the hourly job has yet to begin their first paid term."""
    return Q(status=TRIAL, term_ends_on__lte=today) & ~Q(payment_method="")


def in_state(status: str, today: date | Expression, prefix: str = "") -> Q:
    """The rows that are in a state by their date: `status_by_date` for a query, with a day a row."""
    state, of_row, ends = SubscriptionStatus(status), f"{prefix}status", f"{prefix}lapses_on"
    stays, comes = Q((of_row, state)), Q((f"{of_row}__in", _before(state)))
    if state in DAYS_AFTER_END:
        comes &= Q((f"{ends}__lte", today - timedelta(days=DAYS_AFTER_END[state])))
    if follows := FOLLOWS.get(state):
        last = Q((f"{ends}__gt", today - timedelta(days=DAYS_AFTER_END[follows])))
        stays, comes = stays & (Q((ends, None)) | last), comes & last
    return stays | comes if _before(state) else stays


def may_have_lapsed(prefix: str = "") -> Q:
    """The rows whose state may be another one than is stored, wherever they are: of all others it is that.

    It asks nothing about a row's zone, which costs much where there are many rows.
    """
    latest = timezone.now().astimezone(UTC).date() + timedelta(days=1)  # that it is anywhere
    return Q((f"{prefix}lapses_on__lte", latest - timedelta(days=min(DAYS_AFTER_END.values()))))


def _before(state: SubscriptionStatus) -> list[SubscriptionStatus]:
    """The states that lead to this one."""
    earlier = [status for status, follows in FOLLOWS.items() if follows is state]
    return [*earlier, *(each for status in earlier for each in _before(status))]


def partner_may_be_set(today: date) -> Q:
    """PARTNER_MAY_BE_SET for a query, by their date."""
    return reduce(or_, (in_state(status, today) for status in sorted(PARTNER_MAY_BE_SET)))
