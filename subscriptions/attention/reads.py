"""How much needs attention, by kind, in one statement for all of them; and what a person has put off."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.attention.kinds import KINDS, AttentionKind, Urgency
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
    tenant: Tenant
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
        return f"{reverse(self.kind.list_name, args=[self.tenant.slug])}?{self.kind.filters}"

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
    found: list[Attention]


def what_needs_attention(tenant: Tenant, actor: Actor) -> list[Attention]:
    """Each kind that this person may read and of which there is something, put off or not; two statements."""
    kinds = [kind for kind in KINDS.values() if kind.is_read_by(actor, tenant)]
    counted = _counted(tenant, kinds)
    if not any(counted[f"{kind.name}_rows"] for kind in kinds):
        return []
    snoozes = {snooze.kind: snooze for snooze in snoozes_of(tenant, actor)}
    found = [
        Attention(
            kind, tenant, actor, counted[f"{kind.name}_rows"], counted.get(f"{kind.name}_day"), snoozes.get(kind.name)
        )
        for kind in kinds
    ]
    return [each for each in found if each.rows]


def find_attention(tenant: Tenant, actor: Actor, name: str) -> Attention | None:
    """One kind as it is now; None where there is nothing of it, or nothing for this person."""
    kind = KINDS.get(name)
    if kind is None or not kind.is_read_by(actor, tenant):
        return None
    rows = _counted(tenant, [kind])[f"{name}_rows"]
    return Attention(kind, tenant, actor, rows) if rows else None


def by_urgency(found: Iterable[Attention]) -> list[Group]:
    """In the order of the page, without those of which there is nothing."""
    listed = list(found)
    groups = [Group(urgency, [each for each in listed if each.kind.urgency is urgency]) for urgency in Urgency]
    return [group for group in groups if group.found]


def snoozes_of(tenant: Tenant, actor: Actor) -> QuerySet[Snooze]:
    """Those of the person that are still in force."""
    return Snooze.objects.filter(tenant=tenant, user=actor.user_id, until__gt=Now())


def _counted(tenant: Tenant, kinds: Iterable[AttentionKind]) -> dict[str, Any]:
    """By kind the ids of its newest rows, as many as are counted, and its first day, all in one statement."""
    names = tuple(kind.name for kind in kinds)
    query = _counting(names, tenant.cloud, tenant.country_code, tenant.time_zone, today_of(tenant))
    (found,) = query.values(place=tenant.pk)
    return found


@lru_cache(maxsize=500)
def _counting(names: tuple[str, ...], cloud: str, country: str, zone: str, _today: date) -> KnownQuery:
    """Written once for all organizations of a cloud, country and zone, and anew each day: a tenth of the time."""
    return KnownQuery(partial(_count, names, stand_in(Tenant, cloud=cloud, country=country, time_zone=zone)))


def _count(names: Iterable[str], tenant: Tenant) -> QuerySet[Tenant, dict[str, Any]]:
    wanted: dict[str, Subquery] = {}
    for kind in map(KINDS.__getitem__, names):
        rows = kind.rows(tenant)
        wanted[f"{kind.name}_rows"] = ArraySubquery(rows.order_by("-pk").values("pk")[:COUNT_CAP])
        if kind.day:
            wanted[f"{kind.name}_day"] = Subquery(rows.order_by(kind.day).values(kind.day)[:1])
    return Tenant.objects.filter(pk=tenant.pk).annotate(**wanted).values(*wanted, "pk")


forget_known_counts = _counting.cache_clear
