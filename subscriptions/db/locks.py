"""One at a time: a row until the transaction ends, or a name where there is no row yet that could be locked."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


def lock_row(rows: QuerySet[Any], pk: int) -> None:
    """Holds the row, which must be among `rows`, until the transaction ends; the next statement reads it.

    `Now()` is the moment at which a statement began. One statement that both locks and reads would say, after it has
    waited for somebody else, whether the row's time had run out before that wait.
    """
    rows.select_for_update().only("pk").get(pk=pk)


def lock_name(*parts: str | int) -> None:
    """Waits for the lock of that name and keeps it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_name(parts)])


def try_name(*parts: str | int) -> bool:
    """The same without waiting: False where another transaction holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_name(parts)])
        (is_held,) = cursor.fetchone()
    return is_held


def _name(parts: tuple[str | int, ...]) -> str:
    return ":".join(map(str, parts))
