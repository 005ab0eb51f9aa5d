"""The review of delegated admins: each is confirmed or ended in one pass, yearly or quarterly."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Func, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Now

from partners.models import PartnerRelationship
from partners.models.partner_relationship import PartnerRelationshipQuerySet
from partners.relationships.acts import end_relationship
from partners.relationships.changes import database_time, record_change
from subscriptions.access import Actor, Permission
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import Tenant
from subscriptions.models.audit_event import AuditKind

# In one pass; where there are more, those reviewed longest ago come first
MOST_REVIEWED = 200


@dataclass(frozen=True)
class DueReview:
    """How many delegated admins were not confirmed for REVIEW_MONTHS, and since when the first of them stands so.

    `all` counts those that a review shows, due or not; `last` is when somebody last kept one of them.
    """

    count: int
    since: datetime | None
    all: int
    last: datetime | None


@dataclass(frozen=True)
class Reviewed:
    kept: int
    ended: int


def under_review(tenant: Tenant) -> PartnerRelationshipQuerySet:
    """The delegated admins in force; `looked_at` is when each was last confirmed, in a review or first."""
    return (
        PartnerRelationship.objects.of_tenant(tenant)
        .live()
        .delegated_admins()
        .annotate(looked_at=Coalesce("reviewed_at", "started_at"))
    )


def _is_overdue(months: Value | Argument) -> Q:
    interval = Func(
        months,
        template="make_interval(months => %(expressions)s)",
        output_field=models.DurationField(),
    )
    return Q(looked_at__lte=Now() - interval)


def due_for_review(tenant: Tenant) -> PartnerRelationshipQuerySet:
    """Those that were not confirmed for REVIEW_MONTHS."""
    return under_review(tenant).filter(_is_overdue(Value(settings.REVIEW_MONTHS)))


def due_review(tenant: Tenant) -> DueReview:
    return DueReview(**DUE.values(tenant=tenant.pk, months=settings.REVIEW_MONTHS)[0])


def _due() -> QuerySet[Any, dict[str, Any]]:
    """One row of all of them, as without a column to group by."""
    tenant: Any = Argument("tenant", models.BigIntegerField())
    overdue = _is_overdue(Argument("months", models.IntegerField()))
    together = under_review(tenant).annotate(together=Value(1)).values("together")
    found = together.annotate(
        count=Count("pk", filter=overdue),
        since=Min("looked_at", filter=overdue),
        all=Count("pk"),
        last=Max("reviewed_at"),
    )
    return found.values("count", "since", "all", "last")


DUE = KnownQuery(_due)


def to_review(tenant: Tenant) -> list[PartnerRelationship]:
    """What one pass shows, with its use."""
    rows = under_review(tenant).with_use().select_related("partner")
    return list(rows.order_by("looked_at", "pk")[:MOST_REVIEWED])


@transaction.atomic
def review_relationships(*, tenant: Tenant, keep: Collection[UUID], end: Collection[UUID], by: Actor) -> Reviewed:
    """Confirms and ends in one transaction, and leaves alone what has ended meanwhile. Raises Refused."""
    by.may(Permission.REVIEW_RELATIONSHIPS).require()
    chosen = PartnerRelationship.objects.of_tenant(tenant).filter(uuid__in=[*keep, *end]).order_by("pk")
    held = [row.pk for row in chosen.select_for_update().only("pk")]
    kept = ended = 0
    # Read after the lock, so that what ran out while it waited is left alone
    for row in under_review(tenant).filter(pk__in=held).select_related("partner", "tenant").order_by("pk"):
        if row.uuid in end:
            end_relationship(tenant=tenant, relationship=row, by=by)
            ended += 1
        else:
            _confirm(row, by)
            kept += 1
    return Reviewed(kept, ended)


def _confirm(row: PartnerRelationship, by: Actor) -> None:
    row.reviewed_at, row.reviewed_by = database_time(), by.name
    row.save(update_fields=["reviewed_at", "reviewed_by"])
    record_change(AuditKind.RELATIONSHIP_REVIEWED, row, by=by)
