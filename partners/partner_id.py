"""What people type as a partner ID, and the one spelling in which it is kept: 1 to 10 digits, as text."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FORMAT = re.compile(r"^[1-9][0-9]{0,9}$")
LONGEST_INPUT = 100
PASTED_PREFIX = re.compile(
    r"^(microsoft\s*)?(partner|mpn|pla|pga)?\s*(network\s*)?(id|no|nr|号)?\s*[:：#.]\s*", re.IGNORECASE
)
HYPHENS = {"-", "‐", "‑", "‒", "–", "—", "−"}


def normalise_partner_id(text: str) -> str:
    """The ID without spaces, invisible characters, hyphens and a pasted label; "" for an empty box.

    Raises ValidationError with one sentence for anything else than 1 to 10 digits.
    """
    if len(text) > LONGEST_INPUT:
        raise ValidationError(TOO_LONG, code="too_long")
    bare = "".join(_folded(character) for character in PASTED_PREFIX.sub("", text.strip()))
    if not bare:
        return ""
    if not re.fullmatch(r"[0-9]+", bare):
        raise ValidationError(DIGITS_ONLY, code="digits_only")
    if len(bare) > 10:
        raise ValidationError(TOO_LONG, code="too_long")
    bare = bare.lstrip("0")
    if not bare:
        raise ValidationError(DIGITS_ONLY, code="digits_only")
    return bare


def _folded(character: str) -> str:
    """Nothing for spaces, hyphens and format characters; the ASCII digit for a full-width one."""
    if character in HYPHENS or character.isspace() or unicodedata.category(character) == "Cf":
        return ""
    if "０" <= character <= "９":
        return chr(ord(character) - ord("０") + ord("0"))
    return character


DIGITS_ONLY = _("A partner ID has digits only, for example 565380. Check what you typed or pasted.")
TOO_LONG = _("A partner ID has at most 10 digits. Check what you typed or pasted.")
