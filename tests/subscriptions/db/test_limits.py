"""A limit holds in every window of time, wherever it begins, and says truly how long to wait."""

import pytest
from django.db import connections

from subscriptions.db.limits import Limit, TooManyRequests, count_request
from subscriptions.models import RequestCounter
from tests.database import as_owner

LIMIT = Limit("check-id:person:1", times=10, seconds=60)
AGES = """
    UPDATE subscriptions_requestcounter
       SET passed = ARRAY(SELECT clock_timestamp() - make_interval(secs => age) FROM unnest(%s::float8[]) AS age)
"""
# Seconds from one request to the next: bursts and pauses, so that windows of every beginning are filled
GAPS = ([2] * 25 + [17] + [0.5] * 12 + [29, 29] + [5] * 20) * 2


class Clock:
    """The database's clock as the limit sees it: before each request, what has passed is put as far back as it is."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passed: list[float] = []

    def later(self, seconds: float) -> None:
        self.now += seconds

    def ask(self, limit: Limit = LIMIT) -> None:
        with as_owner("counters"), connections["counters"].cursor() as cursor:
            cursor.execute(AGES, [[self.now - moment for moment in self.passed[:10]]])
        count_request(limit)
        self.passed.insert(0, self.now)

    def passes(self, limit: Limit = LIMIT) -> bool:
        try:
            self.ask(limit)
        except TooManyRequests:
            return False
        return True

    def wait(self) -> int:
        with pytest.raises(TooManyRequests) as raised:
            self.ask()
        return raised.value.retry_after


@pytest.fixture
def clock(db) -> Clock:
    return Clock()


def test_a_window_does_not_begin_anew_with_the_first_request_after_it(clock):
    assert clock.passes()
    clock.later(58)
    assert [clock.passes() for _ in range(10)] == [True] * 9 + [False]
    clock.later(3)
    assert [clock.passes() for _ in range(10)] == [True] + [False] * 9


def test_no_minute_has_more_than_ten_and_none_is_refused_without_need(clock):
    for gap in GAPS:
        clock.later(gap)
        free = sum(clock.now - 60 < moment for moment in clock.passed) < 10
        assert clock.passes() is free, f"at {clock.now} s"
        with as_owner("counters"):
            assert len(RequestCounter.objects.using("counters").get().passed) == min(len(clock.passed), 10)


def test_who_waits_as_long_as_told_passes_and_not_a_second_earlier(clock):
    assert clock.passes()
    clock.later(20)
    assert all(clock.passes() for _ in range(9))
    wait = clock.wait()
    assert wait == 40
    clock.later(wait - 1)
    assert clock.wait() == 1
    clock.later(1)
    assert clock.passes()


def test_asking_again_too_early_does_not_lengthen_the_wait(clock):
    assert all(clock.passes() for _ in range(10))
    clock.later(30)
    assert {clock.wait() for _ in range(20)} == {30}


def test_a_limit_that_is_changed_holds_at_once(clock):
    assert all(clock.passes() for _ in range(10))
    assert not clock.passes(Limit(LIMIT.key, times=4, seconds=60))
    assert clock.passes(Limit(LIMIT.key, times=11, seconds=60))


def test_of_two_limits_a_refusal_by_one_counts_against_neither(db):
    person, tenant = Limit("person", times=1, seconds=60), Limit("tenant", times=1, seconds=60)
    count_request(tenant)
    with pytest.raises(TooManyRequests):
        count_request(person, tenant)
    count_request(person)
    with pytest.raises(TooManyRequests):
        count_request(person)
