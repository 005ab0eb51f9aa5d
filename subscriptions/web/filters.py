"""The filters that are set on a list, each with the address of the list without it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.choices import flatten_choices

from subscriptions.base import formats
from subscriptions.web.paging import first_page


@dataclass(frozen=True)
class ActiveFilter:
    label: str
    remove_url: str


def active_filters(
    form, query: QueryDict, *, hidden: Collection[str] = (), without_any: str = "?"
) -> list[ActiveFilter]:
    """The filters that are set, each with the address of the page without it; `without_any` where it is the last."""
    meant = form.cleaned_data if form.is_valid() else {}
    return [
        ActiveFilter(
            f"{field.label}{formats.mark(': ')}{_format_value(field, meant.get(field.name))}",
            _without(query, field.name) or without_any,
        )
        for field in form
        if field.name not in hidden and query.get(field.name)
    ]


def _format_value(field, meant) -> str:
    """A choice by its label, a day as the reader writes it."""
    if isinstance(meant, date):
        return formats.day(meant)
    choices = dict(flatten_choices(getattr(field.field, "choices", [])))
    return str(choices.get(field.value(), meant or field.value()))


def _without(query: QueryDict, name: str) -> str:
    rest = first_page(query)
    rest.pop(name, None)
    return f"?{rest.urlencode()}" if any(rest.values()) else ""
