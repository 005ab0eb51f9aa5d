"""What jobs do row by row: in batches, so that nobody waits long for a row, and each row by itself."""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from subscriptions.db import scopes

logger = logging.getLogger("portal")

BATCH = 50


class NotUpToDate(Exception):
    """Rows that could not be brought up to date; their errors stand in the log."""


class Batch(NamedTuple):
    """The key to go on after, or None where there are no more, and the keys of the rows that failed."""

    after: int | None
    failed: list[int]


def next_batch(due: QuerySet, act: Callable[[Any], None], *, after: int) -> Batch:
    """Does the next few of the rows that are due. Rows that another transaction holds are left for the next run."""
    rows = list(due.filter(pk__gt=after).select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
    failed = [row.pk for row in rows if not _is_done(row, act)]
    return Batch(rows[-1].pk if len(rows) == BATCH else None, failed)


def _is_done(row: Any, act: Callable[[Any], None]) -> bool:
    """One row that fails is undone, and does not stop the others."""
    try:
        with transaction.atomic():
            act(row)
    except Exception:
        logger.exception("%s %s could not be brought up to date.", type(row).__name__, row.pk)
        return False
    return True


def work_off(do_batch: Callable[..., Batch]) -> None:
    """All batches, each a transaction of its own; raises NotUpToDate in the end if a row could not be done."""
    after: int | None = 0
    failed: list[int] = []
    while after is not None:
        with scopes.worker():
            after, not_done = do_batch(after=after)
        failed += not_done
    if failed:
        raise NotUpToDate(failed)
