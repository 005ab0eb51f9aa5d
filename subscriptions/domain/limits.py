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


def count_request(*limits: Limit) -> None:
    """Counts one request against each limit; raises TooManyRequests with the seconds to wait."""
    with connections["counters"].cursor() as cursor:
        for limit in limits:
            cursor.execute(
                "WITH now AS (SELECT extract(epoch FROM clock_timestamp())::bigint AS s)"
                ' INSERT INTO subscriptions_requestcounter (key, "window", count)'
                " SELECT %(key)s, s / %(seconds)s, 1 FROM now"
                ' ON CONFLICT (key, "window") DO UPDATE SET count = subscriptions_requestcounter.count + 1'
                " RETURNING count, %(seconds)s - (SELECT s FROM now) %% %(seconds)s",
                {"key": limit.key, "seconds": limit.seconds},
            )
            count, retry_after = cursor.fetchone()
            if count > limit.times:
                raise TooManyRequests(int(retry_after))
