"""The rule of dates (field.md 6), without a database: which state follows when, and on which day a term ends."""

from datetime import date, timedelta

import pytest

from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions.lifecycle import Life, first_day, following, months_later, term_after

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus
MONTHLY, ANNUAL = BillingFrequency
END = date(2026, 3, 10)


def life(status=ACTIVE, *, end=END, began=date(2026, 2, 10), frequency=MONTHLY, goes_on=False) -> Life:
    return Life(status=status, started_on=began, term_ends_on=end, frequency=frequency, goes_on=goes_on)


def steps(start: Life, today: date) -> list[tuple[SubscriptionStatus, date]]:
    """State and end of term after each step that is due."""
    found = []
    while (step := following(start, today)) is not None:
        found.append((step.status, step.term_ends_on))
        start = step
    return found


@pytest.mark.parametrize(
    ("days", "states"),
    [
        (-1, []),
        (0, [EXPIRED]),
        (29, [EXPIRED]),
        (30, [EXPIRED, DISABLED]),
        (119, [EXPIRED, DISABLED]),
        (120, [EXPIRED, DISABLED, DELETED]),
        (4000, [EXPIRED, DISABLED, DELETED]),
    ],
)
@pytest.mark.parametrize("status", [TRIAL, ACTIVE])
def test_what_lapses_is_expired_then_disabled_then_deleted(status, days, states):
    assert steps(life(status), END + timedelta(days=days)) == [(state, END) for state in states]


@pytest.mark.parametrize("status", SubscriptionStatus)
def test_no_state_ever_goes_back(status):
    reached = [state for state, _end in steps(life(status), END + timedelta(days=400))]
    assert reached == [state for state in (EXPIRED, DISABLED, DELETED) if _rank(state) > _rank(status)]


def _rank(status: SubscriptionStatus) -> int:
    return [TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED].index(status)


@pytest.mark.parametrize("status", [EXPIRED, DISABLED, DELETED])
def test_what_has_ended_never_renews_by_itself(status):
    last_day = END + timedelta(days=29)
    assert steps(life(status, goes_on=True), last_day) == []


@pytest.mark.parametrize("status", [TRIAL, ACTIVE])
def test_what_goes_on_has_one_more_term_on_the_day_it_ends(status):
    assert steps(life(status, goes_on=True), END - timedelta(days=1)) == []
    assert steps(life(status, goes_on=True), END) == [(ACTIVE, date(2026, 4, 10))]


def test_a_year_is_a_term_too():
    yearly = life(frequency=ANNUAL, goes_on=True)
    assert steps(yearly, END) == [(ACTIVE, date(2027, 3, 10))]


def test_after_months_of_downtime_every_renewal_is_made_up_for():
    assert steps(life(goes_on=True), date(2026, 6, 15)) == [
        (ACTIVE, date(2026, 4, 10)),
        (ACTIVE, date(2026, 5, 10)),
        (ACTIVE, date(2026, 6, 10)),
        (ACTIVE, date(2026, 7, 10)),
    ]


def test_a_term_from_the_31st_ends_on_the_last_day_of_short_months():
    cut = life(began=date(2026, 1, 31), end=date(2026, 2, 28), goes_on=True)
    assert [end for _state, end in steps(cut, date(2026, 4, 30))] == [
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]


def test_a_year_from_a_leap_day_comes_back_to_it():
    cut = life(began=date(2024, 2, 29), end=date(2025, 2, 28), frequency=ANNUAL, goes_on=True)
    assert [end for _state, end in steps(cut, date(2028, 2, 28))] == [
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_a_term_that_left_the_first_day_keeps_its_own():
    """After an extension or a reactivation the day on which it all began says nothing any more."""
    moved = life(began=date(2026, 1, 31), end=date(2026, 4, 3), goes_on=True)
    assert steps(moved, date(2026, 4, 3)) == [(ACTIVE, date(2026, 5, 3))]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_later(start, months, end):
    assert months_later(start, months) == end


def test_the_first_days_of_the_states_after_the_end():
    days = [first_day(state, END) for state in (EXPIRED, DISABLED, DELETED)]
    assert days == [END, date(2026, 4, 9), date(2026, 7, 8)]


def test_a_term_counted_from_an_old_end_is_one_that_is_still_to_come():
    """On the 29th day after the end of January the next month has passed already."""
    lapsed = life(EXPIRED, end=date(2026, 2, 1), began=date(2026, 1, 1))
    assert term_after(lapsed, date(2026, 2, 20)) == date(2026, 3, 1)
    assert term_after(lapsed, date(2026, 3, 2)) == date(2026, 4, 1)
