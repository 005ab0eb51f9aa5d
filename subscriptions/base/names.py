"""Names of people, organizations, companies and places: one spelling, nothing invisible in them, a key to sort by."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# Joiners shape the letters of these scripts (the first word of a character's name); in others nobody sees them.
JOINERS = "\u200c\u200d"
JOINED_SCRIPTS = {
    "ADLAM", "ARABIC", "BALINESE", "BENGALI", "BRAHMI", "CHAKMA", "DEVANAGARI", "GUJARATI", "GURMUKHI", "JAVANESE",
    "KAITHI", "KANNADA", "KHMER", "MALAYALAM", "MANDAIC", "MEETEI", "MONGOLIAN", "MYANMAR", "NEWA", "NKO", "ORIYA",
    "SINHALA", "SUNDANESE", "SYRIAC", "TAMIL", "TELUGU", "THAANA", "TIBETAN",
}  # fmt: skip
# What Unicode assigns after the version that this Python knows: planes of ideographs, and the block of emoji.
LATER_IDEOGRAPHS = re.compile("[\U00020000-\U0002fffd\U00030000-\U0003fffd]")
LATER_EMOJI = re.compile("[\U0001f000-\U0001faff]")
# A joiner between two emoji, with their skin tone and presentation; and the letters of a region's flag.
EMOJI_BEFORE = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?$")
EMOJI_AFTER = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff]")
FLAG_OF_A_REGION = re.compile("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")

# Scripts that one name may mix, by the first word of a character's name: UTS 39 "highly restrictive".
CHINESE = {"CJK", "IDEOGRAPHIC", "FULLWIDTH", "LATIN"}
WRITTEN_TOGETHER = (
    CHINESE | {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH"},
    CHINESE | {"BOPOMOFO"},
    CHINESE | {"HANGUL"},
)


EMOJI_JOINER = "\u200d"
VARIATIONS = "\ufe0e\ufe0f"
UNNAMED = {
    "\x00": "NULL",
    "\t": "TAB",
    "\n": "LINE FEED",
    "\r": "CARRIAGE RETURN",
    "\x1b": "ESCAPE",
    "\x7f": "DELETE",
    "\x85": "NEXT LINE",
}
# Letters with a stroke do not decompose; dashes and apostrophes are typed in many ways.
FOLDED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("‘’‛ʼʹ′´`＇", "'")
    | dict.fromkeys("“”„‟″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)


def normalize_name(value: str) -> str:
    """Composed characters and single spaces; raises ValidationError that names what is invisible or unknown."""
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    whole = FLAG_OF_A_REGION.sub("\U0001f3f4", value)
    for place, character in enumerate(whole):
        if unicodedata.category(character) in INVISIBLE_CATEGORIES and not _belongs(whole, place):
            raise ValidationError(
                _("This contains the character %(character)s, which cannot be part of it. Type it again without it."),
                code="invisible_character",
                params={"character": character_name(character)},
            )
    return " ".join(unicodedata.normalize("NFC", value).split())


def character_name(character: str) -> str:
    """As Unicode's charts call it: U+202E RIGHT-TO-LEFT OVERRIDE."""
    return f"U+{ord(character):04X} {unicodedata.name(character, UNNAMED.get(character, ''))}".strip()


def _belongs(text: str, place: int) -> bool:
    """Whether an unseen or unknown character is part of what is written there."""
    character, before, after = text[place], text[:place], text[place + 1 :]
    if character in JOINERS:
        return _is_joined(before, after) or bool(
            character == EMOJI_JOINER and EMOJI_BEFORE.search(before) and EMOJI_AFTER.match(after)
        )
    is_new = unicodedata.category(character) == "Cn"
    return is_new and bool(LATER_IDEOGRAPHS.match(character) or LATER_EMOJI.match(character))


def _is_joined(before: str, after: str) -> bool:
    """Between two letters, or signs upon letters, of one script that knows joiners."""
    around = (before[-1:], after[:1])
    if not all(side and unicodedata.category(side)[0] in "LM" for side in around):
        return False
    one, other = (unicodedata.name(side, "").split(" ")[0] for side in around)
    return one == other and one in JOINED_SCRIPTS


def sort_key(name: str) -> str:
    """Stored beside a name, because the database has no collation that fits every language of the portal.

    What is looked for is folded alike: case, accents, width, curled apostrophes and joiners make no difference.
    """
    if name.isascii():
        return name.lower().translate(FOLDED)
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in decomposed if not _is_mark(character)).translate(FOLDED)


def _is_mark(character: str) -> bool:
    """What is written upon or between letters and is not looked for: accents, joiners, presentation of emoji."""
    is_unseen = unicodedata.category(character) == "Cf" or character in VARIATIONS
    return is_unseen or bool(unicodedata.combining(character))


def mixes_scripts(name: str) -> bool:
    """Whether letters of scripts that are not written together could make the name look like another one."""
    scripts = {
        unicodedata.name(character, "UNKNOWN").split()[0]
        for character in name
        if unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo"}
    }
    return len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER)


class NameBox(forms.CharField):
    """Where a name is typed: what cannot be part of it is named before anything else is said."""

    def to_python(self, value):
        return normalize_name(super().to_python(value) or "")


class NameField(models.CharField):
    """A name, or another line that people read and copy: a street, a phone number, an SKU."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return normalize_name(value) if isinstance(value, str) else value

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": NameBox, **kwargs})


class SortKeyField(models.CharField):
    """The sort key of another field, written whenever the row is saved."""

    def __init__(self, *args, source: str = "name", **kwargs):
        self.source = source
        self.derived_from = frozenset({source})
        kwargs.update(max_length=300, editable=False, db_collation="C")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "editable", "db_collation"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "source": self.source}

    def pre_save(self, model_instance, add):
        key = sort_key(getattr(model_instance, self.source))[:300]
        setattr(model_instance, self.attname, key)
        return key
