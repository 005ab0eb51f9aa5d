"""One class for each kind of thing that is imported: its columns, how a line is checked, and how it is done.

A kind sees the lines in batches, so that what they name is looked up in few statements however many there are. The
same class checks in a dry run and does the lines afterwards; between both anything may have changed.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model

from subscriptions.access import Actor, StaffPermission
from subscriptions.clouds import Text
from subscriptions.imports.cells import Reader, each_language
from subscriptions.imports.csv_reader import CsvFile, Header, Line, spelling
from subscriptions.imports.problems import Problem, Wrong, WrongCell
from subscriptions.verdicts import Refused

MOST_KNOWN = 2000  # texts of a column that are read once: a status, a day, a partner stand in many lines


@dataclass(frozen=True)
class Column:
    """A name that is the same in every language, the label that a page shows, and how a cell of it is read."""

    name: str
    label: Text
    read: Reader
    is_required: bool = True  # in each line; one that is not may be missing as a whole
    default: Any = ""
    note: Text = ""

    def header(self) -> Header:
        labels = [texts[0] for texts in each_language(self.label)]
        return Header(self.name, self.is_required, frozenset(map(spelling, labels)))


@dataclass
class Row:
    """One line: what stands in it, what that means, and what a kind has found out about it."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    is_there: bool = False  # already, as the line has it
    made: Any = None  # what is stored, once it is right

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def refuse(self, column: str, wrong: Wrong, **facts: object) -> None:
        value = self.cells.get(column, "")
        self.problems.append(
            Problem(self.line, column, value, wrong, {name: str(fact) for name, fact in facts.items()})
        )

    def differs(self, column: str, now: object) -> None:
        """It is there already, with something else; nothing of that is changed."""
        self.refuse(column, Wrong.DIFFERS, now=now)


class ImportKind:
    """A subclass says what differs. `name` is that of the command and of the address."""

    do_not_call_in_templates: ClassVar[bool] = True  # pages speak of the class itself
    name: ClassVar[str]
    label: ClassVar[Text]
    about: ClassVar[Text]  # in a sentence: what a line is, and by what it is known again
    columns: ClassVar[Sequence[Column]]
    key: ClassVar[Sequence[str]]  # columns by which a line is the same as another
    permission: ClassVar[StaffPermission]  # of staff who may enter such a thing one by one
    read_permission: ClassVar[StaffPermission]
    mails: ClassVar[bool] = False  # whether each line that is done mails somebody
    refusals: ClassVar[tuple[type[Exception], ...]] = ()  # of `store`, whose text says why

    def __init__(self, by: Actor, reason: str):
        self.by, self.reason = by, reason
        self._known: dict[str, dict[str, Any]] = {
            column.name: {} if column.is_required else {"": column.default} for column in self.columns
        }

    @classmethod
    def headers(cls) -> list[Header]:
        return [column.header() for column in cls.columns]

    def read(self, file: CsvFile, line: Line) -> Row:
        """What stands in the line, with all that is wrong with its cells."""
        cells, problems = file.cells_of(line)
        row = Row(line.number, cells, problems=list(problems))
        unreadable = {problem.column for problem in problems}
        for column in self.columns if cells else ():
            name = column.name
            text = cells.get(name, "")
            if text in self._known[name] and name not in unreadable:
                row.values[name] = self._known[name][text]
            elif name not in unreadable:
                self._read_cell(row, column, text)
        return row

    def _read_cell(self, row: Row, column: Column, text: str) -> None:
        if not text:
            row.values[column.name] = column.default
            row.refuse(column.name, Wrong.REQUIRED)
            return
        known = self._known[column.name]
        try:
            value = row.values[column.name] = column.read(text)
        except WrongCell as wrong:
            row.refuse(column.name, wrong.wrong, **wrong.facts)
            return
        if len(known) < MOST_KNOWN and isinstance(value, Hashable):
            known[text] = value

    def key_of(self, row: Row) -> tuple[str, ...]:
        return tuple(str(row[name]) for name in self.key)

    def look_up(self, rows: Sequence[Row]) -> None:
        """Finds what these lines name, in as many statements as there are kinds of things."""

    def check(self, row: Row) -> None:
        """Says whether it is there, or what is wrong; else keeps in `made` what `store` stores."""
        raise NotImplementedError

    def store(self, rows: Sequence[Row]) -> None:
        """Makes these. Raises Refused, IntegrityError and what `refusals` names; each line is tried alone then."""
        raise NotImplementedError

    def refusal(self, error: Exception, row: Row) -> None:
        """What the domain said of a line, as a problem of it."""
        if isinstance(error, Refused):
            row.refuse("", Wrong.REFUSED, reason=error.verdict.reason, next=error.verdict.next_step)
        else:
            row.refuse("", Wrong.REFUSED, reason=str(error), next="")


def clean(row: Row, instance: Model, *, names: dict[str, str] | None = None, but: Sequence[str] = ()) -> None:
    """What the fields of the model say of their values, as problems of the columns that are called so.

    `names` are columns that are called otherwise than the field; `but` are fields that were looked up already.
    """
    called = names or {}
    for each in _fields_among(type(instance), frozenset((*row.values, *called)), frozenset(but)):
        value = getattr(instance, each.name)
        try:
            cleaned = each.clean(value)
        except ValidationError as error:
            column = called.get(each.field.name, each.field.name)
            row.refuse(column, Wrong.REFUSED, reason=error.messages[0], next="")
            continue
        if cleaned is not value:
            setattr(instance, each.name, cleaned)


class _Cleaner:
    """A field of a model, which keeps what is right: many lines have the same."""

    def __init__(self, field: Field):
        self.field, self.name = field, field.attname
        self._known: dict[Any, Any] = {}

    def clean(self, value: Any) -> Any:
        """As `Model.clean_fields` takes it. Raises ValidationError."""
        try:
            return self._known[value]
        except KeyError:
            cleaned = self._clean(value)
        except TypeError:  # it is a list
            return self._clean(value)
        if len(self._known) < MOST_KNOWN:
            self._known[value] = cleaned
        return cleaned

    def _clean(self, value: Any) -> Any:
        field = self.field
        is_kept = field.generated or (field.blank and value in field.empty_values)
        return value if is_kept else field.clean(value, None)


@lru_cache(maxsize=100)
def _fields_among(model: type[Model], given: frozenset[str], but: frozenset[str]) -> list[_Cleaner]:
    """Those that a line has something for."""
    return [_Cleaner(each) for each in model._meta.fields if each.name in given - but]


KINDS: dict[str, type[ImportKind]] = {}


def kinds_read_by(actor: Actor) -> list[str]:
    """The names of those whose files this person of the staff may read."""
    return [name for name, kind in KINDS.items() if actor.may_staff(kind.read_permission).allowed]


def kinds_brought_by(actor: Actor) -> list[str]:
    """The names of those whose files this person of the staff may bring in."""
    return [name for name, kind in KINDS.items() if actor.may_staff(kind.permission).allowed]


def register(*kinds: type[ImportKind]) -> None:
    """In the order in which an empty portal is filled."""
    KINDS.update({kind.name: kind for kind in kinds})
