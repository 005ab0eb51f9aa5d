"""Subscriptions, as staff enter and correct them. The partner of record is not a fact of these, nor
is the reseller: those rooms are in `partners`.

Staff state the price per user and month, as orders do; what a billing period costs follows from it.
"""

from collections.abc import Collection

from django.db import transaction
from django.db.models import F

from subscriptions.access import Actor
from subscriptions.audit.changes import store, store_new
from subscriptions.base.days import FIRST, LAST
from subscriptions.catalogue import costs
from subscriptions.db.locks import lock_name
from subscriptions.models import AuditEvent, Product, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.changes import follow_new

FACTS = (
    "name",
    "licenses_total",
    "licenses_assigned",
    "billing_frequency",
    "unit_price",
    "started_on",
    "term_ends_on",
    "recurring_billing",
)
FIXED = ("product", "currency", "status")
DAYS = ("started_on", "term_ends_on")
PRICED_BY = ("unit_price", "licenses_total", "billing_frequency")


class ProductOfAnotherCloud(Exception):
    """A tenant can only have what its own cloud sells."""


class DayOutOfReach(Exception):
    """One of its days is none that people mean."""


class CostTooHigh(Exception):
    """A billing period would cost more than can be stored."""


def days_out_of_reach(subscription: Subscription) -> list[str]:
    """The names of such days."""
    days = {name: getattr(subscription, name) for name in DAYS}
    return [name for name, day in days.items() if day and not FIRST <= day <= LAST]


def is_sold_to(product: Product, tenant: Tenant) -> bool:
    return product.cloud == tenant.cloud


@transaction.atomic
def save_subscription(*, subscription: Subscription, by: Actor, reason: str = "") -> AuditEvent | None:
    """A new one is paid in its cloud's currency. Raises ProductOfAnotherCloud, DayOutOfReach and CostTooHigh."""
    _require_possible(subscription)
    if subscription._state.adding:
        make_ready(subscription)
        _use_up_trial(subscription)
        event = _store(subscription, (*FACTS, *FIXED, "cost"), by=by, reason=reason)
        follow_new(tenant=subscription.tenant, subscription=subscription, by=by)
        return event
    return _store(subscription, (*FACTS, "cost") if follow_price(subscription) else FACTS, by=by, reason=reason)


@transaction.atomic
def save_new(*, subscriptions: Collection[Subscription], by: Actor, reason: str = "") -> None:
    """Many new ones at once. Raises as `save_subscription` does, and IntegrityError; then none of them is there."""
    for subscription in subscriptions:
        _require_possible(subscription)
        make_ready(subscription)
        _use_up_trial(subscription)
    store_new(
        subscriptions,
        facts=(*FACTS, *FIXED, "cost"),
        added=AuditKind.SUBSCRIPTION_ADDED,
        by=by,
        tenant_of=lambda subscription: subscription.tenant,
        reason=reason,
    )


def _require_possible(subscription: Subscription) -> None:
    if not is_sold_to(subscription.product, subscription.tenant):
        raise ProductOfAnotherCloud
    if days_out_of_reach(subscription):
        raise DayOutOfReach


def make_ready(subscription: Subscription) -> None:
    """What follows of a new one from its organization's cloud and its price. Raises CostTooHigh."""
    subscription.currency = subscription.tenant.cloud_profile.currency
    follow_price(subscription)


def follow_price(subscription: Subscription) -> bool:
    """Works the cost out where price, licenses or billing frequency are new; whether it did. Raises CostTooHigh.

    One that only knew its cost holds the share of one license then, as when the organization changes its licenses.
    """
    is_new = subscription._state.adding
    before = None if is_new else Subscription.objects.filter(pk=subscription.pk).first()
    if before and all(getattr(before, name) == getattr(subscription, name) for name in PRICED_BY):
        return False
    if before and before.unit_price == subscription.unit_price:
        subscription.unit_price = costs.price_held(before)
    priced = (subscription.unit_price, subscription.licenses_total, subscription.billing_frequency)
    cost = costs.cost_of(*priced)
    if cost > costs.HIGHEST_COST:
        raise CostTooHigh
    subscription.cost = cost
    return True


@transaction.atomic
def set_status(*, subscription: Subscription, status: str, by: Actor, reason: str) -> AuditEvent | None:
    subscription.status = status
    facts = ("status", "began_as_trial") if _use_up_trial(subscription) else ("status",)
    return _store(subscription, facts, by=by, reason=reason)


def _use_up_trial(subscription: Subscription) -> bool:
    """A trial by staff counts as the organization's one of that product, unless it had one; whether it does."""
    if subscription.status != SubscriptionStatus.TRIAL or subscription.began_as_trial:
        return False
    tenant, product = subscription.tenant_id, subscription.product_id
    lock_name("trial", tenant, product)
    had_one = Subscription.objects.filter(tenant_id=tenant, product_id=product, began_as_trial=True)
    subscription.began_as_trial = not had_one.exists()
    return subscription.began_as_trial


def _store(subscription: Subscription, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    """What the organization's people have open of it is stale then."""
    is_new = subscription._state.adding
    event = store(
        subscription,
        facts=facts,
        added=AuditKind.SUBSCRIPTION_ADDED,
        changed=AuditKind.SUBSCRIPTION_CHANGED,
        by=by,
        tenant=subscription.tenant,
        reason=reason,
    )
    if event and not is_new:
        Subscription.objects.filter(tenant=subscription.tenant, pk=subscription.pk).update(version=F("version") + 1)
    return event
