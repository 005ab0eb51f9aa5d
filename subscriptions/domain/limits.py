"""How often something may be asked for in a window of time.

Counted by one statement on a connection that commits by itself: a rolled-back request still counts, and parallel
requests over several processes cannot pass each other.
"""

from dataclasses import dataclass

from django.db import connections


class TooManyRequests(Exception):
    def __init__(self, retry_after: int):
        super().__init__(retry_after)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Limit:
    key: str
    times: int
    seconds: int


# A window begins with its first request, not with the clock's minute.
COUNT = """
    INSERT INTO subscriptions_requestcounter AS counter (key, began, count)
    VALUES (%(key)s, statement_timestamp(), 1)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN counter.began > statement_timestamp() - make_interval(secs => %(seconds)s)
                     THEN counter.count + 1 ELSE 1 END,
        began = CASE WHEN counter.began > statement_timestamp() - make_interval(secs => %(seconds)s)
                     THEN counter.began ELSE statement_timestamp() END
    RETURNING count, ceil(%(seconds)s - extract(epoch FROM statement_timestamp() - began))
"""


def count_request(*limits: Limit) -> None:
    """Counts one request against each limit; raises TooManyRequests with the seconds to wait."""
    with connections["counters"].cursor() as cursor:
        for limit in limits:
            cursor.execute(COUNT, {"key": limit.key, "seconds": limit.seconds})
            count, retry_after = cursor.fetchone()
            if count > limit.times:
                raise TooManyRequests(max(1, int(retry_after)))
