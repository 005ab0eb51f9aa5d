"""Staff end a price or withdraw a product: from when on it is not sold, and what is left alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from subscriptions.access import staff_actor
from subscriptions.audit import acts as audit
from subscriptions.catalogue.price_ends import CannotEnd, end_price, withdraw_product
from subscriptions.db import scopes
from subscriptions.models import Order, OrderLine, Product, ProductPrice, Subscription
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import act, events, messages_of, page_of, rows_of
from tests.factories import make_order, make_price, make_product, make_subscription

PRICES, PRODUCTS = "subscriptions_productprice", "subscriptions_product"


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def product(db) -> Product:
    """Sold since long ago, with another price from in 30 days on."""
    product = make_product()
    make_price(product=product, monthly="20.00", since=in_days(-100))
    make_price(product=product, monthly="22.00", since=in_days(30))
    return product


@as_owner()
def periods(product: Product) -> list[tuple]:
    """Price, first day and the day on which it is no longer the price, both from today."""
    rows = ProductPrice.objects.filter(product=product).order_by("valid")
    return [(int(row.monthly), _away(row.valid.lower), _away(row.valid.upper)) for row in rows]


def _away(day: date | None) -> int | None:
    return (day - timezone.localdate()).days if day else None


def end(price: ProductPrice, staff, last_day: date):
    with scopes.staff():
        return end_price(price=price, last_day=last_day, by=staff_actor(staff), reason="Old")


def withdraw(product: Product, staff):
    with scopes.staff():
        return withdraw_product(product=product, by=staff_actor(staff), reason="Recalled")


@as_owner()
def price_of(product: Product, monthly: int) -> ProductPrice:
    return ProductPrice.objects.get(product=product, monthly=monthly)


@pytest.mark.parametrize("days", [0, 10, 28])
def test_a_price_gets_a_last_day(product, staff, days):
    end(price_of(product, 20), staff, in_days(days))
    assert periods(product) == [(20, -100, days + 1), (22, 30, None)]


def test_a_price_that_has_not_begun_may_end_on_its_first_day(product, staff):
    end(price_of(product, 22), staff, in_days(30))
    assert periods(product) == [(20, -100, 30), (22, 30, 31)]


@pytest.mark.parametrize(
    ("monthly", "days", "why"),
    [
        (20, -1, "What the past cost stays as it was"),
        (22, 29, "This price begins on"),
        (22, 80_000, "Choose a day between 2000 and 2200"),
        (20, 29, "The last day of this price is .* already"),
        (20, 40, "The last day of this price is .* already"),
    ],
)
def test_a_day_that_cannot_be_the_last_is_refused(product, staff, monthly, days, why):
    with pytest.raises(CannotEnd, match=why):
        end(price_of(product, monthly), staff, in_days(days))
    assert (periods(product), events(AuditKind.CATALOG_CHANGED)) == ([(20, -100, 30), (22, 30, None)], [])


def test_the_end_of_a_price_is_audited_with_the_day_before(product, staff):
    end(price_of(product, 20), staff, in_days(3))
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert (event.actor, event.reason, event.subject_uuid, event.tenant_id) == (staff, "Old", product.uuid, None)
    assert event.detail == {"price_from": str(in_days(-100)), "last_day": [str(in_days(29)), str(in_days(3))]}


def test_a_withdrawn_product_is_not_sold_from_now_on(product, staff):
    event = withdraw(product, staff)
    assert periods(product) == [(20, -100, 0)]
    assert (event.actor_name, event.reason) == ("Sam Staff", "Recalled")
    assert [(price["monthly"], price["from"], price["until"]) for price in event.detail["withdrawn"]] == [
        ("20.00", str(in_days(-100)), str(in_days(30))),
        ("22.00", str(in_days(30)), None),
    ]


def test_a_price_that_began_today_was_none(db, staff):
    product = make_product()
    make_price(product=product, since=in_days(0))
    withdraw(product, staff)
    assert periods(product) == []


def test_what_is_not_sold_is_not_withdrawn(product, staff):
    withdraw(product, staff)
    with pytest.raises(CannotEnd, match="not on sale"):
        withdraw(product, staff)
    assert len(events(AuditKind.CATALOG_CHANGED)) == 1


def test_without_its_audit_event_nothing_ends(product, staff, monkeypatch):
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        withdraw(product, staff)
    assert periods(product) == [(20, -100, 30), (22, 30, None)]


@as_owner()
def held() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Order, OrderLine, Subscription)]


def test_what_holds_a_price_is_not_touched(alpha, product, staff):
    make_subscription(tenant=alpha, product=product, unit_price="19.00")
    make_order(tenant=alpha, product=product)
    before = held()
    end(price_of(product, 20), staff, in_days(3))
    withdraw(product, staff)
    assert held() == before


def test_staff_end_a_price_with_a_day_and_a_reason(desk, product):
    price = price_of(product, 20)
    page = page_of(desk, PRICES, "end_prices", price)
    assert "Orders and subscriptions keep the price that they hold." in page.text
    assert act(desk, PRICES, "end_prices", price, last_day=in_days(5), reason="").status_code == 422
    assert act(desk, PRICES, "end_prices", price, last_day="", reason="Old").status_code == 422
    act(desk, PRICES, "end_prices", price, last_day=in_days(5), reason="Old")
    assert periods(product) == [(20, -100, 6), (22, 30, None)]
    answer = act(desk, PRICES, "end_prices", price, last_day=in_days(-5), reason="Old")
    assert "What the past cost stays as it was" in messages_of(answer)[0]


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-02", "1999-12-31"])
def test_the_last_day_is_one_that_people_mean(desk, product, day):
    answer = act(desk, PRICES, "end_prices", price_of(product, 22), last_day=day, reason="Old")
    assert answer.context["form"].errors == {"last_day": ["Choose a day between 2000 and 2200."]}
    assert periods(product) == [(20, -100, 30), (22, 30, None)]


def test_staff_withdraw_a_product_with_a_reason(desk, product):
    assert act(desk, PRODUCTS, "withdraw_products", product, reason="").status_code == 422
    act(desk, PRODUCTS, "withdraw_products", product, reason="Recalled")
    assert (periods(product), len(rows_of(Product))) == ([(20, -100, 0)], 1)
    answer = act(desk, PRODUCTS, "withdraw_products", product, reason="Again")
    assert "The product is not on sale" in messages_of(answer)[0]
    assert [event.reason for event in events(AuditKind.CATALOG_CHANGED)] == ["Recalled"]


def test_nobody_can_buy_what_was_withdrawn(alpha, global_admin, sign_in, desk, product):
    client, shop = sign_in(global_admin), "/t/alpha/billing/purchase-services/"
    assert [card["item"].name for card in client.get(shop).context["list"].rows] == [product.name]
    act(desk, PRODUCTS, "withdraw_products", product, reason="Recalled")
    assert client.get(shop).context["list"].rows == []
