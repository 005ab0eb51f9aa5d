"""Staff read orders, and cancel a placed one with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from subscriptions.models import Order, OrderLine, Subscription
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.order import OrderState
from tests.database import as_owner
from tests.desk import act, add_url, change_url, events, list_url, messages_of, page_of, rows_of
from tests.factories import make_subscription

MODEL = "subscriptions_order"


@pytest.fixture
def subscription(alpha) -> Subscription:
    return make_subscription(tenant=alpha)


@pytest.fixture
def placed(alpha, subscription) -> Order:
    """An order of one line, and the subscription that came of it."""
    now = timezone.now()
    with as_owner():
        order = Order.objects.create(
            tenant=alpha, number="O-1001", state=OrderState.PLACED, started_at=now, started_by="Gloria Admin",
            placed_at=now, placed_by="Gloria Admin", payment_method="invoice",
            expires_on=now.date() + timedelta(days=30),
        )  # fmt: skip
        OrderLine.objects.create(
            tenant=alpha, order=order, product=subscription.product, licenses=7, billing_frequency="annual",
            unit_price=Decimal("18.00"), currency="USD", subscription=subscription,
        )  # fmt: skip
    return order


def cancel(client, *orders, **wanted):
    return act(client, MODEL, "cancel_orders", *orders, **wanted)


@as_owner()
def subscription_facts() -> list[dict]:
    return list(Subscription.objects.values())


def test_an_order_is_found_by_number_and_shown_with_its_lines(desk, placed):
    page = desk.get(list_url(MODEL), {"q": "O-1001"})
    assert [order.pk for order in page.context["cl"].result_list] == [placed.pk]
    text = desk.get(change_url(MODEL, placed.pk)).content.decode()
    for words in ("O-1001", "Gloria Admin", "Office 365 E3", "Annual", "18"):
        assert words in text


def test_an_order_is_not_edited_and_not_added(desk, placed):
    text = desk.get(change_url(MODEL, placed.pk)).content.decode()
    assert "_save" not in text and "-DELETE" not in text
    assert desk.post(change_url(MODEL, placed.pk), {"number": "X"}).status_code == 403
    assert desk.get(add_url(MODEL)).status_code == 403


def test_the_page_says_that_subscriptions_are_not_touched(desk, placed):
    page = page_of(desk, MODEL, "cancel_orders", placed)
    assert "Their subscriptions are not touched" in page.content.decode()
    assert rows_of(Order)[0].state == OrderState.PLACED


def test_an_order_is_canceled_with_a_reason(desk, alpha, placed):
    before = subscription_facts()
    assert cancel(desk, placed, reason="").status_code == 422
    cancel(desk, placed, reason="Ordered twice")
    (order,) = rows_of(Order)
    assert (order.state, order.canceled_by, order.cancel_reason) == ("canceled", "Sam Staff", "Ordered twice")
    assert (order.number, order.version) == ("O-1001", placed.version + 1)
    assert order.canceled_at is not None
    (event,) = events(AuditKind.ORDER_CANCELED)
    assert (event.actor_kind, event.tenant_id, event.subject_name, event.reason) == (
        ActorKind.STAFF, alpha.pk, "O-1001", "Ordered twice",
    )  # fmt: skip
    assert subscription_facts() == before


def test_an_order_is_canceled_once(desk, placed):
    cancel(desk, placed, reason="First")
    answer = cancel(desk, placed, reason="Second")
    assert "Only a placed order can be canceled" in messages_of(answer)[0]
    assert rows_of(Order)[0].cancel_reason == "First"
    assert len(events(AuditKind.ORDER_CANCELED)) == 1


def test_a_draft_is_not_canceled(desk, alpha):
    with as_owner():
        draft = Order.objects.create(
            tenant=alpha, started_at=timezone.now(), started_by="Gloria", expires_on=timezone.localdate()
        )
    answer = cancel(desk, draft, reason="Why not")
    assert "this one is in the state Draft" in messages_of(answer)[0]
    assert rows_of(Order)[0].state == OrderState.DRAFT
