"""What a tenant's admin does with a subscription: licenses, billing frequency, recurring billing. Ends: its sibling.

Each act locks the subscription, compares the version that the person saw, asks its verdict again, writes, and leaves
one audit event; None where nothing had to be changed. Raises StaleVersion and Refused.
"""

from decimal import Decimal
from typing import Any

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.base.names import normalize_name
from subscriptions.catalogue import costs
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription, stored_fact, write
from subscriptions.subscriptions.rules import (
    may_add_licenses,
    may_change_frequency,
    may_change_licenses,
    may_name,
    may_set_recurring_billing,
    may_undo,
)


class FewerThanAssigned(Exception):
    """Licenses that people hold cannot be taken away."""


NOT_CANCELED = {"canceled_at": None, "canceled_by": "", "cancel_reason": "", "paid_until": None}


@transaction.atomic
def change_licenses(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, total: int
) -> AuditEvent | None:
    """`total` is the new total, at the price held. Raises FewerThanAssigned."""
    row = lock_subscription(tenant, subscription, version)
    may = may_add_licenses if total > row.licenses_total else may_change_licenses
    may(by, tenant, row).require()
    if total < max(row.licenses_assigned, 1):
        raise FewerThanAssigned
    if total == row.licenses_total:
        return None
    price = costs.price_held(row)
    costs.may_cost(price, product=row.product, licenses=total, frequency=row.billing_frequency).require()
    cost = costs.cost_of(price, total, row.billing_frequency)
    return write(row, AuditKind.LICENSES_CHANGED, by=by, licenses_total=total, unit_price=price, cost=cost)


@transaction.atomic
def name_subscription(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, own_name: str, cost_center: str
) -> AuditEvent | None:
    """What the organization calls it and by whom it is paid inside; no text takes back the one that stands there."""
    row = lock_subscription(tenant, subscription, version)
    may_name(by, tenant, row).require()
    facts: dict[str, Any] = {"own_name": normalize_name(own_name), "cost_center": normalize_name(cost_center)}
    if facts == {"own_name": row.own_name, "cost_center": row.cost_center}:
        return None
    return write(row, AuditKind.SUBSCRIPTION_NAMED, by=by, **facts)


@transaction.atomic
def change_frequency(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, frequency: str, unit_price: Decimal
) -> AuditEvent | None:
    """At once, at the price of the day for that frequency; the term goes on to its end, later ones are as long.

    `unit_price` is the price that the person saw. Raises PriceNotAsShown.
    """
    row = lock_subscription(tenant, subscription, version)
    may_change_frequency(by, tenant, row).require()
    if frequency == row.billing_frequency:
        return None
    price = costs.known_price(row, frequency)
    costs.require_as_shown(unit_price, price)
    cost = costs.cost_of(price, row.licenses_total, frequency)
    facts: dict[str, Any] = {"billing_frequency": frequency, "unit_price": price, "cost": cost}
    return write(row, AuditKind.FREQUENCY_CHANGED, by=by, **facts)


@transaction.atomic
def set_recurring_billing(
    *, tenant: Tenant, subscription: Subscription, version: int, by: Actor, recurring: bool
) -> AuditEvent | None:
    """Turning it on takes back a cancellation for the end of the term."""
    row = lock_subscription(tenant, subscription, version)
    may_set_recurring_billing(by, tenant, row).require()
    if recurring == row.recurring_billing:
        return None
    facts: dict[str, Any] = {
        "recurring_billing": recurring,
        **(NOT_CANCELED if recurring and row.canceled_at else {}),
    }
    return write(row, AuditKind.RECURRING_BILLING_CHANGED, by=by, **facts)


@transaction.atomic
def undo_last_change(*, tenant: Tenant, subscription: Subscription, version: int, by: Actor) -> AuditEvent:
    """Puts back what the last change replaced, as long as nothing else has changed since."""
    row = lock_subscription(tenant, subscription, version)
    change = last_change(tenant, row)
    may_undo(by, tenant, row, change).require()
    assert change is not None  # noqa: S101 - the verdict refuses it
    facts = {name: stored_fact(name, before) for name, (before, _after) in change.detail["changes"].items()}
    return write(row, AuditKind(change.kind), by=by, undo=change.uuid, **facts)


def last_change(tenant: Tenant, subscription: Subscription) -> AuditEvent | None:
    """What happened last to the subscription."""
    events = AuditEvent.objects.of_tenant(tenant).filter(subject_uuid=subscription.uuid)
    return events.order_by("-at", "-id").first()
