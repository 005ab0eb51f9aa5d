"""The demo's purchases and wishes: made just now, by the acts themselves, with their audit rows and mails."""

import time

from partners.matching.acts import Wish, request_match
from partners.models import Partner
from portal.checkout.acts import name_partner, place_order
from portal.demo.data import DemoPurchase
from subscriptions.access import Actor
from subscriptions.catalogue.shop import find_item
from subscriptions.clouds import PaymentMethod
from subscriptions.models import Membership, Product, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.membership import Role
from subscriptions.models.subscription import BillingFrequency
from subscriptions.orders import acts as orders


def buy(wanted: DemoPurchase, partner: Partner) -> None:
    """An order that names the partner, and a wish sent to it."""
    tenant = Tenant.objects.with_cloud_status().get(slug=wanted.slug)
    by = member(tenant, wanted.buyer)
    _order(tenant, wanted, partner, by)
    wish = Wish(text=wanted.wish, country=tenant.country_code)
    request_match(tenant=tenant, wish=wish, partners=[partner], by=by)


def member(tenant: Tenant, email: str) -> Actor:
    """One of the organization's people, just signed in."""
    found = Membership.objects.select_related("user").get(tenant=tenant, user__email=email)
    return Actor(
        kind=ActorKind.MEMBER,
        name=found.user.name,
        user_id=found.user_id,
        role=Role(found.role),
        proved_at=time.time(),
    )


def _order(tenant: Tenant, wanted: DemoPurchase, partner: Partner, by: Actor) -> None:
    product = Product.objects.get(cloud=tenant.cloud, name=wanted.product)
    item = find_item(tenant=tenant, uuid=product.uuid)
    assert item is not None  # noqa: S101 - all products of the demo are sold
    order = orders.add_product(tenant=tenant, item=item, by=by)
    order.refresh_from_db()
    lines = {order.lines.get().pk: orders.Wanted(wanted.licenses, BillingFrequency.MONTHLY)}
    orders.change_lines(tenant=tenant, order=order, version=order.version, wanted=lines, by=by)
    name_partner(tenant=tenant, order=order, version=order.version + 1, partner=partner, by=by)
    payment = {"payment_method": PaymentMethod.INVOICE.value}
    place_order(tenant=tenant, order=order, version=order.version + 2, payment=payment, by=by)
