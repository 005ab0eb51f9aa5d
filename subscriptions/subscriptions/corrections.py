"""Subscriptions, as staff enter and correct them. The partner of record is not a fact of these, nor
is the reseller: those rooms are in `partners`.

Staff state the price per user and month, as orders do; what a billing period costs follows from it.
"""

from django.db import transaction
from django.db.models import F

from subscriptions.access import Actor
from subscriptions.audit.changes import store
from subscriptions.base.days import FIRST, LAST
from subscriptions.catalogue import costs
from subscriptions.db.locks import lock_name
from subscriptions.models import AuditEvent, Product, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.subscription import SubscriptionStatus

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
    tenant, is_new = subscription.tenant, subscription._state.adding
    if not is_sold_to(subscription.product, tenant):
        raise ProductOfAnotherCloud
    if days_out_of_reach(subscription):
        raise DayOutOfReach
    if is_new:
        subscription.currency = tenant.cloud_profile.currency
        _use_up_trial(subscription)
    facts = (*FACTS, *FIXED) if is_new else FACTS
    return _store(subscription, (*facts, "cost") if follow_price(subscription) else facts, by=by, reason=reason)


def follow_price(subscription: Subscription) -> bool:
    """Works the cost out where price, licenses or billing frequency are new; whether it did. Raises CostTooHigh.

    One that only knew its cost holds the share of one license then, as when the organization changes its licenses.
    """
    before = Subscription.objects.filter(pk=subscription.pk).first()
    if before and all(getattr(before, name) == getattr(subscription, name) for name in PRICED_BY):
        return False
    if before and before.unit_price == subscription.unit_price:
        subscription.unit_price = costs.price_held(before)
    priced = (subscription.unit_price, subscription.licenses_total, subscription.billing_frequency)
    if not costs.is_sold(*priced):
        raise CostTooHigh
    subscription.cost = costs.cost_of(*priced)
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
