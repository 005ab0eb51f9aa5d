"""What an audit event says has changed, each fact in the reader's words; the event keeps it as JSON has it."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.models.catalogue.product_family import FamilyCodeField, ProductFamily


def changed_facts(model: type[models.Model], changes: Mapping[str, list], *, currency: str) -> list[str]:
    """`fact: before → after` for each. Amounts are of that currency."""
    facts = (changed_fact(model, name, values, currency) for name, values in changes.items())
    return [f"{label}{formats.mark(': ')}{said}" for label, said in facts]


def changed_fact(model: type[models.Model], name: str, values: list, currency: str) -> tuple[str, str]:
    """The fact, and `before → after`."""
    try:
        field: Any = model._meta.get_field(name)
    except FieldDoesNotExist:  # an event outlives the names of its day
        label, said = name, [formats.DASH if value in (None, "") else str(value) for value in values]
    else:
        label, said = capfirst(field.verbose_name), [describe_fact(field, value, currency) for value in values]
    return label, " → ".join(said)


def describe_fact(field: Any, value: Any, currency: str) -> str:
    """A value of the field in words, as a row has it or as JSON does."""
    if isinstance(value, list):
        return formats.join_list(describe_fact(field.base_field, each, currency) for each in value) or formats.DASH
    if value in (None, ""):
        return formats.DASH
    if isinstance(field, FamilyCodeField) or getattr(field.remote_field, "model", None) is ProductFamily:
        return ProductFamily.objects.label_of(str(value))
    choices = dict(field.flatchoices)
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    match field:
        case models.DateTimeField():
            return formats.moment(datetime.fromisoformat(str(value)))
        case models.DateField():
            return formats.day(date.fromisoformat(str(value)))
        case models.DecimalField():
            return formats.money(Decimal(value), currency)
        case models.IntegerField():
            return formats.number(value)
    return str(value)
