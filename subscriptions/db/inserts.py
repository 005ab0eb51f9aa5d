"""Many new rows of one table in one statement, however many columns they have.

The rows go to the database as one JSON text, which it takes apart by itself. Django's own way writes a placeholder
for each value of each row, which costs more time than everything else about a row together.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Field
from django.db.models.expressions import DatabaseDefault
from psycopg.types.range import Range

Row = TypeVar("Row", bound=models.Model)

# Values that are what their column keeps; all others are asked of their field
AS_THEY_ARE = frozenset({str, int, bool, type(None), UUID, Decimal, date, datetime, list, dict})
INSERT = "INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"


@transaction.atomic
def insert_all(rows: Iterable[Row]) -> list[Row]:
    """The rows, which have their keys then, and what the database itself fills in. Raises IntegrityError for all."""
    new = list(rows)
    for model in {type(row) for row in new}:
        _insert(model, [row for row in new if type(row) is model])
    return new


def _insert(model: type[models.Model], rows: list[Any]) -> None:
    columns = [field for field in model._meta.concrete_fields if not _is_filled_in(field, rows)]
    answered = model._meta.db_returning_fields
    sql = INSERT.format(
        table=_quoted(model._meta.db_table), columns=", ".join(_quoted(field.column) for field in columns)
    )
    if answered:
        sql += f" RETURNING {', '.join(_quoted(field.column) for field in answered)}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_as_json(columns, rows)])
        found = cursor.fetchall() if answered else [()] * len(rows)
    for row, values in zip(rows, found, strict=True):
        row._state.adding, row._state.db = False, connection.alias
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


def _as_json(columns: list[models.Field], rows: list[Any]) -> str:
    """Where a field works nothing out before it is stored, the row has the value already."""
    ready = [(field, field.column, field.attname) for field in columns if type(field).pre_save is Field.pre_save]
    others = [field for field in columns if type(field).pre_save is not Field.pre_save]
    given = []
    for row in rows:
        there = row.__dict__
        one = {column: _prepared(field, there[name]) for field, column, name in ready}
        for field in others:
            one[field.column] = _prepared(field, field.pre_save(row, True))
        given.append(one)
    return json.dumps(given, default=_as_text)


def _prepared(field: models.Field, value: Any) -> Any:
    """A field of the portal's own may have more to say of a value than Django's."""
    is_ready = type(value) in AS_THEY_ARE and type(field).__module__.startswith("django.")
    return value if is_ready else field.get_prep_value(value)


def _as_text(value: Any) -> Any:
    """What JSON has no type for, as the database reads it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Range):
        lower, upper = (_as_text(end) if end is not None else "" for end in (value.lower, value.upper))
        return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"
    raise TypeError(f"No way is known to keep {type(value).__name__}.")


def _quoted(name: Any) -> str:
    return connection.ops.quote_name(name)
