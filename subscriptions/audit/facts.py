"""What an audit event keeps beside who, when and what: a frozen dataclass per kind, which the database has as JSON.

The names of its fields are the keys of that JSON, so what was stored once can be read as long as they stay. What an
older event lacks is empty, and a value that its type does not know any more stays as it is stored.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, ClassVar, Self, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from django.db.models import Choices
from django.utils.translation import gettext as _
from django_countries import countries

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models import ProductFamily
from subscriptions.models.audit_event import AuditKind, said_of
from subscriptions.models.event_feed import TieSide


class CountryCode(str):
    """Of two letters, said by its name."""


class FamilyCode(str):
    """Of a category of products, said by its name."""


def subject_said(event: Mapping[str, Any]) -> str:
    """By its own name, or as the portal calls it in the reader's language."""
    return said_of(event["kind"], event["subject_name"])


def fact(label: Text, default: Any = MISSING) -> Any:
    """A field that staff read under this label, and raw without one. It is not stored while it is the default."""
    return field(default=default, metadata={"label": label})


class Stored:
    """A dataclass that is kept as JSON: an event's facts, or a part of them."""

    _types: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        cls._types = get_type_hints(cls)

    @classmethod
    def from_detail(cls, detail: Mapping[str, Any]) -> Self:
        fields_by_key = _by_key(cls).items()  # type: ignore[arg-type]
        known = {each.name: _read(cls._types[each.name], detail[key]) for key, each in fields_by_key if key in detail}
        return cls(**known | {each.name: _empty(cls, each) for key, each in fields_by_key if key not in detail})

    def to_detail(self) -> dict[str, Any]:
        fields_by_key = _by_key(type(self)).items()  # type: ignore[arg-type]
        values = [(key, each, getattr(self, each.name)) for key, each in fields_by_key]
        return {key: _as_json(value) for key, each, value in values if value != default_of(each)}

    def say(self, currency: str) -> Iterator[tuple[str, str]]:
        """Each fact that has a label, in the reader's words; amounts are of that currency."""
        for each in fields_of(self):
            value = getattr(self, each.name)
            if "label" in each.metadata and value != default_of(each):
                yield str(each.metadata["label"]), in_words(value, currency)

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Facts(Stored):
    """Of any event; of one that keeps nothing more there is nothing to read."""

    # What the event is about, of which the web makes the address of its pages
    subject: ClassVar[str] = ""
    said_by_itself: ClassVar[frozenset[str]] = frozenset()  # fields without a label that `say` has words for

    def page_uuid(self, subject_uuid: UUID | None) -> UUID | None:
        """Of the row whose page the organization reads."""
        return subject_uuid

    def tell(self, currency: str) -> list[str]:
        """What is different now, as the organization's log says it."""
        return []

    def parties(self) -> Iterable[tuple["Named", TieSide]]:
        """The partners whose tie with the organization the event is about, and what each is in it."""
        return ()


@dataclass(frozen=True)
class Named(Stored):
    """A partner as it was: the ID that people type, and the name."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.id} {self.name}"


@dataclass(frozen=True)
class Called(Stored):
    """A row as it was called."""

    name: str
    uuid: str

    def __str__(self) -> str:
        return self.name


KINDS: dict[str, type[Facts]] = {}
AnyFacts = TypeVar("AnyFacts", bound=type[Facts])


def kept_by(*kinds: AuditKind) -> Callable[[AnyFacts], AnyFacts]:
    """Enters a class as that of these kinds of event."""

    def enter(facts: AnyFacts) -> AnyFacts:
        KINDS.update(dict.fromkeys(kinds, facts))
        return facts

    return enter


def facts_of(kind: str, detail: Mapping[str, Any]) -> Facts:
    return KINDS.get(kind, Facts).from_detail(detail)


def in_words(value: Any, currency: str) -> str:
    match value:
        case None | "" | ():
            return formats.DASH
        case bool():
            return _("Yes") if value else _("No")
        case int():
            return formats.number(value)
        case Choices():
            return str(value.label)
        case CountryCode():
            return str(countries.name(value))
        case FamilyCode():
            return ProductFamily.objects.label_of(value)
        case Decimal():
            return formats.money(value, currency) if currency else str(value)
        case datetime():
            return formats.moment(value)
        case date():
            return formats.day(value)
        case tuple():
            return formats.mark("; ").join(in_words(each, currency) for each in value)
        case Stored():
            return str(value) or _parts(value, currency)
    return str(value)


def _parts(value: Stored, currency: str) -> str:
    said = value.say(getattr(value, "currency", "") or currency)
    return formats.join_facts(*(f"{label}{formats.mark(': ')}{words}" for label, words in said))


def fields_of(stored: Stored | type[Stored]) -> tuple[Field[Any], ...]:
    return fields(stored) if is_dataclass(stored) else ()


def key_of(each: Field[Any]) -> str:
    """A word that Python keeps for itself stands with a line behind it."""
    return each.name.rstrip("_")


@cache
def _by_key(stored: type[Stored]) -> dict[str, Field[Any]]:
    return {key_of(each): each for each in fields_of(stored)}


def default_of(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _empty(stored: type[Stored], each: Field[Any]) -> Any:
    """Of a fact that an older event did not keep."""
    if (default := default_of(each)) is not MISSING:
        return default
    kind = stored._types[each.name]
    origin = get_origin(kind) or kind
    return origin() if origin in (tuple, dict, str) else None


def _read(kind: Any, value: Any) -> Any:
    kind = _without_none(kind)
    match value:
        case None:
            return None
        case list() if get_origin(kind) is tuple:
            return tuple(_read(get_args(kind)[0], each) for each in value)
        case dict() if isinstance(kind, type) and issubclass(kind, Stored):
            return kind.from_detail(value)
        case str() if isinstance(kind, type) and issubclass(
            kind, (date, Enum, Decimal, UUID, CountryCode, FamilyCode)
        ):
            return _read_text(kind, value)
    return value


@cache
def _without_none(kind: Any) -> Any:
    return next(each for each in get_args(kind) if each is not NoneType) if NoneType in get_args(kind) else kind


def _read_text(kind: Any, text: str) -> Any:
    if not text:
        return None
    try:
        return kind.fromisoformat(text) if issubclass(kind, date) else kind(text)
    except (ValueError, ArithmeticError):
        return text


def _as_json(value: Any) -> Any:
    if type(value) in (str, int, bool, NoneType, dict):
        return value
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case date() | Decimal() | UUID():
            return str(value)
        case tuple():
            return [_as_json(each) for each in value]
        case Stored():
            return value.to_detail()
    return value
