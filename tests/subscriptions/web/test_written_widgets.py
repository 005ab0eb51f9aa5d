"""What is written without a template is what Django's template draws, whatever a person typed."""

from datetime import date

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Template
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


FIELD = """<div class="field{% if field.widget_type == 'checkbox' %} check{% endif %}">
  {% if field.use_fieldset %}
    <fieldset{% if field.aria_describedby %} aria-describedby="{{ field.aria_describedby }}"{% endif %}>
    <legend>{{ field.label }}</legend>
  {% elif field.label %}
    <label for="{{ field.id_for_label }}">{{ field.label }}</label>
  {% endif %}
  {% if field.help_text %}<div class="help"{% if field.auto_id %} id="{{ field.auto_id }}_helptext"{% endif %}>{{ field.help_text }}</div>{% endif %}
  {% if field.errors %}{{ field.errors }}{% endif %}
  {{ field }}
  {% if field.limit %}<div class="help" id="{{ field.auto_id }}_count" data-count="{{ field.auto_id }}" data-text="{{ field.count_text }}">{{ field.count }}</div>{% endif %}
  {% if field.use_fieldset %}</fieldset>{% endif %}
</div>"""  # noqa: E501 - as a template draws it


class Fields(forms.Form):
    name = forms.CharField(label=HOSTILE, help_text=HOSTILE, max_length=2)
    reason = forms.CharField(label="Reason", max_length=500)
    agrees = forms.BooleanField(label=gettext_lazy("Name"))
    chosen = forms.ChoiceField(choices=CHOICES)
    one = forms.ChoiceField(label="One", choices=CHOICES, widget=forms.RadioSelect, help_text="<b>")
    unnamed = forms.CharField(label="", required=False)


@pytest.mark.parametrize("typed", [None, {}, {"name": HOSTILE, "reason": HOSTILE, "chosen": HOSTILE, "one": "b"}])
def test_a_field_is_drawn_as_its_template_draws_it(typed):
    for auto_id in ("id_%s", False):
        for field in Fields(typed, auto_id=auto_id):
            assert field.as_field_group() == Template(FIELD).render(Context({"field": field}))
            assert isinstance(field.as_field_group(), SafeString)
