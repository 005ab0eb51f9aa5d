"""How much needs attention, by kind, in one statement for all of them; and what a person has put off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, QuerySet, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.attention.kinds import BOARDS, KINDS, AttentionKind, Board, Urgency
from subscriptions.base import formats
from subscriptions.base.known_queries import KnownQuery, stand_in
from subscriptions.clouds import Text
from subscriptions.models import Snooze, Tenant
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.paging import COUNT_CAP, capped


@dataclass(frozen=True)
class Attention:
    """One kind of which there is something. `rows` are the ids of the newest, no more than are counted."""

    kind: AttentionKind
    place: Any  # the organization, or the partner
    actor: Actor
    rows: list[int]
    first: date | None = None
    snooze: Snooze | None = None

    @property
    def count(self) -> str:
        return capped(len(self.rows))

    @property
    def is_cut(self) -> bool:
        return len(self.rows) >= COUNT_CAP

    @property
    def told(self) -> str:
        return str(self.kind.told % {"count": len(self.rows), **self.kind.figures})

    @property
    def when(self) -> str:
        if not self.kind.day:
            return str(self.kind.when)
        if self.first is None:
            return ""
        day = formats.day(self.first)
        return str(self.kind.when) % {"day": day}

    @property
    def verb(self) -> Text:
        acts = self.kind.acts_by is None or self.actor.can(self.kind.acts_by)
        return self.kind.verb if acts else _("See them")

    @property
    def url(self) -> str:
        url = board_of(self.place).url(self.kind.list_name, self.place)
        return f"{url}?{self.kind.filters}" if self.kind.filters else url

    @cached_property
    def is_snoozed(self) -> bool:
        return self.snooze is not None and not self.has_new(self.snooze)

    def has_new(self, snooze: Snooze) -> bool:
        """Whether there is a row that was not there when it was put off.

        Of more rows than are counted, an older one that only moves up among the newest is no new one.
        """
        oldest = min(snooze.rows, default=0) if snooze.is_cut else 0
        return any(row > oldest for row in set(self.rows) - set(snooze.rows))


@dataclass(frozen=True)
class Group:
    urgency: Urgency
    label: Text
    found: list[Attention]


def board_of(place: Model) -> Board:
    return BOARDS[type(place)]


def what_needs_attention(place: Any, actor: Actor) -> list[Attention]:
    """Each kind that this person may read and of which there is something, put off or not; two statements."""
    kinds = [kind for kind in board_of(place).kinds.values() if kind.is_read_by(actor, place.cloud)]
    counted = _counted(place, kinds)
    if not any(counted[f"{kind.name}_rows"] for kind in kinds):
        return []
    snoozes = {snooze.kind: snooze for snooze in snoozes_of(place, actor)}
    found = [
        Attention(
            kind, place, actor, counted[f"{kind.name}_rows"], counted.get(f"{kind.name}_day"), snoozes.get(kind.name)
        )
        for kind in kinds
    ]
    return [each for each in found if each.rows]


def find_attention(place: Any, actor: Actor, name: str) -> Attention | None:
    """One kind as it is now; None where there is nothing of it, or nothing for this person."""
    kind = board_of(place).kinds.get(name)
    if kind is None or not kind.is_read_by(actor, place.cloud):
        return None
    rows = _counted(place, [kind])[f"{name}_rows"]
    return Attention(kind, place, actor, rows) if rows else None


def by_urgency(place: Any, found: Iterable[Attention]) -> list[Group]:
    """In the order of the page, without those of which there is nothing."""
    listed, board = list(found), board_of(place)
    groups = [
        Group(urgency, board.heading(urgency), [each for each in listed if each.kind.urgency is urgency])
        for urgency in Urgency
    ]
    return [group for group in groups if group.found]


def snoozes_of(place: Any, actor: Actor) -> QuerySet[Snooze]:
    """Those of the person that are still in force."""
    return Snooze.objects.filter(**{board_of(place).column: place}, user=actor.user_id, until__gt=Now())


def _counted(place: Any, kinds: Iterable[AttentionKind]) -> dict[str, Any]:
    """By kind the ids of its newest rows, as many as are counted, and its first day, all in one statement."""
    if not isinstance(place, Tenant):
        return {**_count(kinds, place).get()}
    names = tuple(kind.name for kind in kinds)
    query = _counting(names, place.cloud, place.country_code, place.time_zone, today_of(place))
    (found,) = query.values(place=place.pk)
    return found


@lru_cache(maxsize=500)
def _counting(names: tuple[str, ...], cloud: str, country: str, zone: str, _today: date) -> KnownQuery:
    """Written once for all organizations of a cloud, country and zone, and anew each day: a tenth of the time."""
    kinds = [KINDS[name] for name in names]
    return KnownQuery(partial(_count, kinds, stand_in(Tenant, cloud=cloud, country=country, time_zone=zone)))


def _count(kinds: Iterable[AttentionKind], place: Any) -> QuerySet[Any, dict[str, Any]]:
    wanted: dict[str, Subquery] = {}
    for kind in kinds:
        rows = kind.rows(place)
        wanted[f"{kind.name}_rows"] = ArraySubquery(rows.order_by(f"-{kind.key}").values(kind.key)[:COUNT_CAP])
        if kind.day:
            wanted[f"{kind.name}_day"] = Subquery(rows.order_by(kind.day).values(kind.day)[:1])
    return type(place)._default_manager.filter(pk=place.pk).annotate(**wanted).values(*wanted, "pk")


forget_known_counts = _counting.cache_clear
