"""How any act or job writes to a subscription: under a lock, with a new version and one audit event."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.changes import derived
from subscriptions.audit.facts import Facts
from subscriptions.catalogue import costs
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.events import SubscriptionChanged, SubscriptionEnds
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import Stale

# What follows where a subscription is new, of which an upper app knows: each takes tenant, subscription and by
WHEN_MADE: list[Callable[..., object]] = []


def follow_new(*, tenant: Tenant, subscription: Subscription, by: Actor) -> None:
    """What an upper app does where a subscription has just been made."""
    for follow in WHEN_MADE:
        follow(tenant=tenant, subscription=subscription, by=by)


class StaleVersion(Stale):
    """The subscription has changed since the form was shown."""


def lock_subscription(tenant: Tenant, subscription: Subscription, version: int | None) -> Subscription:
    """The row as it is now, with today's prices and by its date, held until the transaction ends.

    Raises StaleVersion where it is not the version that the person saw; None takes any.
    """
    rows = Subscription.objects.select_for_update(of=("self",)).select_related("product")
    row = costs.with_todays_prices(rows).get(tenant=tenant, pk=subscription.pk)
    if version is not None and row.version != version:
        raise StaleVersion
    row.tenant = tenant
    judge_by_date(row, today_of(tenant))
    return row


def write(
    row: Subscription,
    kind: AuditKind,
    *,
    by: Actor,
    reason: str = "",
    ends: Mapping[str, Any] | None = None,
    undo: UUID | None = None,
    **facts: Any,
) -> AuditEvent:
    """Stores these facts of a locked row; the event keeps the old and the new value of each that is different.

    `ends` is what the event of a step in its life keeps beside them, `undo` the event that is taken back.
    """
    changes = {}
    for name, value in facts.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [_as_json(before), _as_json(value)]
            setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*facts, *derived(row, facts), "version"])
    if ends is None:
        kept = SubscriptionChanged(changes, undo=undo, **own_name_of(row))
    else:
        kept = SubscriptionEnds(changes, **ends)
    return record(row, kind, by=by, reason=reason, facts=kept)


def record(row: Subscription, kind: AuditKind, *, by: Actor, reason: str = "", facts: Facts) -> AuditEvent:
    """One event about the subscription."""
    return audit.record(
        kind,
        by=by,
        tenant=row.tenant,
        subject_name=row.name,
        subject_uuid=row.uuid,
        reason=reason,
        facts=facts,
    )


def own_name_of(row: Subscription) -> dict[str, Any]:
    """As an event keeps it, for the organization alone: the subject's name is read by partners too."""
    return {"own_name": row.own_name} if row.own_name else {}


def _as_json(value: Any) -> Any:
    return str(value) if isinstance(value, (date, Decimal)) else value


def stored_fact(name: str, value: Any) -> Any:
    """What an event says that a fact was, as the row had it."""
    field: Any = Subscription._meta.get_field(name)
    return field.to_python(value)
