"""The Content-Security-Policy allows no inline script or style, and no text becomes markup unescaped."""

import re

from tests.architecture.facts import faulty, format_path, sources, templates

FORBIDDEN = {
    "hx-on": r"\bhx-on\b",
    "js: in an attribute": r"=\s*[\"']js:|javascript:",
    "a filter in hx-trigger": r"hx-trigger=\"[^\"]*\[",
    "|safe": r"\|\s*safe(seq)?\b",
    "autoescape off": r"autoescape\s+off",
    "mark_safe": r"\bmark_safe\b",
    "a style attribute": r"\sstyle\s*=",
    "a style element": r"<style\b",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "an event handler": r"\son[a-z]+\s*=\s*[\"']",
}


def faults(text: str) -> set[str]:
    return {name for name, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)}


def test_templates_have_nothing_inline():
    plain_text = {".txt": {"autoescape off"}, ".html": set()}
    assert faulty(templates(), lambda path: faults(path.read_text()) - plain_text[path.suffix]) == {}


def test_no_module_declares_text_safe():
    in_code = {"mark_safe", "hx-on", "an event handler", "a style attribute"}
    assert faulty(sources(), lambda path: faults(path.read_text()) & in_code) == {}


INCLUDED, FETCHES = re.compile(r"{% include \"([^\"]+)\""), re.compile(r"\bhx-(?:get|post)=")
LOADS = '{% block htmx %}{% include "_fetching.html" %}{% endblock %}'


def with_included(text: str, by_name: dict[str, str]) -> str:
    parts = [by_name[name] for name in INCLUDED.findall(text) if name in by_name]
    return text + "".join(with_included(part, by_name) for part in parts)


def test_the_script_that_fetches_parts_is_loaded_where_parts_are_and_nowhere_else():
    """It is as large as all else of a first view."""
    by_name = {format_path(path).removeprefix("templates/"): path.read_text() for path in templates()}
    pages = {name: text for name, text in by_name.items() if "{% extends" in text}
    fetching = {name for name, text in pages.items() if FETCHES.search(with_included(text, by_name))}
    assert fetching == {name for name, text in pages.items() if LOADS in text} > set()


FILLED_IN = r"\bmarkup\(\s*f[\"'].*"


def test_a_pattern_of_markup_is_a_text_of_the_program():
    """Never one with something in it: what is put between the tags has a place, where it is escaped."""
    assert faulty(sources(), lambda path: set(re.findall(FILLED_IN, path.read_text()))) == {}


# Stored markup is shown by one function, which cleans it again, and by one part of a page; new markup is written by
# one module, which escapes what it is given.
# What templates drew is markup by itself.
SHOWS_MARKUP, WRITES_MARKUP = {"partners/offers/terms.py"}, {"subscriptions/base/markup.py", "portal/lean/nodes.py"}
SHOWS_TERMS = {"templates/partners/_offer_terms.html"}


def test_one_function_and_one_template_show_stored_markup():
    assert {
        format_path(path) for path in sources() if "SafeString(" in path.read_text()
    } == SHOWS_MARKUP | WRITES_MARKUP
    assert {format_path(path) for path in templates() if "|as_page_part" in path.read_text()} == SHOWS_TERMS


EXAMPLES = {
    "hx-on": '<p hx-on:click="x()">',
    "js: in an attribute": "<p hx-vals='js:{a: b}'>",
    "a filter in hx-trigger": '<p hx-trigger="click[ctrlKey]">',
    "|safe": "{{ name|safe }}",
    "autoescape off": "{% autoescape off %}",
    "mark_safe": "return mark_safe(name)",
    "a style attribute": '<p style="color: red">',
    "a style element": "<style>p { color: red }</style>",
    "an inline script": "<script>alert(1)</script>",
    "an event handler": '<a onclick="x()">',
}


def test_the_lint_sees_each():
    assert {fault: faults(text) for fault, text in EXAMPLES.items()} == {fault: {fault} for fault in FORBIDDEN}
