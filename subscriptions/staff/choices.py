"""Choices of staff's forms: rows told apart, and lists with a search box where there is a script."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import get_select2_language
from django.forms import Media
from django_countries import countries

VENDOR = "admin/js/vendor/"


class Searched:
    """A plain list, over which admin's own script for choices draws a box to type in."""

    @property
    def media(self) -> Media:
        language, small = get_select2_language(), "" if settings.DEBUG else ".min"
        words = [f"{VENDOR}select2/i18n/{language}.js"] if language else []
        return Media(
            js=(
                f"{VENDOR}jquery/jquery{small}.js",
                f"{VENDOR}select2/select2.full{small}.js",
                *words,
                "admin/js/jquery.init.js",
                "staff-choices.js",
            ),
            css={"screen": (f"admin/css/vendor/select2/select2{small}.css", "admin/css/autocomplete.css")},
        )


class SearchedSelect(Searched, forms.Select):
    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()):
        super().__init__({"class": "searched", **(attrs or {})}, choices)


class SearchedSelectMultiple(Searched, forms.SelectMultiple):
    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()):
        super().__init__({"class": "searched", "size": 8, **(attrs or {})}, choices)


class CountriesField(forms.MultipleChoiceField):
    """Countries by name, kept as codes."""

    widget = SearchedSelectMultiple

    def __init__(self, **kwargs: Any):
        super().__init__(choices=lambda: list(countries), **kwargs)


class RowChoices(AutocompleteJsonView):
    """What a field offers that completes what is typed: rows, told apart by more than their name."""

    model_admin: Any

    def get_queryset(self):
        return super().get_queryset().prefetch_related(*self.model_admin.told_by)

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        said = self.model_admin.describe_choice(obj)
        return {"id": str(getattr(obj, to_field_name)), "text": said}
