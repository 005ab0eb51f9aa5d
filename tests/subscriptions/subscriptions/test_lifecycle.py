"""The rule of dates, without a database: which state follows when, and on which day a term ends."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.models.state_by_date import first_day, status_by_date
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions.lifecycle import Life, first_term_end, following, months_later, term_after

TRIAL, ACTIVE, EXPIRED, DISABLED, DELETED = SubscriptionStatus
MONTHLY, ANNUAL = BillingFrequency
END = date(2026, 3, 10)


def life(status=ACTIVE, *, end=END, anchor=0, frequency=MONTHLY, goes_on=False) -> Life:
    return Life(status=status, term_ends_on=end, anchor_day=anchor or end.day, frequency=frequency, goes_on=goes_on)


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
    cut = life(anchor=31, end=date(2026, 2, 28), goes_on=True)
    assert [end for _state, end in steps(cut, date(2026, 4, 30))] == [
        date(2026, 3, 31),
        date(2026, 4, 30),
        date(2026, 5, 31),
    ]


def test_a_year_from_a_leap_day_comes_back_to_it():
    cut = life(anchor=29, end=date(2025, 2, 28), frequency=ANNUAL, goes_on=True)
    assert [end for _state, end in steps(cut, date(2028, 2, 28))] == [
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]


def test_a_short_month_never_moves_the_billing_day():
    """The 30th of April may be the end of a term from the 30th or from the 31st: only the anchor knows."""
    for anchor, may in ((30, 30), (31, 31)):
        april = life(anchor=anchor, end=date(2026, 4, 30), goes_on=True)
        assert steps(april, date(2026, 4, 30)) == [(ACTIVE, date(2026, 5, may))]


@given(began=st.dates(date(2020, 1, 1), date(2030, 12, 31)), frequency=st.sampled_from(BillingFrequency))
def test_every_term_ends_on_the_anchors_day_or_the_months_last(began, frequency):
    now = life(end=first_term_end(began, frequency), anchor=began.day, frequency=frequency, goes_on=True)
    for _term in range(14):
        last = monthrange(now.term_ends_on.year, now.term_ends_on.month)[1]
        assert now.term_ends_on.day == min(began.day, last)
        later = following(now, now.term_ends_on)
        assert later is not None
        assert _months_between(now.term_ends_on, later.term_ends_on) == frequency.months
        now = later


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


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
    lapsed = life(EXPIRED, end=date(2026, 2, 1))
    assert term_after(lapsed, date(2026, 2, 20)) == date(2026, 3, 1)
    assert term_after(lapsed, date(2026, 3, 2)) == date(2026, 4, 1)


@pytest.mark.parametrize("before", [TRIAL, ACTIVE])
@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, None), (0, EXPIRED), (29, EXPIRED), (30, DISABLED), (119, DISABLED), (120, DELETED)],
)
def test_what_no_paid_term_follows_is_what_its_date_says(before, days, state):
    today = END + timedelta(days=days)
    assert status_by_date(status=before, lapses_on=END, today=today) is (state or before)
    assert status_by_date(status=before, lapses_on=None, today=today) is before


def test_no_state_goes_back_by_its_date():
    """As staff have stored it."""
    assert status_by_date(status=DISABLED, lapses_on=END, today=END) is DISABLED
