"""Queries that every page asks, of which only the arguments change: their SQL is written once, and not each time."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

# The id of nothing: in a query it stands for the id that is known only when the query is asked, its argument `place`
STAND_IN = -1 - secrets.randbits(60)


def stand_in(model: type[models.Model], **facts: Any) -> Any:
    """In the place of a row that a query is about. It has these facts alone: asking for another one raises."""
    known = {model._meta.pk.attname: STAND_IN, **facts}  # type: ignore[union-attr]
    return model.from_db(DEFAULT_DB_ALIAS, list(known), list(known.values()))


class Argument(models.Expression):
    """Stands in a query for a value that is known only when the query is asked; the field says of what kind."""

    def __init__(self, name: str, field: models.Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection) -> Any:
        return "%s", [self]


class IsAmong(models.Func):
    """Whether a column has one of the ids in an argument, however many: `IsAmong("partner", "partners")`."""

    template, arg_joiner = "(%(expressions)s))", " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, name: str) -> None:
        super().__init__(models.F(column), Argument(name, ArrayField(models.BigIntegerField())))


class KnownQuery:
    """The query that `build` returns, with an `Argument` for each value that changes.

    It is built once a process, so nothing in it may depend on the day, the language or the time zone in force.
    """

    def __init__(self, build: Callable[[], models.QuerySet]) -> None:
        self._build = build
        self._written: _Written | None = None

    def rows(self, **arguments: Any) -> list[Any]:
        """With what the query annotates. KeyError where an argument is missing."""
        return list(ModelIterable(_Asked(self._asked(arguments))))  # type: ignore[arg-type]

    def values(self, **arguments: Any) -> list[dict[str, Any]]:
        """Of a query that ends in `values`: its rows as these."""
        asked = self._asked(arguments)
        return [dict(zip(asked.names, row, strict=True)) for row in asked.results_iter()]

    def _asked(self, arguments: dict[str, Any]) -> "_Written":
        if self._written is None:
            with _asking_nothing():
                self._written = _Written(self._build())
        return self._written.asked(arguments)

    def first(self, **arguments: Any) -> Any:
        return next(iter(self.rows(**arguments)), None)


@contextmanager
def _asking_nothing() -> Iterator[None]:
    """While a query is written none is asked: what it found would be of one place, and kept for all."""

    def refuse(_execute, sql, *_):
        raise RuntimeError(f"A known query asks the database while it is written: {sql}")

    with connections[DEFAULT_DB_ALIAS].execute_wrapper(refuse):
        yield


class _Written(SQLCompiler):
    """Django's compiler with the SQL that it wrote, ready for any arguments."""

    arguments: dict[str, Any]

    def __init__(self, queryset: models.QuerySet) -> None:
        super().__init__(queryset.query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        self.fetch_mode = getattr(queryset, "_fetch_mode", None)  # which Django has from 6.1 on
        self.sql, parameters = super().as_sql()
        place = Argument("place", models.BigIntegerField())
        self.parameters = [place if each == STAND_IN else each for each in parameters]
        self.names = [*queryset.query.values_select, *queryset.query.annotation_select]
        if queryset.query.selected:
            self.names = list(queryset.query.selected)

        columns = [each[0] for each in self.select[: self.col_count]]
        self.converters = self.get_converters(columns)
        if self.has_composite_fields(columns):
            raise NotImplementedError("A known query has columns that are of several.")

    def asked(self, arguments: dict[str, Any]) -> "_Written":
        """Of this use, on this thread's connection."""
        asked = _Written.__new__(_Written)
        vars(asked).update(vars(self), connection=connections[DEFAULT_DB_ALIAS], arguments=arguments)
        return asked

    def execute_sql(self, *_: Any, **__: Any) -> Any:
        """All rows at once, as no page asks for more than it shows."""
        with self.connection.cursor() as cursor:
            cursor.execute(*self.as_sql())
            return [cursor.fetchall()]

    def results_iter(self, results: Any = None, **_: Any) -> Any:  # type: ignore[override]
        """Their values, by what turns the database's ones into Python's, which is the same each time."""
        rows = (self.execute_sql() if results is None else results)[0]
        return self.apply_converters(rows, self.converters) if self.converters else iter(rows)

    def as_sql(self, with_limits=True, with_col_aliases=False) -> Any:
        values = (self.arguments[each.name] if isinstance(each, Argument) else each for each in self.parameters)
        return self.sql, list(values)


class _Asked:
    """As much of a queryset as Django needs to make objects of the rows that are found."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict = {}

    def __init__(self, asked: _Written) -> None:
        self.query = self
        self._compiler = asked
        self._fetch_mode = asked.fetch_mode

    def get_compiler(self, using: str) -> _Written:
        return self._compiler
