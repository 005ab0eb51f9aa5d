"""Place order that fails: nothing is bought, and what was typed about the payment is still there."""

import pytest
from django.utils import timezone

from subscriptions.models import Order, Subscription
from tests.database import as_owner
from tests.factories import make_order, make_partner, make_sold_product, make_subscription

ORDER = "/t/alpha/billing/purchase-services/check-out"


def change_the_price(order: Order) -> None:
    make_sold_product(name="Office 365 E1", monthly="12.50", since=timezone.localdate())


def suspend_the_partner(order: Order) -> None:
    make_partner(state="inactive")
    with as_owner():
        Order.objects.update(partner_number="565380", partner_name="Tailspin Consulting")


def assign_more_licenses(order: Order) -> None:
    with as_owner():
        line = order.lines.get()
        make_subscription(tenant=order.tenant, product=line.product, status="trial", began_as_trial=True, cost="0")


@pytest.mark.parametrize("happens", [change_the_price, suspend_the_partner, assign_more_licenses])
def test_what_was_typed_is_kept(alpha, global_admin, sign_in, happens):
    order, client = make_order(tenant=alpha), sign_in(global_admin)
    payment = f"{ORDER}/{order.uuid}/payment/"
    form = client.get(payment).context["form"]
    fields = {name: str(form[name].value() or "") for name in ("version", "key", "payment_method")}
    happens(order)
    answer = client.post(payment, fields | {"terms": "on", "purchase_order_number": "PO 4711"})
    assert answer.status_code == 409
    with as_owner():
        order.refresh_from_db()
        assert not Subscription.objects.filter(status="active").exists()
    assert (order.state, order.purchase_order_number, order.payment_method) == ("draft", "PO 4711", "invoice")
    if "act_form" in answer.context:
        assert answer.context["act_form"]["version"].value() == order.version
