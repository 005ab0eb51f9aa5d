"""How often something may be asked for in any window of time, however the window is laid: one table for all of it.

Each key keeps the moments at which its last requests passed, as many as the limit allows: one more passes when the
oldest of them lies a whole window back. That is decided and kept by one statement on a connection that commits by
itself: a rolled-back request still counts, and parallel requests over several processes cannot pass each other. A
refused request is not counted, so that asking again too early does not lengthen the wait.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import ProgrammingError, connections, transaction
from psycopg.errors import UndefinedTable

log = structlog.get_logger("portal.limits")
MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
RETRY_WITHOUT_COUNTERS = 60  # seconds
# What may be asked for how often, and per what: how many times, in how many seconds. A person may be an application
LIMITS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    # Programs
    "api-read": {"application": (600, MINUTE)},
    "api-write": {"application": (120, MINUTE)},
    "api-token": {"application": (60, MINUTE)},
    # Looking up
    "check-id": {"person": (10, MINUTE), "tenant": (60, HOUR)},
    "find-organization": {"person": (10, MINUTE)},
    "find-receiver": {"person": (10, MINUTE)},
    # What is put aside while somebody signs in
    "kept-form": {"person": (30, HOUR)},
    # What sends mails
    "change-partner": {"person": (30, MINUTE)},
    "change-many": {"person": (10, MINUTE)},
    "match-request": {"person": (30, MINUTE)},
    "release-request": {"person": (30, MINUTE), "relationship": (5, DAY)},
    "send-offer": {"person": (30, MINUTE), "tenant:partner": (10, DAY)},
    "help-request": {"person": (5, HOUR)},
    # What calls another system
    "test-webhook": {"webhook": (2, MINUTE)},
    "keep-webhooks": {"person": (30, HOUR)},
    # What reads much
    "own-data": {"person": (5, HOUR)},
    "reset-sign-in": {"tenant:person": (5, HOUR)},
    "invite-member": {"person": (20, HOUR), "tenant": (20, HOUR)},
    "invite-to-partner": {"person": (20, HOUR), "partner": (20, HOUR)},
    "invite-by-staff": {"person": (20, HOUR)},
}


class TooManyRequests(Exception):
    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    key: str
    times: int
    seconds: int


def limits_of(what: str, **per: int | str | None) -> list[Limit]:
    """The table's limits of this act or look-up, each counted for the ids that it is per."""
    allowed = {**LIMITS[what], **settings.LIMITS.get(what, {})}
    return [
        Limit(":".join([what, *(f"{each}:{per[each]}" for each in names.split(":"))]), times, seconds)
        for names, (times, seconds) in allowed.items()
    ]


# Condition and new value are evaluated when the row is locked, so clock_timestamp() never runs behind what is kept;
# statement_timestamp() would be the moment before the wait for that lock. A refused request updates no row.
COUNT = """
    INSERT INTO subscriptions_requestcounter AS counter (key, passed)
    VALUES (%(key)s, ARRAY[clock_timestamp()])
    ON CONFLICT (key) DO UPDATE SET passed = (clock_timestamp() || counter.passed)[:%(times)s]
     WHERE COALESCE(counter.passed[%(times)s] <= clock_timestamp() - make_interval(secs => %(seconds)s), true)
    RETURNING passed[1]
"""
WAIT = """
    SELECT ceil(extract(epoch FROM passed[%(times)s] + make_interval(secs => %(seconds)s) - clock_timestamp()))
      FROM subscriptions_requestcounter WHERE key = %(key)s
"""


TAKE_BACK = "UPDATE subscriptions_requestcounter SET passed = array_remove(passed, %s) WHERE key = %s"
FORGET = "UPDATE subscriptions_requestcounter SET passed = '{}' WHERE key = %s"


@dataclass(frozen=True)
class Counted:
    """One request as it was counted against one limit."""

    key: str
    at: datetime


def count_request(*limits: Limit) -> list[Counted]:
    """Counts one request against each limit or none; raises TooManyRequests with the seconds to wait."""
    counted = []
    with _closed_without_counters(), connections["counters"].cursor() as cursor:
        for limit in limits:
            cursor.execute(COUNT, vars(limit))
            row = cursor.fetchone()
            if row is None:
                raise TooManyRequests(max(1, _seconds_to_wait(cursor, limit)))
            counted.append(Counted(limit.key, row[0]))
    return counted


@contextmanager
def _closed_without_counters() -> Iterator[None]:
    """Where nothing can be counted it is as if all had been used up, and the log says why."""
    try:
        with transaction.atomic(using="counters"):
            yield
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        log.error("counters_gone", reason=str(error).partition("\n")[0])
        raise TooManyRequests(RETRY_WITHOUT_COUNTERS) from error


def require_room(limit: Limit) -> None:
    """Counts nothing; raises TooManyRequests where one more request would be too many now."""
    with _closed_without_counters(), connections["counters"].cursor() as cursor:
        if (wait := _seconds_to_wait(cursor, limit)) > 0:
            raise TooManyRequests(wait)


def _seconds_to_wait(cursor, limit: Limit) -> int:
    cursor.execute(WAIT, vars(limit))
    (wait,) = cursor.fetchone() or (None,)
    return int(wait or 0)


def take_back(counted: list[Counted]) -> None:
    """These requests were not of the kind that is limited."""
    with connections["counters"].cursor() as cursor:
        for request in counted:
            cursor.execute(TAKE_BACK, [request.at, request.key])


def forget_requests(key: str) -> None:
    with connections["counters"].cursor() as cursor:
        cursor.execute(FORGET, [key])
