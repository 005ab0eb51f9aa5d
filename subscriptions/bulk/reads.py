"""What a preview and a receipt say of many rows: groups with their numbers, and the first rows of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, F, Min, QuerySet, Sum, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, RowNumber

from subscriptions.bulk.kinds import KINDS, Kind, Value
from subscriptions.bulk.outcomes import CHANGED, Outcome, outcome_of
from subscriptions.models import AuditEvent, BulkAct, BulkRow, Membership, Tenant
from subscriptions.models.jobs.bulk_act import UNDECIDED
from subscriptions.models.people.membership import ADMINS
from subscriptions.models.subscription import full_name

MOST_GROUPS = 20
FIRST_ROWS = 3


@dataclass(frozen=True)
class Row:
    """One of the first rows of a group."""

    uuid: UUID
    name: str
    cost_center: str


@dataclass
class Group:
    """Rows in which the same becomes the same, or that stay for the same reason; `like` is the key of one of them."""

    count: int
    like: int
    before: Value
    after: Value
    code: str
    old: str = ""
    new: str = ""
    costs: str = ""  # what one of them costs more or less
    rows: list[Row] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.code)

    @property
    def has_more(self) -> bool:
        """Than the first rows."""
        return self.count > len(self.rows)


def decided_acts(tenant: Tenant) -> QuerySet[BulkAct]:
    """Those that somebody decided; a preview is its person's own."""
    return BulkAct.objects.filter(tenant=tenant).exclude(state__in=UNDECIDED)


def find_act(tenant: Tenant, uuid: UUID) -> BulkAct | None:
    act = BulkAct.objects.select_related("undo_of").filter(tenant=tenant, uuid=uuid).first()
    if act:
        act.tenant = tenant
    return act


def groups_of(act: BulkAct, *, changing: bool) -> list[Group]:
    """The largest first, equal ones by what they say. `changing` are those that are to change or were changed, by
    what becomes what; the others are those that stay, by why.
    """
    which = act.rows.filter(outcome__in=["", CHANGED]) if changing else act.rows.exclude(outcome__in=["", CHANGED])
    by = ("before", "after") if changing else ("outcome",)
    found = (
        which.values(*by).annotate(count=Count("pk"), like=Min("pk")).order_by("-count", *by, "like")[:MOST_GROUPS]
    )
    kind = KINDS[act.kind]
    groups = []
    for row in found:
        before, after = row.get("before", {}), row.get("after", {})
        group = Group(row["count"], row["like"], before, after, row.get("outcome", ""))
        if changing:
            group.old, group.new = kind.said(before), kind.said(after)
            group.costs = kind.difference(before, after)
        groups.append(group)
    return groups


def told_of(act: BulkAct, changing: Sequence[Group] | None = None) -> list[tuple[Value, Value, int]]:
    """What the kind tells others of: before, after, and in how many rows; of its groups, where these are all."""
    before, after = KINDS[act.kind].told_of
    if (before, after) == Kind.told_of and changing is not None and len(changing) < MOST_GROUPS:
        return [(group.before, group.after, group.count) for group in changing]
    rows = act.rows.filter(outcome__in=["", CHANGED]).values_list(before, after)
    return [(old or {}, new or {}, count) for old, new, count in rows.order_by().annotate(count=Count("pk"))]


def sums_of(act: BulkAct) -> list[tuple[str, Decimal, Decimal]]:
    """Of the rows that are to change or were changed: currency, and what a month of all costs before and after."""
    if not KINDS[act.kind].is_priced:
        return []
    amount = DecimalField(max_digits=16, decimal_places=2)
    rows = act.rows.filter(planned=True, outcome__in=["", CHANGED]).annotate(currency=KT("after__currency"))
    months = {name: Sum(Cast(KT(f"{name}__month"), amount)) for name in ("before", "after")}
    found = rows.values("currency").order_by("currency").annotate(old=months["before"], new=months["after"])
    return [(row["currency"], row["old"], row["new"]) for row in found]


def with_first_rows(act: BulkAct, groups: Sequence[Group]) -> None:
    """In one statement, however many groups there are."""
    number = Window(RowNumber(), partition_by=[F("before"), F("after")], order_by=F("pk").asc())
    waiting = act.rows.filter(outcome="").annotate(number=number).filter(number__lte=FIRST_ROWS).order_by("pk")
    columns = ("uuid", "name", "own_name", "cost_center")
    for row in waiting.values("before", "after", *(f"subscription__{name}" for name in columns)):
        uuid, name, own_name, cost_center = (row[f"subscription__{column}"] for column in columns)
        for group in groups:
            if (group.before, group.after) == (row["before"], row["after"]):
                group.rows.append(Row(uuid, full_name(name, own_name), cost_center))


def rows_like(act: BulkAct, like: int | None) -> QuerySet[BulkRow]:
    """The rows of the group that this row belongs to; all for none, or for a row that is not of the act."""
    one = act.rows.filter(pk=like).first() if like else None
    if one is None:
        return act.rows.all()
    if one.outcome in ("", CHANGED):
        return act.rows.filter(outcome=one.outcome, before=one.before, after=one.after)
    return act.rows.filter(outcome=one.outcome)


def count_admins(tenant: Tenant) -> int:
    """How many get the receipt."""
    return Membership.objects.active().filter(tenant=tenant, role__in=ADMINS).count()


def last_changed_by(act: BulkAct, uuids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Who changed each of these last, and when: `actor_name` and `at`."""
    events = AuditEvent.objects.of_tenant(act.tenant).filter(subject_uuid__in=uuids)
    last = events.order_by("subject_uuid", "-id").distinct("subject_uuid")
    return {row["subject_uuid"]: row for row in last.values("subject_uuid", "actor_name", "at")}
