"""The field and the widgets that nearly every page has, as templates would draw them, without a template for each.

A page of a list spent a fifth of its time in those; each option of a select and each attribute cost one of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.safestring import SafeString

from subscriptions.base.markup import NOTHING, join_markup, markup

Widget = Mapping[str, Any]  # what a widget says of itself: its name, value, attributes, options
FIELD = """<div class="field{}">
  {}
  {}
  {}
  {}
  {}
  {}
</div>"""
FIELDSET = """
    <fieldset{}>
    <legend>{}</legend>
  """
LABEL = """
    <label for="{}">{}</label>
  """
HELP = '<div class="help"{}>{}</div>'
COUNT = '<div class="help" id="{0}_count" data-count="{0}" data-text="{1}">{2}</div>'


def write_field(field: Any) -> SafeString:
    """The one field of the site: label, help, error, input. Django ties help and error to the input by these ids."""
    is_set = field.use_fieldset
    return markup(
        FIELD,
        " check" if field.widget_type == "checkbox" else "",
        _label(field, is_set=is_set),
        _help(field) if field.help_text else "",
        field.errors or "",
        field,
        markup(COUNT, field.auto_id, field.count_text, field.count) if field.limit else "",
        markup("</fieldset>") if is_set else "",
    )


def _label(field: Any, *, is_set: bool) -> SafeString:
    if is_set:
        described = field.aria_describedby
        attribute = markup(' aria-describedby="{}"', described) if described else ""
        return markup(FIELDSET, attribute, field.label)
    return markup(LABEL, field.id_for_label, field.label) if field.label else NOTHING


def _help(field: Any) -> SafeString:
    return markup(HELP, markup(' id="{}_helptext"', field.auto_id) if field.auto_id else "", field.help_text)


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    if not attrs:  # as of most options
        return NOTHING
    return join_markup(
        markup(" {}", name) if value is True else markup(' {}="{}"', name, value)
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else markup(' value="{}"', widget["value"])
    return markup(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget["attrs"])
    )


def _textarea(widget: Widget) -> SafeString:
    attributes = _attributes(widget["attrs"])
    return markup('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or "")


def _option(option: Widget) -> SafeString:
    attributes = _attributes(option["attrs"])
    return markup('\n  <option value="{}"{}>{}</option>', option["value"], attributes, option["label"])


def _group(name: str | None, options: Iterable[Widget]) -> SafeString:
    listed = join_markup(map(_option, options))
    return markup('\n  <optgroup label="{}">{}\n  </optgroup>', name, listed) if name else listed


def _select(widget: Widget) -> SafeString:
    groups = join_markup(_group(name, options) for name, options, _index in widget["optgroups"])
    return markup('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), groups)


INPUTS = (
    "checkbox",
    "date",
    "email",
    "hidden",
    "number",
    "password",
    "search",
    "tel",
    "text",
    "time",
    "url",
)
WRITTEN: dict[str, Callable[[Widget], SafeString]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
}
