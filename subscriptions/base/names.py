"""Names of people, organisations, companies and places: one spelling, nothing invisible in them, a key to sort by."""

import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

# Scripts that one name may mix, by the first word of a character's name: UTS 39 "highly restrictive".
CHINESE = {"CJK", "IDEOGRAPHIC", "FULLWIDTH", "LATIN"}
WRITTEN_TOGETHER = (
    CHINESE | {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH"},
    CHINESE | {"BOPOMOFO"},
    CHINESE | {"HANGUL"},
)


def normalise_name(value: str) -> str:
    """Composed characters and single spaces; raises ValidationError for control and invisible characters."""
    if any(unicodedata.category(character) in INVISIBLE_CATEGORIES for character in value):
        raise ValidationError(
            _("This contains a line break or an invisible character. Type it again without it."),
            code="invisible_character",
        )
    return " ".join(unicodedata.normalize("NFC", value).split())


def sort_key(name: str) -> str:
    """Stored beside a name, because the database has no collation that fits every language of the portal."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def mixes_scripts(name: str) -> bool:
    """Whether letters of scripts that are not written together could make the name look like another one."""
    scripts = {
        unicodedata.name(character, "UNKNOWN").split()[0]
        for character in name
        if unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo"}
    }
    return len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER)


class NameField(models.CharField):
    """A name, or another line that people read and copy: a street, a phone number, an SKU."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return normalise_name(value) if isinstance(value, str) else value


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
