"""Whose draft is whose."""

from subscriptions.catalogue import shop
from subscriptions.db import scopes
from subscriptions.models import Order, Tenant
from subscriptions.orders import acts as orders
from tests.factories import make_actor, make_member, make_sold_product


def test_namesakes_do_not_share_a_draft(alpha):
    product = make_sold_product()
    people = [make_member(tenant=alpha, name="Kim Lee", email=f"kim{number}@alpha.example") for number in (1, 2)]
    first, second, again = (add(alpha, product, make_actor(user=user)) for user in (*people, people[0]))
    assert (first.pk == again.pk, first.pk == second.pk) == (True, False)
    assert (first.started_by, second.started_by) == ("Kim Lee", "Kim Lee")


def add(tenant, product, actor) -> Order:
    with scopes.tenant(tenant.pk):
        found = Tenant.objects.with_cloud_status().get()
        item = shop.find_item(tenant=found, uuid=product.uuid)
        return orders.add_product(tenant=found, item=item, by=actor)
