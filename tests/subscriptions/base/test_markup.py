"""What is put into markup is escaped as Django escapes it, whatever a person typed and whatever it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils.functional import lazystr
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from subscriptions.base.markup import NOTHING, escaped, join_markup, markup

HOSTILE = [
    "<script>alert('1')</script>", '"><img src=x>', "&amp;", "&lt;", "{}", "{0.__class__}", "%s", "'", "", "名前",
    "\u202e<b>", "\x00<", "a" * 5000 + "<",
]  # fmt: skip
OTHERS = [None, 0, True, 1.5, Decimal("2.50"), date(2026, 2, 28), ["<b>"], gettext_lazy("Name"), lazystr("<b>")]


class Shown:
    """Says its own markup, as a form or a field does."""

    def __html__(self) -> str:
        return "<i>shown</i>"


class Named:
    def __str__(self) -> str:
        return "<b>"


class Typed(str):
    """A text of a kind of its own, as a choice is."""


@pytest.mark.parametrize(
    "value", [*HOSTILE, *OTHERS, Shown(), Named(), Typed("<b>")], ids=lambda value: repr(value)[:20]
)
def test_a_part_is_escaped_as_django_escapes_it(value):
    assert escaped(value) == conditional_escape(value)
    assert markup('<a title="{0}">{0}</a>', value) == format_html('<a title="{0}">{0}</a>', value)
    assert isinstance(markup("{}", value), SafeString)


def test_markup_is_not_escaped_twice():
    for value in HOSTILE:
        written = markup("<b>{}</b>", value)
        assert markup("{}", written) == written == escaped(written)
        assert join_markup([written, value]) == format_html_join("", "{}", [(written,), (value,)])
    assert join_markup([]) == NOTHING


def test_text_added_to_markup_is_text_again():
    assert escaped(markup("<b>") + "<i>") == "&lt;b&gt;&lt;i&gt;"
