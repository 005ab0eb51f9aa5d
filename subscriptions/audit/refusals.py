"""The trace of a request that was refused for want of authorization."""

from django.db import connection

NUL = "\0"  # the database takes no text with it


def keep(*, user_id: int | None, method: str, path: str, status: int, code: str) -> None:
    """Adds one row, outside the act's transaction. Plain SQL: the login may add rows but not read any back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subscriptions_refusalrecord (at, user_id, method, path, status, code)"
            " VALUES (clock_timestamp(), %s, %s, %s, %s, %s)",
            [user_id, method[:10], path.replace(NUL, "")[:300], status, code],
        )
