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
        self._known: dict[str, dict[str, Any]] = {column.name: {} for column in self.columns}

    @classmethod
    def headers(cls) -> list[Header]:
        return [column.header() for column in cls.columns]

    def read(self, file: CsvFile, line: Line) -> Row:
        """What stands in the line, with all that is wrong with its cells."""
        cells, problems = file.cells_of(line)
        row = Row(line.number, cells, problems=list(problems))
        for column in self.columns if cells else ():
            self._read_cell(row, column, cells.get(column.name, ""))
        return row

    def _read_cell(self, row: Row, column: Column, text: str) -> None:
        if any(problem.column == column.name for problem in row.problems):
            return
        if not text:
            row.values[column.name] = column.default
            if column.is_required:
                row.refuse(column.name, Wrong.REQUIRED)
            return
        known = self._known[column.name]
        if text in known:
            row.values[column.name] = known[text]
            return
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
    given = {*row.values, *called} - set(but)
    for each in instance._meta.fields:
        if each.name in given:
            try:
                setattr(instance, each.attname, _cleaned(each, getattr(instance, each.attname)))
            except ValidationError as error:
                row.refuse(called.get(each.name, each.name), Wrong.REFUSED, reason=error.messages[0], next="")


def _cleaned(field: Field, value: Any) -> Any:
    """As `Model.clean_fields` takes it. Raises ValidationError."""
    if field.generated or (field.blank and value in field.empty_values):
        return value
    return _once_cleaned(field, value) if isinstance(value, Hashable) else field.clean(value, None)


@lru_cache(maxsize=10_000)
def _once_cleaned(field: Field, value: Any) -> Any:
    """What is right is kept: many lines have the same."""
    return field.clean(value, None)


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
