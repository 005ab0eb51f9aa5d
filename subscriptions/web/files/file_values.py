"""What a column of a file says of a row, in one place for both writers: of values in Python, and in SQL for COPY.

A column's `value` may be such a value instead of a function. The name of a plain column of the rows is one by itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Choices, Expression, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.base.local_time import LocalClock, LocalDay
from subscriptions.models.state_by_date import in_state, may_have_lapsed
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.web.files.csv_rows import cell
from subscriptions.web.files.file_rows import day_cell, moment_cell


class FileValue:
    """`in_sql` is asked in the language and zone of the file; it is text that no writer has to make harmless any
    more, or a number, a day, a UUID.
    """

    def __call__(self, row: Mapping[str, Any]) -> object:
        raise NotImplementedError

    def in_sql(self) -> Any:
        raise NotImplementedError


def constant(text: object) -> Value:
    """A text of the portal's own, as it is written; COPY quotes one that is empty, and not a null."""
    return Value(str(cell(str(text))) or None, output_field=CharField())


@dataclass(frozen=True)
class Key(FileValue):
    """A UUID."""

    name: str

    def __call__(self, row: Mapping[str, Any]) -> str:
        return str(row[self.name])

    def in_sql(self) -> F:
        return F(self.name)


@dataclass(frozen=True)
class YesNo(FileValue):
    name: str

    def __call__(self, row: Mapping[str, Any]) -> str:
        return _("Yes") if row[self.name] else _("No")

    def in_sql(self) -> Case:
        return Case(When(**{self.name: True}, then=constant(_("Yes"))), default=constant(_("No")))


@dataclass(frozen=True)
class Label(FileValue):
    """Of a choice; nothing for none."""

    name: str
    choices: type[Choices]

    def __call__(self, row: Mapping[str, Any]) -> str:
        return str(self.choices(row[self.name]).label) if row[self.name] else ""

    def in_sql(self) -> Case:
        return label_of(self.name, self.choices)


def label_of(name: str, choices: Any) -> Case:
    return Case(*(When(**{name: each.value}, then=constant(each.label)) for each in choices))


@dataclass(frozen=True)
class Moment(FileValue):
    """In the zone of now, which the column names."""

    name: str

    def __call__(self, row: Mapping[str, Any]) -> object:
        return moment_cell(row[self.name])

    def in_sql(self) -> LocalClock:
        return LocalClock(F(self.name), timezone.get_current_timezone())


@dataclass(frozen=True)
class Day(FileValue):
    """The day that a moment was in the zone of now."""

    name: str

    def __call__(self, row: Mapping[str, Any]) -> object:
        return day_cell(row[self.name])

    def in_sql(self) -> LocalDay:
        return LocalDay(F(self.name), timezone.get_current_timezone())


@dataclass(frozen=True)
class Same(FileValue):
    """The same text in each row."""

    text: str

    def __call__(self, row: Mapping[str, Any]) -> str:
        return self.text

    def in_sql(self) -> Value:
        return constant(self.text)


@dataclass(frozen=True)
class StatusByDate(FileValue):
    """Of a subscription whose columns may have a prefix; `state` is that of a row, `today` the day where it is."""

    state: Callable[[Mapping[str, Any]], SubscriptionStatus]
    today: date | Expression
    prefix: str = ""

    def __call__(self, row: Mapping[str, Any]) -> str:
        return str(self.state(row).label)

    def in_sql(self) -> Case:
        by_date = (
            When(in_state(state, self.today, self.prefix), then=constant(state.label)) for state in SubscriptionStatus
        )
        stored = label_of(f"{self.prefix}status", SubscriptionStatus)
        return Case(When(may_have_lapsed(self.prefix), then=Case(*by_date)), default=stored)
