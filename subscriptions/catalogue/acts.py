"""What the clouds sell, and where each cloud is in its life."""

from django.db import transaction

from subscriptions.access import Actor
from subscriptions.audit.changes import store
from subscriptions.base.languages import columns_of
from subscriptions.catalogue.families import hold_families
from subscriptions.clouds import profile_of
from subscriptions.models import AuditEvent, CloudState, Product
from subscriptions.models.audit_event import AuditKind


@transaction.atomic
def save_product(*, product: Product, by: Actor, reason: str = "") -> AuditEvent | None:
    """A product's cloud is for good: subscriptions of that cloud point to it.

    Raises FamilyGone where its category was deleted meanwhile.
    """
    hold_families([product.family_id])
    facts = ("sku", "name", "family_id", *columns_of("description"), *columns_of("features"), "has_trial")
    facts = (*facts, "cloud") if product._state.adding else facts
    return _store(product, facts, by=by, reason=reason)


def default_state(cloud: str) -> CloudState:
    """Where a cloud is for which nothing is stored."""
    return CloudState(cloud=cloud, status=profile_of(cloud).default_status)


@transaction.atomic
def save_cloud_state(*, cloud_state: CloudState, by: Actor, reason: str = "") -> AuditEvent | None:
    return _store(cloud_state, ("status",), by=by, reason=reason)


def _store(row: Product | CloudState, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    kind = AuditKind.CATALOG_CHANGED
    return store(row, facts=facts, added=kind, changed=kind, by=by, tenant=None, reason=reason)
