"""The markup that cells of tables are made of; whatever is no markup is escaped."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from subscriptions.base.formats import DASH
from subscriptions.base.markup import join_markup, markup
from subscriptions.clouds import Text

BREAK = markup("<br>")


def together(*parts: object) -> SafeString:
    """Markup and text in one cell, one after the other."""
    return join_markup(parts)


def beside(*acts: object) -> SafeString:
    """Several acts in one cell."""
    return join_markup((markup('<span class="beside">{}</span>', act) for act in acts), " ")


def lines(parts: Iterable[object]) -> SafeString:
    return join_markup(markup("{}<br>", part) for part in parts)


def link(url: str, text: object, css: str = "") -> object:
    """The text alone where there is no address."""
    if not url:
        return text
    return markup('<a class="{}" href="{}">{}</a>', css, url, text) if css else _link(url, text)


def _link(url: str, text: object) -> SafeString:
    return markup('<a href="{}">{}</a>', url, text)


def name(text: object) -> SafeString:
    """What somebody typed, in whichever direction it is written."""
    return markup("<bdi>{}</bdi>", text)


def small(text: object) -> SafeString:
    return markup('<span class="muted small">{}</span>', text)


def code(text: object) -> SafeString:
    return markup('<span class="mono">{}</span>', text)


def muted(text: object) -> SafeString:
    return markup('<span class="muted">{}</span>', text)


def below(text: object) -> SafeString | str:
    """A second line that tells apart what the first one compares; nothing for no text."""
    return markup('<br><span class="muted small">{}</span>', text) if text else ""


def below_mono(text: object) -> SafeString:
    """An address or ID as the second line."""
    return markup('<br><span class="muted small mono">{}</span>', text)


def tag(css: str, text: Text) -> SafeString:
    return markup('<span class="tag {}">{}</span>', css, text)


def state_and_who(row: dict) -> SafeString:
    """The state as a tag, and who must act."""
    return together(tag(row["tag"], row["state"]), below(row["who_acts"]))


def warning(text: Text) -> SafeString:
    """A tag behind something else."""
    return markup(' <span class="tag warn">{}</span>', text)


def partner(number: str, of_name: str, more: object = "") -> SafeString | str:
    """By ID and name, where there is one."""
    drawing = '<span class="mono">{}</span> <bdi>{}</bdi>{}'
    return markup(drawing, number, of_name, more) if number else DASH


def name_and_number(of_name: str, number: str) -> SafeString:
    """The same where it is told by its name first."""
    return markup('<bdi>{}</bdi> <span class="mono muted">{}</span>', of_name, number)


def unseen(text: object) -> SafeString:
    """For those who hear the page: what the eye takes from the row."""
    return markup('<span class="visually-hidden"> {}</span>', text)


def part(template: str, **context: object) -> SafeString:
    """A cell with a part of a page of its own, as the act of a row."""
    return render_to_string(template, context)
