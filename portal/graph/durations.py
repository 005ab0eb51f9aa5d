"""How long delegated administration lasts, in the spellings that Graph's clients send; it is told in days alone."""

import re

from django.utils.translation import gettext as _

from partners.models.partner_offer import MOST_DAYS
from portal.graph.errors import wrong

NEVER = "PT0S"
ISO = re.compile(r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?(?:T0[HMS])?")
DAYS_OF = (365, 30, 7, 1)
# What the Python client makes of a timedelta
PYTHON = re.compile(r"([0-9]{1,6}) days?, 0:00:00")


def days_of(text: str, place: str) -> int:
    """Raises Problem for what is no length of time from one day to the longest that an offer may ask for."""
    days = None
    if match := PYTHON.fullmatch(text):
        days = int(match[1])
    elif (match := ISO.fullmatch(text)) and any(match.groups()):
        days = sum(int(number or 0) * each for number, each in zip(match.groups(), DAYS_OF, strict=True))
    if days is None or not 1 <= days <= MOST_DAYS:
        sentence = _("A length of time from P1D to P%(most)sD.") % {"most": MOST_DAYS}
        raise wrong(sentence, "duration-out-of-range", place)
    return days


def format_days(days: int | None) -> str | None:
    return None if days is None else f"P{days}D"
