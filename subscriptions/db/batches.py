"""What jobs do row by row: in batches, so that nobody waits long for a row, and each row by itself."""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from subscriptions.db import scopes
from subscriptions.models import JobFailure

logger = logging.getLogger("portal")

BATCH = 50


def in_chunks(rows: QuerySet, size: int) -> Iterator[list[Any]]:
    """All rows, so many at a time; no more than these are held."""
    left = rows.iterator(chunk_size=size)
    while chunk := list(islice(left, size)):
        yield chunk


class NotUpToDate(Exception):
    """Rows that could not be brought up to date; staff read which, and their errors stand in the log."""


class Batch(NamedTuple):
    """The key to go on after, or None where there are no more, and the keys of the rows that failed."""

    after: int | None
    failed: list[int]


def next_batch(due: QuerySet, act: Callable[[Any], None], *, job: str, after: int) -> Batch:
    """Does the next few of the rows that are due. Rows that another transaction holds are left for the next run.

    Staff read of each row that the job could not do, until it could.
    """
    rows = list(due.filter(pk__gt=after).select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
    failures = {row: failure for row in rows if (failure := _failure(row, act))}
    JobFailure.objects.filter(job=job, subject_uuid__in=[row.uuid for row in rows if row not in failures]).delete()
    for row, failure in failures.items():
        _record(job, row, failure)
    return Batch(rows[-1].pk if len(rows) == BATCH else None, [row.pk for row in failures])


def _failure(row: Any, act: Callable[[Any], None]) -> str:
    """What went wrong; empty where the row is done. One row that fails is undone, and does not stop the others."""
    try:
        with transaction.atomic():
            act(row)
    except Exception as error:
        logger.exception("%s %s could not be brought up to date.", type(row).__name__, row.pk)
        return _code_of(error)
    return ""


def _code_of(error: Exception) -> str:
    """The kind of error, and what the database calls it; its text may tell of people."""
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    return f"{type(error).__name__} {sqlstate or ''}".strip()[:80]


def _record(job: str, row: Any, code: str) -> None:
    JobFailure.objects.update_or_create(
        job=job,
        subject_uuid=row.uuid,
        defaults={"code": code, "at": Now(), "times": F("times") + 1},
        create_defaults={"code": code, "subject_kind": row._meta.label},
    )


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


def work_off_each(rows: Iterable[Any], act: Callable[[Any], None], *, job: str) -> None:
    """The same where each row has to be in the scope of its organization: each is a transaction of its own."""
    failed: list[int] = []
    for row in rows:
        with scopes.tenant(row.tenant_id):
            failure = _failure(row, act)
        with scopes.worker():
            if failure:
                _record(job, row, failure)
            else:
                JobFailure.objects.filter(job=job, subject_uuid=row.uuid).delete()
        failed += [row.pk] if failure else []
    if failed:
        raise NotUpToDate(failed)
