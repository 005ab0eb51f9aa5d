"""Fields of filters, drawn once a process for each language and what is chosen.

A form says by its own `is_the_same_for_all` that fields and choices depend on nobody; one that is made of it has to
say so itself. Each is drawn afresh from the form's class and the value alone, so that nothing of a request can be in
what is kept. What is typed is never kept.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def draw_fields(form: forms.Form) -> Iterator[SafeString]:
    """Those that are seen, in their order."""
    is_kept, language = "is_the_same_for_all" in vars(type(form)), get_language() or ""
    for field in form.visible_fields():
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
