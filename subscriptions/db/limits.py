"""How often something may be asked for in any window of time, however the window is laid.

Each key keeps the moments at which its last requests passed, as many as the limit allows: one more passes when the
oldest of them lies a whole window back. That is decided and kept by one statement on a connection that commits by
itself: a rolled-back request still counts, and parallel requests over several processes cannot pass each other. A
refused request is not counted, so that asking again too early does not lengthen the wait.
"""

from dataclasses import dataclass

from django.db import connections, transaction


class TooManyRequests(Exception):
    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    key: str
    times: int
    seconds: int


# Condition and new value are evaluated when the row is locked, so clock_timestamp() never runs behind what is kept;
# statement_timestamp() would be the moment before the wait for that lock. A refused request updates no row.
COUNT = """
    INSERT INTO subscriptions_requestcounter AS counter (key, passed)
    VALUES (%(key)s, ARRAY[clock_timestamp()])
    ON CONFLICT (key) DO UPDATE SET passed = (clock_timestamp() || counter.passed)[:%(times)s]
     WHERE COALESCE(counter.passed[%(times)s] <= clock_timestamp() - make_interval(secs => %(seconds)s), true)
"""
WAIT = """
    SELECT ceil(extract(epoch FROM passed[%(times)s] + make_interval(secs => %(seconds)s) - clock_timestamp()))
      FROM subscriptions_requestcounter WHERE key = %(key)s
"""


def count_request(*limits: Limit) -> None:
    """Counts one request against each limit or none; raises TooManyRequests with the seconds to wait."""
    with transaction.atomic(using="counters"), connections["counters"].cursor() as cursor:
        for limit in limits:
            cursor.execute(COUNT, vars(limit))
            if not cursor.rowcount:
                cursor.execute(WAIT, vars(limit))
                (wait,) = cursor.fetchone()
                raise TooManyRequests(max(1, int(wait)))
