"""The list of orders says what an order costs, as its lines do."""

from subscriptions.models import OrderLine
from tests.database import as_owner
from tests.factories import make_order, placed


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
    (row,) = sign_in(global_admin).get("/t/alpha/billing/orders/").context["orders"]
    assert (costs, row["total"]) == ([9 * 5 * 12, 7 * 2], 9 * 5 * 12 + 7 * 2)
