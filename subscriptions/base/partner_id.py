"""What people type as a partner ID, and the one spelling in which it is kept: 1 to 10 digits, as text."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FORMAT = re.compile(r"^[1-9][0-9]{0,9}$")
LONGEST_INPUT = 100
# The labels under which the ID stands in mails and on pages, in each language, with or without a colon.
PASTED_LABEL = re.compile(
    r"^(?:(?:microsoft[\s-]*)?(?:partner(?:\s*network)?|mpn|pla|location|standort|global|globale|合作伙伴|位置|全局)"
    r"(?:[\s-]*(?:id|no\.?|nr\.?|number|nummer|kennung|编号))?|id|no\.|nr\.|№)"
    r"(?:\s*\((?:id|mpn|mpn[\s-]*id|pla)\))?\s*(?:[:：=]\s*)?[#＃]?\s*(?=\d)",
    re.IGNORECASE,
)
AROUND = re.compile(r"^[#＃\"'“”„‘’«»(（\[]*(?=\d)|(?<=\d)[\"'“”„‘’«»)）\].,;。，；]*$")
# In threes, by one mark throughout, as a spreadsheet or a page of another country writes 565380
GROUPED = re.compile(r"^\d{1,3}(?:([.,'’‘`´·٬])\d{3}(?:\1\d{3})*)$")
OF_A_SPREADSHEET = re.compile(r"^\d+(?:[.,]\d+)?E\+?\d+$", re.IGNORECASE)
HYPHENS = "-‐‑‒–—−－"
HYPHEN_BETWEEN_DIGITS = re.compile(rf"(?<=\d)[{HYPHENS}](?=\d)")
DIGITS_ONLY = _("A partner ID has digits only, for example 565380. Check what you typed or pasted.")
SHORTENED = _("A spreadsheet has shortened this number. Enter all digits of the partner ID.")
TOO_LONG = _("A partner ID has at most 10 digits. Check what you typed or pasted.")


def normalize_number(text: str) -> str:
    """The ID without spaces, invisible characters, marks between its digits, quotes around it and a pasted label.

    "" only for a box in which nothing can be seen. Raises ValidationError with one sentence for anything else than
    1 to 10 digits: clearing the box deletes a partner, so a stray character must not look like an empty box.
    """
    if len(text) > LONGEST_INPUT:
        raise ValidationError(TOO_LONG, code="too_long")
    seen = "".join(_folded(character) for character in text)
    if not seen.strip():
        return ""
    bare = AROUND.sub("", re.sub(r"\s", "", PASTED_LABEL.sub("", seen.strip())))
    if OF_A_SPREADSHEET.match(bare):
        raise ValidationError(SHORTENED, code="shortened")
    digits = re.sub(r"\D", "", bare) if GROUPED.match(bare) else HYPHEN_BETWEEN_DIGITS.sub("", bare)
    if not (digits.isascii() and digits.isdigit()):
        raise ValidationError(DIGITS_ONLY, code="digits_only")
    if len(digits) > 10:
        raise ValidationError(TOO_LONG, code="too_long")
    if not digits.strip("0"):
        raise ValidationError(DIGITS_ONLY, code="digits_only")
    return digits.lstrip("0")


def _folded(character: str) -> str:
    """Nothing for a character that cannot be seen; the ASCII digit for a full-width one."""
    if unicodedata.category(character) == "Cf":
        return ""
    if "０" <= character <= "９":
        return chr(ord(character) - ord("０") + ord("0"))
    return character


class NumberBox(forms.CharField):
    """Where a partner ID is typed: its digits, whatever stands around them."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})
        )
        super().__init__(strip=False, **kwargs)

    def to_python(self, value) -> str:
        return normalize_number(super().to_python(value) or "")
