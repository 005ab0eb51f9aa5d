"""One at a time, where there is no row yet that could be locked."""

from django.db import connection


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
