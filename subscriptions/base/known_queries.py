"""Queries that every page asks, of which only the arguments change: their SQL is written once, and not each time."""

import copy
from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler


class Argument(models.Expression):
    """Stands in a query for a value that is known only when the query is asked; the field says of what kind."""

    def __init__(self, name: str, field: models.Field) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler, connection) -> Any:
        return "%s", [self]


class KnownQuery:
    """The query that `build` returns, with an `Argument` for each value that changes.

    It is built once a process, so nothing in it may depend on the day, the language or the time zone in force.
    """

    def __init__(self, build: Callable[[], models.QuerySet]) -> None:
        self._build = build
        self._written: _Written | None = None

    def rows(self, **arguments: Any) -> list[Any]:
        """With what the query annotates. KeyError where an argument is missing."""
        if self._written is None:
            self._written = _Written(self._build())
        return list(ModelIterable(_Asked(self._written, arguments)))  # type: ignore[arg-type]

    def first(self, **arguments: Any) -> Any:
        return next(iter(self.rows(**arguments)), None)


class _Written(SQLCompiler):
    """Django's compiler with the SQL that it wrote, ready for any arguments."""

    arguments: dict[str, Any]

    def __init__(self, queryset: models.QuerySet) -> None:
        super().__init__(queryset.query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        self.sql, self.parameters = super().as_sql()

    def as_sql(self, with_limits=True, with_col_aliases=False) -> Any:
        values = (self.arguments[each.name] if isinstance(each, Argument) else each for each in self.parameters)
        return self.sql, list(values)


class _Asked:
    """As much of a queryset as Django needs to make objects of the rows that are found."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict = {}

    def __init__(self, written: _Written, arguments: dict[str, Any]) -> None:
        self.query = self
        self._compiler = copy.copy(written)
        self._compiler.connection = connections[DEFAULT_DB_ALIAS]
        self._compiler.arguments = arguments

    def get_compiler(self, using: str) -> _Written:
        return self._compiler
