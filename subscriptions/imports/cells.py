"""Reads what stands in a cell as a value, or says what is wrong with it. No reader guesses between two meanings."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db.models import TextChoices
from django.utils import translation
from django_countries import countries

from subscriptions.base.days import FIRST, LAST
from subscriptions.base.names import normalize_name
from subscriptions.base.partner_id import normalize_number
from subscriptions.base.typed import read_email, read_uuid
from subscriptions.clouds import Text
from subscriptions.imports.csv_reader import spelling
from subscriptions.imports.problems import Wrong, WrongCell
from subscriptions.models.user import known_time_zones

Reader = Callable[[str], Any]

SHORTENED = re.compile(r"^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$", re.IGNORECASE)
GROUPED = re.compile(r"^\d{1,3}([.,'  ]\d{3})+$")
WHOLE = re.compile(r"^\d+$")
AMOUNT = re.compile(r"^\d+([.,]\d{1,2})?$")
# Year first, or the day first with full stops: no country writes these in another order
DAYS = (
    re.compile(r"^(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})$"),
    re.compile(r"^(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})$"),
    re.compile(r"^(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日$"),
)
MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
AMBIGUOUS_DAY = re.compile(r"^\d{1,2}[/\-.\s]\d{1,2}[/\-.\s](\d{2}|\d{4})$")
MEANT = {"UK": "GB", "EN": "GB", "EL": "GR", "GER": "DE", "PRC": "CN", "USA": "US", "CHN": "CN", "DEU": "DE"}
BETWEEN = re.compile(r"[\s,;|]+")


def text(most: int, *, is_quoted: bool = False) -> Reader:
    """What was quoted is no formula, whatever it begins with."""

    def read(value: str) -> str:
        if value.startswith("=") and not is_quoted:
            raise WrongCell(Wrong.FORMULA)
        if len(value) > most:
            raise WrongCell(Wrong.TOO_LONG, number=len(value), most=most)
        return value

    return read


def name(most: int, *, is_quoted: bool = False) -> Reader:
    """As it is kept: composed characters, single spaces, nothing invisible."""
    plain = text(most, is_quoted=is_quoted)

    def read(value: str) -> str:
        try:
            return normalize_name(plain(value))
        except ValidationError as error:
            raise WrongCell(Wrong.REFUSED, reason=error.messages[0], next="") from None

    return read


def code(most: int) -> Reader:
    """An ID or another text that a spreadsheet takes for a number."""
    plain = text(most)

    def read(value: str) -> str:
        if SHORTENED.match(value):
            raise WrongCell(Wrong.SHORTENED)
        return plain(value)

    return read


def uuid_or_code(most: int) -> Callable[[str], UUID | str]:
    """An ID of the portal's own form where it is one; else that of another system."""
    other = code(most)

    def read(value: str) -> UUID | str:
        try:
            return read_uuid(value)
        except ValueError:
            return other(value)

    return read


def slug(value: str) -> str:
    found = code(60)(value).lower()
    try:
        validate_slug(found)
    except ValidationError:
        raise WrongCell(Wrong.SLUG) from None
    return found


def partner_number(value: str) -> str:
    _refuse_spreadsheet(value)
    try:
        return normalize_number(value)
    except ValidationError as error:
        raise WrongCell(Wrong.REFUSED, reason=error.messages[0], next="") from None


def whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        _refuse_spreadsheet(value)
        if GROUPED.match(value):
            raise WrongCell(Wrong.TWO_NUMBERS)
        if not (value.isascii() and WHOLE.match(value)):
            raise WrongCell(Wrong.NUMBER)
        if len(value) > len(str(most)) + 5 or not least <= int(value) <= most:
            raise WrongCell(Wrong.RANGE, least=least, most=most)
        return int(value)

    return read


def amount(value: str) -> Decimal:
    """Money of two decimals, with a point or a comma before them."""
    _refuse_spreadsheet(value)
    if GROUPED.match(value) or (value.count(",") and value.count(".")):
        raise WrongCell(Wrong.TWO_NUMBERS)
    if not (value.isascii() and AMOUNT.match(value)):
        raise WrongCell(Wrong.AMOUNT)
    if len(re.split("[.,]", value)[0].lstrip("0")) > 8:
        raise WrongCell(Wrong.RANGE, least=0, most="99999999.99")
    return Decimal(value.replace(",", ".")).quantize(Decimal("0.01"))


def _refuse_spreadsheet(value: str) -> None:
    if SHORTENED.match(value):
        raise WrongCell(Wrong.SHORTENED)
    if value.startswith(("=", "@")):
        raise WrongCell(Wrong.FORMULA)


def day(value: str) -> date:
    bare = MIDNIGHT.sub("", value)
    parts = next((match for pattern in DAYS if (match := pattern.match(bare))), None)
    if parts is None:
        raise WrongCell(Wrong.TWO_DAYS if AMBIGUOUS_DAY.match(bare) else Wrong.DAY)
    try:
        found = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    except ValueError:
        raise WrongCell(Wrong.NO_SUCH_DAY) from None
    if not FIRST <= found <= LAST:
        raise WrongCell(Wrong.FAR_DAY)
    return found


def choice(choices: type[TextChoices]) -> Reader:
    """By its code, or by its label in any of the portal's languages."""

    def read(value: str) -> str:
        found = _spelled(choices).get(spelling(value))
        if found is None:
            raise WrongCell(Wrong.CHOICE, choices=", ".join(choices.values))
        return found

    return read


@cache
def _spelled(choices: type[TextChoices]) -> dict[str, str]:
    found = {spelling(each): each.value for each in choices}
    for name in each_language(*(each.label for each in choices)):
        for label, each in zip(name, choices, strict=True):
            found.setdefault(spelling(label), each.value)
    return found


def each_language(*texts: Text) -> list[list[str]]:
    """These texts in each language of the portal."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append([str(each) for each in texts])
    return found


def several(read: Reader) -> Reader:
    """Several values in one cell, with spaces, commas or the like between them."""
    return lambda value: list(dict.fromkeys(map(read, filter(None, BETWEEN.split(value)))))


def country(value: str) -> str:
    found = value.upper()
    if found not in countries:
        raise WrongCell(Wrong.COUNTRY, example=MEANT.get(found, "DE"))
    return found


def email(value: str) -> str:
    found = read_email(value)
    try:
        validate_email(found)
    except ValidationError:
        raise WrongCell(Wrong.ADDRESS) from None
    return found


def time_zone(value: str) -> str:
    if value not in known_time_zones():
        raise WrongCell(Wrong.ZONE)
    return value


def language(value: str) -> str:
    codes = [code for code, _name in settings.LANGUAGES]
    found = value.lower().replace("_", "-")
    if found not in codes:
        raise WrongCell(Wrong.CHOICE, choices=", ".join(codes))
    return found


YES, NO = ("yes", "y", "true", "1", "ja", "是"), ("no", "n", "false", "0", "nein", "否")


def yes_no(value: str) -> bool:
    found = value.casefold()
    if found not in YES + NO:
        raise WrongCell(Wrong.YES_NO)
    return found in YES
