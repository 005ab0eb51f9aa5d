"""A page as a person reads it: its words, links, menus and forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponse
from lxml import html
from lxml.etree import XPath
from lxml.html import HtmlElement

READ_BY_PEOPLE = XPath(".//text()[not(ancestor::script or ancestor::style or ancestor::svg)]")
TAG = re.compile(r"""<(/?)([a-z][a-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
FIELDS = ("input", "textarea", "select")
Fields = dict[str, str | list[str]]
WITHOUT_END = {"br", "hr", "img", "input", "link", "meta"}


def parse(text: str) -> HtmlElement:
    """The tree of a page or a part of one, once it is clear that every element is closed where it should be."""
    assert (fault := unclosed(text)) is None, f"{fault} in {text}"
    return html.document_fromstring(text or "<html></html>")


def unclosed(text: str) -> str | None:
    """The first end tag that closes nothing, or what is left open. A browser would guess, and so does lxml."""
    left_open: list[str] = []
    for end, name, rest in TAG.findall(text):
        if end and (not left_open or left_open.pop() != name):
            return f"</{name}>"
        if not (end or name in WITHOUT_END or rest.endswith("/")):
            left_open.append(name)
    return f"<{left_open[-1]}>" if left_open else None


def words(element: HtmlElement | str) -> str:
    """All text of an element, with single spaces, and without what only keeps a line together."""
    text = element if isinstance(element, str) else " ".join(READ_BY_PEOPLE(element))
    return " ".join(text.replace("\N{WORD JOINER}", "").split())


def attribute(element: HtmlElement, name: str) -> str:
    return element.get(name) or ""


def inside(element: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    """The elements with these names (or all) within, in reading order."""
    return element.iterdescendants(*(names or ("*",)))


@dataclass(frozen=True)
class Sending:
    """What a browser sends for a button."""

    method: str
    action: str
    fields: Fields


class Page:
    def __init__(self, response: HttpResponse):
        self.response = response
        self.status = response.status_code
        self.url = response.request["PATH_INFO"]
        if response.request.get("QUERY_STRING"):
            self.url += f"?{response.request['QUERY_STRING']}"

    @cached_property
    def root(self) -> HtmlElement:
        return parse(self.response.content.decode())

    @cached_property
    def text(self) -> str:
        return words(self.part("main"))

    @property
    def title(self) -> str:
        return words(self.part("title"))

    @property
    def heading(self) -> str:
        return words(self.part("h1"))

    @property
    def language(self) -> str:
        return attribute(self.part("html"), "lang")

    @property
    def banner(self) -> str:
        """What stands before the heading: the outcome of the last act."""
        return words(self.by_id("messages"))

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        summaries = [part for part in inside(self.root, "div") if "error-summary" in attribute(part, "class")]
        return [words(line) for summary in summaries for line in inside(summary, "li")]

    @property
    def rows(self) -> list[str]:
        return [words(row) for body in inside(self.root, "tbody") for row in inside(body, "tr")]

    @property
    def history(self) -> list[str]:
        return [words(entry) for entry in inside(self.by_class("ol", "timeline"), "p")]

    def part(self, name: str) -> HtmlElement:
        return self.root if self.root.tag == name else next(inside(self.root, name))

    def by_id(self, wanted: str) -> HtmlElement:
        (found,) = self.root.xpath("//*[@id=$wanted]", wanted=wanted)
        return found

    def by_class(self, name: str, wanted: str) -> HtmlElement:
        return next(part for part in inside(self.root, name) if wanted in attribute(part, "class").split())

    def menu(self, label: str) -> HtmlElement:
        """The disclosure that opens by this label, or the section of the navigation under it."""
        menus = {words(next(inside(part, "summary"))): part for part in inside(self.root, "details")}
        menus |= {words(label): label.getparent() for label in self.root.xpath("//nav[@class='side']//li/p")}
        assert label in menus, f"no menu {label!r} among {sorted(menus)}"
        return menus[label]

    def link(self, label: str, within: HtmlElement | None = None) -> str:
        place = self.root if within is None else within
        links = {words(part): attribute(part, "href") for part in inside(place, "a")}
        assert label in links, f"no link {label!r} among {list(links)}"
        return links[label]

    def links(self) -> list[str]:
        return [words(part) for part in inside(self.root, "a")]

    def has(self, label: str) -> bool:
        """Whether there is a link or button of that label, enabled or not."""
        return any(words(part) == label for part in inside(self.root, "a", "button"))

    def button(self, label: str) -> HtmlElement:
        """By its words, or by its first ones: what follows a comma there is what it costs."""
        buttons = {words(part): part for part in inside(self.root, "button")}
        found = [label] if label in buttons else [words for words in buttons if words.startswith(f"{label}, ")]
        assert len(found) == 1, f"no button {label!r} among {list(buttons)}"
        return buttons[found[0]]

    def value(self, name: str) -> str | list[str]:
        """What stands in the field of that name."""
        for form in inside(self.part("main"), "form"):
            if name in fields_of(form):
                return fields_of(form)[name]
        raise AssertionError(f"no field {name!r}")

    def boxes(self, name: str) -> list[str]:
        """What each box or button of that name would say, ticked or not."""
        fields = inside(self.part("main"), "input")
        return [attribute(field, "value") for field in fields if attribute(field, "name") == name]

    def forms(self) -> list[Fields]:
        """Names and values of each form in the page's main part."""
        return [fields_of(form) for form in inside(self.part("main"), "form")]

    def sending(self, label: str, typed: Fields) -> Sending:
        button = self.button(label)
        form = self._form_of(button)
        fields = fields_of(form)
        assert typed.keys() <= fields.keys(), f"{typed.keys() - fields.keys()} cannot be typed here"
        own: Fields = {attribute(button, "name"): attribute(button, "value")} if attribute(button, "name") else {}
        method = attribute(form, "method") or "get"
        here = self.url if method == "post" else self.url.partition("?")[0]
        action = (attribute(button, "formaction") or attribute(form, "action")).partition("#")[0] or here
        return Sending(method, action, fields | own | typed)

    def _form_of(self, button: HtmlElement) -> HtmlElement:
        if attribute(button, "form"):
            return self.by_id(attribute(button, "form"))
        return next(form for form in inside(self.root, "form") if any(part is button for part in inside(form)))


def fields_of(form: HtmlElement) -> Fields:
    """Name and value of each field, as it would be sent untouched; also of those that only say whose they are.

    Of several with one name, such as boxes of a group, a list; of what a browser leaves out, such as a box that is
    not ticked, an empty one, so that it can be typed.
    """
    own = attribute(form, "id")
    theirs = [field for field in inside(form, *FIELDS) if attribute(field, "form") in ("", own)]
    everywhere = inside(form.getroottree().getroot(), *FIELDS) if own else ()
    theirs += [field for field in everywhere if attribute(field, "form") == own]
    found: dict[str, list[str]] = {}
    for field in theirs:
        if (name := attribute(field, "name")) and "disabled" not in field.attrib:
            found.setdefault(name, []).extend(_sent(field))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _sent(field: HtmlElement) -> list[str]:
    """What a browser sends of it, if anything."""
    kind = attribute(field, "type")
    if field.tag == "select":
        return _chosen(field)
    if field.tag == "textarea":
        return [(field.text or "").removeprefix("\n")]
    if kind in ("checkbox", "radio"):
        return [field.get("value", "on")] if "checked" in field.attrib else []
    return [] if kind in ("submit", "button", "reset", "image", "file") else [attribute(field, "value")]


def _chosen(select: HtmlElement) -> list[str]:
    """Of a list of one the first, where none is chosen."""
    options = list(inside(select, "option"))
    chosen = [option for option in options if "selected" in option.attrib]
    chosen = chosen if chosen or "multiple" in select.attrib else options[:1]
    return [option.get("value", words(option)) for option in chosen]
