"""The portal's texts as data, read from the source and the catalogs by Python alone: gettext is not needed."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.facts import ROOT, format_path, sources, templates

LANGUAGES = ("de", "zh_Hans")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)\w|%\w|%%|\{\w*\}")
SILENT = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{%\s*blocktrans.*?endblocktrans\w*\s*%}|{%.*?%}|{{.*?}}|{#.*?#}|&\w+;", re.DOTALL
)
SPOKEN_ATTRIBUTE = re.compile(
    r"""\b(?:alt|aria-label|aria-description|data-label|label|placeholder|title)=["']([^"']*)"""
)

Key = tuple[str | None, str | tuple[str, ...]]


@cache
def texts() -> dict[Key, str]:
    """Every text that is marked for translation, by context and English, with a file in which it stands."""
    found: dict[Key, str] = {}
    for path in sources():
        found |= dict.fromkeys(_marked(path.read_text()), format_path(path))
    for path in templates():
        found |= dict.fromkeys(_marked(_as_python(path)), format_path(path))
    return found


def _marked(python: str) -> Iterator[Key]:
    for _line, text, _comments, context in extract("python", io.BytesIO(python.encode()), KEYWORDS):
        yield context, text


def _as_python(template: Path) -> str:
    """The template as a series of calls of gettext; without its indentation, which means nothing in Python."""
    return "\n".join(line.strip() for line in templatize(template.read_text()).splitlines())


@cache
def catalog(language: str) -> Catalog:
    return read_catalog(ROOT / "locale" / language / "LC_MESSAGES" / "django.po")


def read_catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def messages(language: str) -> list[Message]:
    return [message for message in catalog(language) if message.id]


def key_of(message: Message) -> Key:
    return message.context, message.id


def forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


# An attribute that htmx reads, which may stand in a template of its own, outside its tag
OF_A_SCRIPT = re.compile(r"\shx-[a-z-]+='[^']*'")


def bare_words(template: str) -> list[str]:
    """Words of a template that no catalog can translate."""
    spoken = OF_A_SCRIPT.sub(" ", SILENT.sub(" ", template))
    between_tags = re.sub(r"<[^>]*>", "\n", spoken).splitlines()
    return [
        text.strip() for text in [*SPOKEN_ATTRIBUTE.findall(spoken), *between_tags] if re.search("[A-Za-z]", text)
    ]
