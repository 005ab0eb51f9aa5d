"""What every form says of its fields: errors that name the field, and how much of a bounded text is typed.

Nothing is cut silently: a browser that is told of `maxlength` drops the end of what is pasted, so it is not told; a
counter says it, and the answer to what is too long.
"""

from collections.abc import Iterator

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from subscriptions.web.written_widgets import WRITTEN, write_field

FIELD = "django/forms/field.html"  # Django's name of it, which no file here has
CHOSEN = (forms.ChoiceField, forms.FileField)
UNCOUNTED = (forms.EmailField,)
COUNTED_FROM = 200  # shorter texts are seen whole

# By code, in place of a library's own sentence
SENTENCES = {
    "required": gettext_lazy("%(label)s: nothing is entered yet."),
    "not_chosen": gettext_lazy("%(label)s: nothing is chosen yet."),
    "invalid_choice": gettext_lazy("%(label)s: choose one of the possibilities."),
    "max_length": ngettext_lazy(
        "%(label)s: at most %(limit_value)d character, and this has %(show_value)d.",
        "%(label)s: at most %(limit_value)d characters, and this has %(show_value)d.",
        "limit_value",
    ),
    "min_value": gettext_lazy("%(label)s: enter %(limit_value)s or more."),
    "max_value": gettext_lazy("%(label)s: enter %(limit_value)s or less."),
}
INVALID = {
    forms.IntegerField: gettext_lazy("%(label)s: enter a whole number."),
    forms.DecimalField: gettext_lazy("%(label)s: enter a number."),
    forms.DateField: gettext_lazy("%(label)s: enter a day that is in the calendar."),
    forms.EmailField: gettext_lazy("%(label)s: enter an address such as anna@contoso.example."),
    forms.URLField: gettext_lazy("%(label)s: enter a web address such as https://contoso.example."),
}


class NamedField(BoundField):
    @property
    def errors(self):
        found = super().errors
        if not found or not self.label:
            return found
        renamed = list(map(self._in_own_words, found.as_data()))
        return type(found)(renamed, error_class=found.error_class, renderer=found.renderer, field_id=self.auto_id)

    def _in_own_words(self, error: ValidationError) -> ValidationError:
        sentence = self._sentence(error)
        params = {**(error.params or {}), "label": self.label}
        return ValidationError(sentence, code=error.code, params=params) if sentence else error

    def _sentence(self, error: ValidationError):
        """None where the field or the form said something of its own."""
        if str(error.message) not in map(str, _library_messages(self.field)):
            return SENTENCES.get(error.code or "") if "show_value" in (error.params or {}) else None
        if error.code == "invalid":
            return next((said for kind, said in INVALID.items() if isinstance(self.field, kind)), None)
        is_chosen = isinstance(self.field, CHOSEN)
        return SENTENCES.get("not_chosen" if error.code == "required" and is_chosen else error.code or "")

    def build_widget_attrs(self, attrs, widget=None):
        attrs = super().build_widget_attrs(attrs, widget)
        if self.limit and self.auto_id:
            described = [attrs.get("aria-describedby", ""), f"{self.auto_id}_count"]
            attrs["aria-describedby"] = " ".join(filter(None, described))
        return attrs

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        (widget or self.field.widget).attrs.pop("maxlength", None)
        return super().as_widget(widget, attrs, only_initial)

    @property
    def limit(self) -> int:
        """How many characters a long text may have; 0 where none are counted, as in an address."""
        most = getattr(self.field, "max_length", None) or 0
        is_counted = most >= COUNTED_FROM and not self.is_hidden and not isinstance(self.field, UNCOUNTED)
        return most if is_counted else 0

    @property
    def count(self) -> str:
        """In words, with what is typed so far."""
        return self.count_text % {"typed": len(str(self.value() or ""))}

    @property
    def count_text(self) -> str:
        """The same with a place for the number, for the script that keeps it up to date."""
        return _("%(typed)s of %(limit)s characters") % {"typed": "%(typed)s", "limit": self.limit}


def _library_messages(field: forms.Field) -> Iterator:
    for kind in type(field).__mro__:
        if kind.__module__.startswith("django."):
            yield from vars(kind).get("default_error_messages", {}).values()


class Renderer(TemplatesSetting):
    bound_field_class = NamedField
    field_template_name = FIELD

    def render(self, template_name, context, request=None):
        if template_name == FIELD:
            return write_field(context["field"])
        if write := WRITTEN.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)
