"""A row under lock, read by the clock after the wait.

`Now()` is the moment at which a statement began. One statement that both locks and reads would say, after it has
waited for somebody else, whether the row's time had run out before that wait.
"""

from django.db.models import QuerySet


def lock_row(rows: QuerySet, pk: int) -> None:
    """Holds the row, which must be among `rows`, until the transaction ends; the next statement reads it."""
    rows.select_for_update().only("pk").get(pk=pk)
