"""What is written without a template is what Django's template draws, whatever a person typed."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from subscriptions.web.bound_fields import Renderer
from subscriptions.web.written_widgets import WRITTEN

HOSTILE = "\"><script>alert('1')</script>&amp;{{ form }}"
CHOICES = [("", gettext_lazy("Name")), (1, HOSTILE), ("Group <b>", [(HOSTILE, "one"), ("b", "two")])]
WIDGETS = [
    *(forms.TextInput(), forms.HiddenInput(), forms.NumberInput(), forms.EmailInput(), forms.URLInput()),
    *(forms.PasswordInput(render_value=True), forms.DateInput(), forms.TimeInput(), forms.Textarea()),
    *(forms.CheckboxInput(), forms.Select(choices=CHOICES), forms.SelectMultiple(choices=CHOICES)),
    *(forms.SearchInput(), forms.TelInput()),
]
VALUES = [None, "", HOSTILE, 0, 1, True, ["b", 1], date(2026, 2, 28), SafeString("<i>safe</i>")]
ATTRS = {"id": HOSTILE, "required": True, "disabled": False, "maxlength": 1200, "title": gettext_lazy("Name")}


def without_blanks(html: str) -> list[str]:
    return html.split()


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_it_is_drawn_as_django_draws_it(widget):
    for value in VALUES:
        drawn = [widget.render("n<a>me", value, ATTRS, renderer) for renderer in (Renderer(), DjangoTemplates())]
        assert without_blanks(drawn[0]) == without_blanks(drawn[1])
        assert isinstance(drawn[0], SafeString)


def test_each_that_is_written_is_compared():
    assert {widget.template_name for widget in WIDGETS} == WRITTEN.keys()
