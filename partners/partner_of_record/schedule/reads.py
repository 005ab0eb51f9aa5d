"""What waits for a day to come, and what of it could not be applied."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import Subscription, Tenant

WAITING, NOT_APPLIED = ScheduleState.WAITING, ScheduleState.NOT_APPLIED
OPEN = (WAITING, NOT_APPLIED)  # somebody has something to do with it, or will have


def changes_of(tenant: Tenant | Argument) -> QuerySet[ScheduledChange]:
    return ScheduledChange.objects.filter(tenant=tenant).select_related("subscription", "partner")


def waiting_change(tenant: Tenant, subscription: Subscription) -> ScheduledChange | None:
    return WAITING_CHANGE.first(tenant=tenant.pk, subscription=subscription.pk)


def _waiting_change() -> QuerySet[ScheduledChange]:
    tenant, subscription = (Argument(name, BigIntegerField()) for name in ("tenant", "subscription"))
    return changes_of(tenant).filter(subscription=subscription, state=WAITING).order_by("pk")[:1]


WAITING_CHANGE = KnownQuery(_waiting_change)


def find_change(tenant: Tenant, uuid: UUID) -> ScheduledChange | None:
    found = changes_of(tenant).filter(uuid=uuid).first()
    if found:
        found.tenant = found.subscription.tenant = tenant
    return found


def open_changes(tenant: Tenant, subscription: Subscription) -> list[ScheduledChange]:
    """What waits, and what could not be applied, by its day."""
    found = OPEN_CHANGES.rows(tenant=tenant.pk, subscription=subscription.pk)
    for change in found:
        change.tenant = tenant
    return found


def _open_changes() -> QuerySet[ScheduledChange]:
    tenant, subscription = (Argument(name, BigIntegerField()) for name in ("tenant", "subscription"))
    return changes_of(tenant).filter(subscription=subscription, state__in=OPEN).order_by("day", "pk")


OPEN_CHANGES = KnownQuery(_open_changes)


def due_at(changes: list[ScheduledChange], day: date) -> ScheduledChange | None:
    """The change that will have been applied when that day ends."""
    return next((change for change in changes if change.state == WAITING and change.day <= day), None)


def with_changes(rows: Any) -> Any:
    """Adds of the change that waits `changes_on`, its day, and `changes_to`, the partner then as an ID and a name:
    of a deletion a space alone.
    """
    waiting = ScheduledChange.objects.filter(subscription=OuterRef("pk"), tenant=OuterRef("tenant"), state=WAITING)
    partner = Concat(F("partner__number"), Value(" "), F("partner__name"), output_field=CharField())
    return rows.annotate(
        changes_on=Subquery(waiting.values("day")[:1]), changes_to=Subquery(waiting.values(to=partner)[:1])
    )


def having(state: str, tenant: Tenant) -> Q:
    """Of subscriptions: those with a change in that state."""
    changes = ScheduledChange.objects.filter(tenant=tenant, state=state)
    return Q(pk__in=changes.values("subscription"))
