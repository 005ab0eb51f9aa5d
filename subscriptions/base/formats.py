"""Dates, times, numbers and money in the reader's language. IDs are never formatted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_datetime_format
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal
from django.utils import timezone, translation
from django.utils.functional import Promise, lazy

DASH = "–"  # where there is nothing
# What is set between words in English and German, as Chinese sets it; a space is what follows a label
CHINESE_MARKS = {", ": "，", ".": "。", ". ": "。", "; ": "；", ": ": "：", " (": "（", ")": "）", " ": ""}
LOCALES = {"en": "en_US", "de": "de_DE", "zh-hans": "zh_Hans_CN"}


@lru_cache
def _locale(language: str) -> Locale:
    return Locale.parse(LOCALES[language])


def _language() -> str:
    return translation.get_language() or "en"


def current_locale() -> Locale:
    return _locale(_language())


@lru_cache(maxsize=4096)
def _money(amount: Decimal, currency: str, language: str) -> str:
    return format_currency(amount, currency, locale=_locale(language))


def money(amount: Decimal, currency: str) -> str:
    return _money(amount, currency, _language())


def signed_money(amount: Decimal, currency: str) -> str:
    """A difference: what comes on top, or is taken away. No line ends between the sign and the amount."""
    sign = "\N{MINUS SIGN}" if amount < 0 else "+"
    return f"{sign}\N{WORD JOINER}{money(abs(amount), currency)}"


@lru_cache(maxsize=4096)
def _day(value: date, language: str) -> str:
    return format_date(value, "medium", locale=_locale(language))


def day(value: date) -> str:
    """The day; of a moment, the day that it is in the reader's time zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, _language())


def month(first: date) -> str:
    """A month with its year."""
    return _month("yMMM", first, _language())


def month_name(first: date) -> str:
    """A month alone, as short as it can be read."""
    return _month("MMM", first, _language())


@lru_cache(maxsize=4096)
def _month(skeleton: str, first: date, language: str) -> str:
    return format_skeleton(skeleton, first, locale=_locale(language))


def moment(value: datetime) -> str:
    """Day and minute in the reader's time zone."""
    minute = timezone.localtime(value).replace(second=0, microsecond=0, tzinfo=None)
    return _moment(minute, _language())


@lru_cache(maxsize=4096)
def _moment(local: datetime, language: str) -> str:
    """Of a minute as the clock shows it: without its zone, as equal moments of two zones are not written alike."""
    joined = str(get_datetime_format("medium", locale=_locale(language))).replace("'", "")
    return joined.format(format_time(local, "short", locale=_locale(language)), _day(local.date(), language))


def moment_with_zone(value: datetime) -> str:
    """The same where moments of several zones stand side by side."""
    return f"{moment(value)} {timezone.localtime(value):%Z}"


def mark(english: str) -> str:
    """Punctuation between two words, with its space if the language sets one."""
    return CHINESE_MARKS[english] if _speaks_chinese() else english


def sentences(*texts: object) -> str:
    """One after the other; Chinese sets no space behind a full stop."""
    return mark(" ").join(str(text) for text in texts if text)


def join_list(things: Iterable[object]) -> str:
    """Things of one kind, such as roles; choices by their labels."""
    return ("、" if _speaks_chinese() else ", ").join(str(getattr(thing, "label", thing)) for thing in things)


def join_facts(*facts: object) -> str:
    """What is said of one thing, such as its roles and their end; empty facts are left out."""
    return mark(", ").join(str(fact) for fact in facts if fact)


def below_a_name(*facts: object) -> str:
    """What tells things of one name apart, in the line below it; empty facts are left out."""
    return " · ".join(str(fact) for fact in facts if fact)


def with_note(thing: object, note: object) -> str:
    """The note in brackets."""
    return f"{thing}{mark(' (')}{note}{mark(')')}"


def join_choice(things: Iterable[object]) -> str:
    """Things of which one will do: “A, B, or C”."""
    return format_list([str(thing) for thing in things], "or", locale=current_locale())


def _speaks_chinese() -> bool:
    return current_locale().language == "zh"


def decimal(value: float) -> str:
    """With one digit behind the point."""
    return format_decimal(value, format="0.0", locale=current_locale())


@lru_cache(maxsize=4096)
def _number(value: int, language: str) -> str:
    return format_decimal(value, locale=_locale(language))


def number(value: int) -> str:
    return _number(value, _language())


@dataclass(frozen=True)
class Formats:
    """The same of one language, which a page with many rows finds out once."""

    language: str

    def number(self, value: int) -> str:
        return _number(value, self.language)

    def money(self, amount: Decimal, currency: str) -> str:
        return _money(amount, currency, self.language)

    def date(self, value: date) -> str:
        """Of a day that is one in every time zone."""
        return _day(value, self.language)


def formats_in_force() -> Formats:
    return Formats(_language())


def _with_figures(text: str | Promise, figures: Mapping[str, Any]) -> str:
    return str(text) % figures


with_figures = lazy(_with_figures, str)  # a lazy text with the figures of a rule, which stand beside the rule alone
