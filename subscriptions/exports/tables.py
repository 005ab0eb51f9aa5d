"""What of an organization stands in its export: a file for each table, and the tables that are left out, and why.

The app above adds its own. Columns are named by the paths of a query: their labels and how they are written come from
the models' fields.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_countries.fields import CountryField

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import Tenant
from subscriptions.web.files.csv_rows import csv_chunks
from subscriptions.web.files.file_rows import FileRows
from subscriptions.web.tables import Column

ROWS_AT_ONCE = 500

Path = str | tuple[str, Text] | Column


def _every_row(model: type[models.Model]) -> Callable[[Tenant], Any]:
    return lambda tenant: model._default_manager.filter(tenant=tenant)


@dataclass(frozen=True)
class TenantTable:
    """`name` is that of the file, `rows` the query: all of the tenant's where nothing is said."""

    name: str
    model: type[models.Model]
    paths: tuple[Path, ...]
    rows: Callable[[Tenant], Any] | None = None
    beside: tuple[str, ...] = field(default=())  # what the columns of its own read

    @property
    def columns(self) -> list[Column]:
        return [path if isinstance(path, Column) else _column(self.model, path) for path in self.paths]

    def chunks(self, tenant: Tenant) -> Iterator[bytes]:
        """In the language of now and in UTC, whenever it is read."""
        rows = (self.rows or _every_row(self.model))(tenant).order_by("tenant_id" if self._is_owned else "pk", "pk")
        with timezone.override(UTC):
            file = FileRows(self.columns)
            return csv_chunks(file.header(), file.plain(self._read(rows)))

    def _read(self, rows: Any) -> Iterator[dict]:
        return rows.values(*self._values()).iterator(chunk_size=ROWS_AT_ONCE)

    def _values(self) -> Iterable[str]:
        own = [path if isinstance(path, str) else path[0] for path in self.paths if not isinstance(path, Column)]
        return dict.fromkeys([*own, *self.beside])

    @property
    def _is_owned(self) -> bool:
        return self.model is not Tenant


TABLES: list[TenantTable] = []
LEFT_OUT: dict[str, str] = {}  # the labels of models, and why


def register(*tables: TenantTable) -> None:
    TABLES.extend(tables)


def _column(model: type[models.Model], path: str | tuple[str, Text]) -> Column:
    """Called as the field is; a name or UUID of another row as that row is."""
    names, label = (path, None) if isinstance(path, str) else path
    *along, last = names.split("__")
    owner: Any = model
    for name in along:
        owner = owner._meta.get_field(name).related_model
    of = owner._meta.get_field(last)
    if label is None:
        label = _label(owner, of, is_another=bool(along))
    return Column(label, value=_value(names, of), in_zone=isinstance(of, models.DateTimeField))


def _label(owner: Any, of: Any, *, is_another: bool) -> str:
    if of.name == "uuid":
        return f"{capfirst(owner._meta.verbose_name)} (UUID)" if is_another else "UUID"
    if of.name == "name" and is_another:
        return capfirst(owner._meta.verbose_name)
    return capfirst(of.verbose_name)


def _value(path: str, of: Any) -> Any:
    """Choices by their labels, lists in one cell; countries stay codes, days and figures what they are."""
    if isinstance(of, ArrayField):
        labels = dict(of.base_field.flatchoices)
        return lambda row: formats.mark("; ").join(str(labels.get(each, each)) for each in row[path])
    if isinstance(of, models.BooleanField):
        return lambda row: _("Yes") if row[path] else _("No")
    if of.flatchoices and not isinstance(of, CountryField):
        labels = dict(of.flatchoices)
        return lambda row: labels.get(row[path], row[path])
    return path
