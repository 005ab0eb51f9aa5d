"""Fields of filters, drawn once a process for each language and what is chosen.

A form says by `@same_for_all` that fields and choices depend on nobody; one that is made of it has to
say so itself. Each is drawn afresh from the form's class and the value alone, so that nothing of a request can be in
what is kept. What is typed is never kept.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language


class SharedFields(dict[str, Any]):
    """Of a form that is the same for all: Django copies each field of a form for each page, as it might be changed
    there; these are not. A form may still get more fields, or fewer.
    """

    def __deepcopy__(self, _memo: Any) -> dict[str, Any]:
        return dict(self)


def same_for_all(form_class: Any) -> Any:
    """Says of a form that its fields and choices depend on nobody, and are changed by no page."""
    form_class.is_the_same_for_all = True
    form_class.base_fields = SharedFields(form_class.base_fields)
    return form_class


def draw_fields(form: forms.Form, fields: Iterable[forms.BoundField]) -> Iterator[SafeString]:
    """Those of its fields that are seen, in their order."""
    is_kept, language = "is_the_same_for_all" in vars(type(form)), get_language() or ""
    for field in fields:
        value = field.data or ""
        is_chosen = isinstance(field.field, forms.ChoiceField) and len(value) < LONGEST_CODE
        if is_kept and (not value or is_chosen):
            yield _drawn(type(form), field.name, value, language)
        else:
            yield field.as_field_group()


LONGEST_CODE = 40


@lru_cache(maxsize=1_000)
def _drawn(form_class: Any, name: str, value: str, _language: str) -> SafeString:
    return form_class({name: value} if value else {})[name].as_field_group()


forget_fields = _drawn.cache_clear
