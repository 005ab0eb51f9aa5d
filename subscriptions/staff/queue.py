"""What waits for staff: kinds of work, which rooms register, each counted in one statement and led to its list."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.web.paging import COUNT_CAP, capped

LATE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class WorkKind:
    """Rows that wait, oldest first by `since`, and the list of exactly these rows.

    `verb` says what is done, with the place `%(number)s` for how many; `late_after` is how long the oldest one may
    wait, None where nobody of staff has to act.
    """

    label: Text
    hint: Text
    rows: Callable[[], QuerySet[Any]]
    since: str
    list_name: str
    filters: str
    verb: Text
    who: Text
    late_after: timedelta | None = LATE_AFTER


@dataclass(frozen=True)
class Work:
    """One kind of work of which something waits."""

    kind: WorkKind
    total: int
    oldest: date

    @property
    def count(self) -> str:
        return capped(self.total)

    @property
    def since(self) -> str:
        return formats.day(self.oldest)

    @property
    def is_late(self) -> bool:
        if self.kind.late_after is None:
            return False
        oldest = self.oldest if isinstance(self.oldest, datetime) else _start_of(self.oldest)
        return timezone.now() - oldest > self.kind.late_after

    @property
    def url(self) -> str:
        return f"{reverse(self.kind.list_name)}?{self.kind.filters}".rstrip("?")

    @property
    def next_step(self) -> str:
        return str(self.kind.verb) % {"number": self.count}


@dataclass(frozen=True)
class Queue:
    """What waits, late kinds first, and the names of kinds of which nothing does."""

    works: list[Work]
    empty: list[Text]

    @property
    def summary(self) -> str:
        """How much waits, and how many kinds of it are late."""
        total = sum(work.total for work in self.works if work.kind.late_after is not None)
        if not total:
            return _("nothing waits for staff")
        told = ngettext("%(count)s thing waits for staff", "%(count)s things wait for staff", total)
        told %= {"count": capped(total)}
        late = sum(work.is_late for work in self.works)
        if late:
            late_kinds = ngettext("%(count)s kind is late", "%(count)s kinds are late", late)
            told = formats.join_facts(told, late_kinds % {"count": formats.number(late)})
        return told

    @property
    def nothing(self) -> str:
        """The closing sentence; empty where something of each kind waits."""
        if not self.empty:
            return ""
        names = formats.join_list(self.empty)
        return _("Nothing waits in: %(kinds)s.") % {"kinds": names}


KINDS: dict[str, WorkKind] = {}


def add_kind(kind: WorkKind) -> None:
    """Of a room's own work; the list that it leads to names it, so that it stands in the queue once."""
    KINDS[f"{kind.list_name}?{kind.filters}"] = kind


def what_waits(lists: Collection[str], *, narrowed: Mapping[str, QuerySet[Any]]) -> Queue:
    """Of what leads to one of these lists, one statement a kind, none of which counts to its end. Of a list that is
    `narrowed` only these rows. Needs the staff's scope.
    """
    seen = {name: {"pk__in": rows.order_by().values("pk")} for name, rows in narrowed.items()}
    kinds = [kind for kind in KINDS.values() if kind.list_name in lists]
    found = [(kind, _counted(kind, **seen.get(kind.list_name, {}))) for kind in kinds]
    works = [Work(kind, total, oldest) for kind, (total, oldest) in found if total]
    works.sort(key=lambda work: not work.is_late)
    return Queue(works, [kind.label for kind, (total, _oldest) in found if not total])


def works_of(field: str, owner: Any, *, lists: Collection[str]) -> list[Work]:
    """What waits of one organization or partner, where rows of a kind point to it by this field."""
    kinds = [kind for kind in KINDS.values() if kind.list_name in lists and _points_by(kind, field)]
    found = [(kind, _counted(kind, **{field: owner})) for kind in kinds]
    return [Work(kind, total, oldest) for kind, (total, oldest) in found if total]


def _points_by(kind: WorkKind, field: str) -> bool:
    fields = {each.name: each for each in kind.rows().model._meta.fields}
    return field in fields and fields[field].is_relation


def _counted(kind: WorkKind, **whose: Any) -> tuple[int, Any]:
    waiting = kind.rows().filter(**whose).order_by(kind.since)[:COUNT_CAP]
    counted = waiting.aggregate(total=Count("pk"), oldest=Min(kind.since))
    return counted["total"], counted["oldest"]


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
