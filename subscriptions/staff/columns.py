"""What staff's pages show of a row's facts: in the reader's language, and a dash where there is nothing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.base.markup import markup

# Of the other kinds Django admin knows best what to show: links, and labels of choices
FORMATTED = (models.BooleanField, models.DateField, models.DecimalField, models.IntegerField, ArrayField)


class FormattedColumn:
    """One column of a list, or one fact of a form, that Django admin would show as Python has it."""

    def __init__(self, name: str, model_admin: ModelAdmin, order: str | None):
        self.name = self.__name__ = name
        self.model_admin = model_admin
        self.short_description = label_for_field(name, model_admin.model, model_admin)
        self.admin_order_field = order

    def __call__(self, row: Any) -> Any:
        _field, _method, value = lookup_field(self.name, row, self.model_admin)
        return format_fact(value, row, self.name)


def find_column(name: str, model_admin: ModelAdmin) -> Any:
    """The column to show in place of the field or method of that name; the name itself where Django shows it well."""
    try:
        field = model_admin.opts.get_field(name)
    except FieldDoesNotExist:
        method = getattr(model_admin, name, None)
        return FormattedColumn(name, model_admin, getattr(method, "admin_order_field", None)) if method else name
    return FormattedColumn(name, model_admin, name) if isinstance(field, FORMATTED) and not field.choices else name


def format_fact(value: Any, row: Any, name: str) -> Any:
    """Money is of the row's currency, and a list has the row's own words for what is in it."""
    match value:
        case None | "" | []:
            return formats.DASH
        case datetime():
            return _time(value, formats.moment(value))
        case date():
            return _time(value, formats.day(value))
        case Decimal():
            return formats.money(value, row.currency)
        case bool():
            return _("Yes") if value else _("No")
        case int():
            return formats.number(value)
        case list():
            return formats.join_list(getattr(row, f"get_{name}_display", lambda: value)())
    return value


def _time(value: date, text: str) -> str:
    return markup('<time datetime="{}">{}</time>', value.isoformat(), text)
