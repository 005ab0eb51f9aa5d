"""Forms of a page as a browser sends them, with only what is chosen, and what of them was typed."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.architecture.walked_world import Fields
from tests.journeys.page import attribute, inside, parse


def form_on(response: Any, url: str) -> Fields:
    """The first form of a page whose button sends it to that address."""
    root = parse(response.content.decode())
    here = response.request["PATH_INFO"]
    for form in inside(root, "form"):
        if attribute(form, "method") == "post" and (attribute(form, "action") or here) == url:
            return fields_of(form)
    own = root.xpath("//button[@formaction=$url]", url=url)
    assert own, f"no form for {url} at {here}, which answers {response.status_code}"
    form = next(own[0].iterancestors("form"), None)
    return fields_of(root.get_element_by_id(attribute(own[0], "form")) if form is None else form)


def fields_of(form: Any) -> Fields:
    """Only what is chosen of boxes and buttons, and what stands elsewhere but belongs to the form."""
    fields: Fields = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    for box in form.getroottree().xpath("//input[@form=$id]", id=attribute(form, "id") or "-"):
        if attribute(box, "name"):
            fields.setdefault(attribute(box, "name"), []).append(attribute(box, "value"))
    return fields


def shown(fields: Fields, typed: Fields) -> dict[str, bool]:
    """What of it stands in the form as it was typed."""
    return {name: _values(fields.get(name, [])) == _values(value) for name, value in typed.items()}


def _values(value: Any) -> list[str]:
    """A box that is empty is as good as one with nothing."""
    return [text.strip() for text in (value if isinstance(value, list) else [value]) if text.strip()]


def next_of(location: str) -> tuple[str, str]:
    """Where an answer leads, and where that leads on to."""
    parts = urlsplit(location)
    return parts.path, parse_qs(parts.query).get("next", [""])[0]
