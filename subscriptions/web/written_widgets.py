"""The widgets that nearly every page has, as Django's own templates draw them, without a template for each.

A page of a list spent a fifth of its time in those; each option of a select and each attribute cost one of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]  # what a widget says of itself: its name, value, attributes, options


NOTHING = format_html("{}", "")


def _join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _attributes(attrs: Mapping[str, Any]) -> SafeString:
    if not attrs:  # as of most options
        return NOTHING
    return _join(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Widget) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget["attrs"])
    )


def _textarea(widget: Widget) -> SafeString:
    attributes = _attributes(widget["attrs"])
    return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], attributes, widget["value"] or "")


def _option(option: Widget) -> SafeString:
    attributes = _attributes(option["attrs"])
    return format_html('\n  <option value="{}"{}>{}</option>', option["value"], attributes, option["label"])


def _group(name: str | None, options: Iterable[Widget]) -> SafeString:
    listed = _join(map(_option, options))
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, listed) if name else listed


def _select(widget: Widget) -> SafeString:
    groups = _join(_group(name, options) for name, options, _index in widget["optgroups"])
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), groups)


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
