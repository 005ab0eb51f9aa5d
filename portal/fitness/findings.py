"""One check of a running portal, and what it found: a state, a sentence, and perhaps where to mend it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.base import formats
from subscriptions.clouds import Text

MOST_NAMED = 5


class State(Enum):
    """How it is: the word for it, and the class of its tag."""

    GOOD = (pgettext_lazy("state of a check", "Good"), "ok")
    WARNING = (_("Warning"), "warn")
    ERROR = (_("Error"), "bad")
    UNKNOWN = (pgettext_lazy("state of a check", "Unknown"), "warn")
    NOT_USED = (_("Not used"), "neutral")

    def __init__(self, label: Text, tag: str):
        self.label, self.tag = label, tag


class Group(Enum):
    DATABASE = _("Database")
    BACKGROUND = _("Work in the background")
    MAIL = _("Mail")
    CATALOGUE = _("Catalog")
    STAFF = _("Staff")


@dataclass(frozen=True)
class Finding:
    """The sentence is in the language in force; the link leads to the list in which it is mended."""

    state: State
    sentence: str
    link: str = ""
    link_label: Text = ""


@dataclass(frozen=True)
class Check:
    """One row of the table. `ask` opens the scope that it needs, and may fail: that is told as unknown."""

    code: str
    label: Text
    group: Group
    ask: Callable[[], Finding]
    needs_database: bool = True


def join_first(names: Sequence[str]) -> str:
    """As many names as a sentence bears, and whether there are others."""
    others = [_("others")] if len(names) > MOST_NAMED else []
    return formats.join_list([*names[:MOST_NAMED], *others])


def good(sentence: str) -> Finding:
    return Finding(State.GOOD, sentence)


def warning(sentence: str, link: str = "", link_label: Text = "") -> Finding:
    return Finding(State.WARNING, sentence, link, link_label)


def wrong(sentence: str, link: str = "", link_label: Text = "") -> Finding:
    return Finding(State.ERROR, sentence, link, link_label)


def not_used(sentence: str) -> Finding:
    return Finding(State.NOT_USED, sentence)
