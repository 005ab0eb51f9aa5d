"""Subscriptions, as staff enter and correct them. The partner of record is not a fact of these: partners/domain."""

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.domain.changes import store
from subscriptions.models import AuditEvent, Product, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind

FACTS = (
    "name",
    "licenses_total",
    "licenses_assigned",
    "billing_frequency",
    "cost",
    "started_on",
    "term_ends_on",
    "recurring_billing",
    "reseller_managed",
)
FIXED = ("product", "currency", "status")


class ProductOfAnotherCloud(Exception):
    """A tenant can only have what its own cloud sells."""


def is_sold_to(product: Product, tenant: Tenant) -> bool:
    return product.cloud == tenant.cloud


@transaction.atomic
def save_subscription(*, subscription: Subscription, by: Actor, reason: str = "") -> AuditEvent | None:
    """A new one is paid in its cloud's currency. Raises ProductOfAnotherCloud."""
    tenant, is_new = subscription.tenant, subscription._state.adding
    if not is_sold_to(subscription.product, tenant):
        raise ProductOfAnotherCloud
    if is_new:
        subscription.currency = tenant.cloud_profile.currency
    return _store(subscription, (*FACTS, *FIXED) if is_new else FACTS, by=by, reason=reason)


@transaction.atomic
def set_status(*, subscription: Subscription, status: str, by: Actor, reason: str) -> AuditEvent | None:
    subscription.status = status
    return _store(subscription, ("status",), by=by, reason=reason)


def _store(subscription: Subscription, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    return store(
        subscription,
        facts=facts,
        added=AuditKind.SUBSCRIPTION_ADDED,
        changed=AuditKind.SUBSCRIPTION_CHANGED,
        by=by,
        tenant=subscription.tenant,
        reason=reason,
    )
