"""When a try that failed is made again, and when an endpoint is given up."""

import random
from datetime import timedelta

from subscriptions.webhooks.sending import Sent

# From each try to the next; after the last one the event is given up
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
SPREAD = 0.1  # so that what failed together does not come back together
LONGEST_WAIT = timedelta(hours=24)
SILENT_FOR = timedelta(days=5)


def wanted_wait(sent: Sent) -> timedelta:
    """For how long the receiver asks to be left alone, no longer than a day."""
    return min(timedelta(seconds=sent.wait), LONGEST_WAIT)


def next_pause(attempt: int, sent: Sent) -> timedelta | None:
    """After that try; no sooner than the receiver asks for. None where it was the last one."""
    if attempt > len(PAUSES):
        return None
    pause = PAUSES[attempt - 1] * random.uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - no secret
    return max(pause, wanted_wait(sent))
