"""What an order costs: the list says it as its lines do, and a price of nothing is a price."""

from subscriptions.db import scopes
from subscriptions.models import OrderLine, ProductPrice
from subscriptions.models.subscription import BillingFrequency
from subscriptions.orders import acts as orders
from tests.database import as_owner
from tests.factories import make_actor, make_order, placed


def test_the_total_of_the_list_is_that_of_the_lines(alpha, global_admin, sign_in):
    order = make_order(tenant=alpha, **placed("2026-000001"))
    with as_owner():
        (line,) = order.lines.all()
        OrderLine.objects.filter(pk=line.pk).update(billing_frequency="annual", unit_price=9)
        OrderLine.objects.create(
            tenant=alpha, order=order, product=line.product, licenses=2, billing_frequency="monthly",
            unit_price=7, currency="USD",
        )  # fmt: skip
        costs = [line.cost for line in order.lines.order_by("id")]
    (row,) = sign_in(global_admin).get("/t/alpha/billing/orders/").context["list"].rows
    assert (costs, row["total"]) == ([9 * 5 * 12, 7 * 2], 9 * 5 * 12 + 7 * 2)


def test_a_line_takes_a_price_of_nothing_with_its_frequency(alpha, global_admin):
    order = make_order(tenant=alpha)
    with as_owner():
        line = order.lines.get()
        ProductPrice.objects.filter(product=line.product).update(annual=0)
    wanted = {line.pk: orders.Wanted(5, BillingFrequency.ANNUAL)}
    with scopes.tenant(alpha.pk):
        by = make_actor(user=global_admin)
        orders.change_lines(tenant=alpha, order=order, version=order.version, wanted=wanted, by=by)
        assert order.lines.get().unit_price == 0
