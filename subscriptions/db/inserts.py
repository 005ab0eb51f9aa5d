"""Many new rows of one table in one statement, however many columns they have.

The rows go to the database as JSON, which it takes apart by itself: once what is the same in all of them, and of each
row what is its own. Django's own way writes a placeholder for each value of each row, which costs more time than
everything else about a row together.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, models, transaction
from django.db.models import Field
from django.db.models.expressions import DatabaseDefault
from psycopg.types.range import Range

Row = TypeVar("Row", bound=models.Model)

AT_ONCE = 500  # rows of one statement
# Values that are what their column keeps; all others are asked of their field
FIXED = frozenset({str, int, bool, type(None), UUID, Decimal, date, datetime})
AS_THEY_ARE = FIXED | {list, dict}
# One row of the first beside each of the second: in the order in which they were given
INSERT = (
    "INSERT INTO {table} ({columns}) SELECT {values} FROM json_populate_record(NULL::{table}, %s) AS alike,"
    " json_populate_recordset(NULL::{table}, %s) AS own"
)


@transaction.atomic
def insert_all(rows: Iterable[Row]) -> list[Row]:
    """The rows, which have their keys then, and what the database itself fills in. Raises IntegrityError for all.

    They are taken as they come: while the database stores some of them, the next ones are made and written down.
    """
    coming, new = iter(rows), []
    with _Behind() as behind:
        while some := list(islice(coming, AT_ONCE)):
            new += some
            for model in {type(row) for row in some}:
                behind.do(_insert(model, [row for row in some if type(row) is model]), is_last=len(some) < AT_ONCE)
    return new


class _Behind:
    """Does one thing at a time in a thread of its own, on the connection of this one, which meanwhile asks nothing.

    What is raised there is raised here, before whatever else is done.
    """

    def __enter__(self) -> Self:
        self._pool: ThreadPoolExecutor | None = None
        self._doing: Future[None] | None = None
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._wait()
        finally:
            if self._pool:
                self._pool.shutdown()

    def do(self, act: Callable[[], None], *, is_last: bool) -> None:
        self._wait()
        if is_last:
            act()
            return
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="insert")
        self._doing = self._pool.submit(act)

    def _wait(self) -> None:
        doing, self._doing = self._doing, None
        if doing:
            doing.result()


def _insert(model: type[models.Model], rows: list[Any]) -> Callable[[], None]:
    """What stores them, with all that it needs: a thread of its own would have another connection."""
    alike, own = _split([field for field in model._meta.concrete_fields if not _is_filled_in(field, rows)], rows)
    answered = model._meta.db_returning_fields
    sql = INSERT.format(
        table=_quoted(model._meta.db_table),
        columns=", ".join(map(_quoted, [*alike, *own])),
        values=", ".join([*(f"alike.{_quoted(name)}" for name in alike), *(f"own.{_quoted(name)}" for name in own)]),
    )
    if answered:
        sql += f" RETURNING {', '.join(_quoted(field.column) for field in answered)}"
    given = [_as_json(alike), _as_json(_each(own, len(rows)))]
    return partial(_store, connection.cursor(), sql, given, rows, answered)


def _store(cursor: Any, sql: str, given: list[str], rows: list[Any], answered: Sequence[models.Field]) -> None:
    with cursor:
        cursor.execute(sql, given)
        found = cursor.fetchall() if answered else [()] * len(rows)
    for row, values in zip(rows, found, strict=True):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
        for field, value in zip(answered, values, strict=True):
            setattr(row, field.attname, value)


def _is_filled_in(field: models.Field, rows: list[Any]) -> bool:
    """By the database: a key that it counts, a column that it works out, or a default of its own."""
    if field.generated or (field.primary_key and isinstance(field, models.AutoField)):
        return True
    if not field.has_db_default():
        return False
    defaults = {isinstance(getattr(row, field.attname), DatabaseDefault) for row in rows}
    if len(defaults) > 1:
        raise ValueError(f"Some of these rows have {field.name}, and others leave it to the database.")
    return defaults == {True}


def _split(columns: list[models.Field], rows: list[Any]) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """By column: the one value of all rows, and where they differ, that of each."""
    alike: dict[str, Any] = {}
    own: dict[str, list[Any]] = {}
    for field in columns:
        values, column = _values(field, rows), str(field.column)
        if _are_alike(values):
            alike[column] = _prepared(field, values[0])
        elif type(field).__module__.startswith("django.") and AS_THEY_ARE.issuperset(map(type, values)):
            own[column] = values
        else:
            own[column] = [_prepared(field, value) for value in values]
    return alike, own


def _values(field: models.Field, rows: list[Any]) -> list[Any]:
    """Where a field works nothing out before it is stored, the row has the value already."""
    if type(field).pre_save is Field.pre_save:
        return [row.__dict__[field.attname] for row in rows]
    return [field.pre_save(row, True) for row in rows]


def _are_alike(values: list[Any]) -> bool:
    """And of one type: True is no 1 here."""
    first = values[0]
    return type(first) in FIXED and values.count(first) == len(values) == [*map(type, values)].count(type(first))


def _each(own: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    return [dict(zip(own, values, strict=True)) for values in zip(*own.values(), strict=True)] or [{}] * count


def _as_json(value: Any) -> str:
    return json.dumps(value, default=_as_text)


def _prepared(field: models.Field, value: Any) -> Any:
    """A field of the portal's own may have more to say of a value than Django's."""
    is_ready = type(value) in AS_THEY_ARE and type(field).__module__.startswith("django.")
    return value if is_ready else field.get_prep_value(value)


def _as_text(value: Any) -> Any:
    """What JSON has no type for, as the database reads it."""
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Range):
        lower, upper = (_as_text(end) if end is not None else "" for end in (value.lower, value.upper))
        return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
    raise TypeError(f"No way is known to keep {type(value).__name__}.")


def _quoted(name: Any) -> str:
    return connection.ops.quote_name(name)
