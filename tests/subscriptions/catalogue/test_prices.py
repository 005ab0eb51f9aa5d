"""Prices have days: one at a time, the past for good, and no order follows a change."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.utils import timezone
from psycopg.types.range import DateRange

from subscriptions.access import staff_actor
from subscriptions.audit import acts as audit
from subscriptions.catalogue.prices import CannotSetPrice, set_price
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import Order, OrderLine, Product, ProductPrice
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.desk import add_url, change_url, errors_of, events, list_url, rows_of
from tests.factories import make_product

TODAY = timezone.localdate
MODEL = "subscriptions_productprice"


def in_days(number: int) -> date:
    return TODAY() + timedelta(days=number)


@pytest.fixture
def product(db) -> Product:
    """Sold for 20 since long ago."""
    product = make_product()
    with as_owner():
        make_price(product, "20", in_days(-100))
    return product


def make_price(product, monthly, since, until=None) -> ProductPrice:
    amount = Decimal(monthly)
    valid = DateRange(since, until)
    return ProductPrice.objects.create(product=product, currency="USD", monthly=amount, annual=amount, valid=valid)


def change(product, staff, monthly, from_day, annual="18"):
    amounts = {"monthly": Decimal(monthly), "annual": Decimal(annual)}
    with scopes.staff():
        return set_price(product=product, from_day=from_day, by=staff_actor(staff), reason="New list", **amounts)


@as_owner()
def periods(product) -> list[tuple]:
    """Price, first day and the day on which it is no longer the price, both from today."""
    rows = ProductPrice.objects.filter(product=product).order_by("valid")
    return [(int(row.monthly), _away(row.valid.lower), _away(row.valid.upper)) for row in rows]


def _away(day: date | None) -> int | None:
    return (day - TODAY()).days if day else None


def test_a_price_of_today_ends_the_one_before(product, staff):
    change(product, staff, "22", TODAY())
    assert periods(product) == [(20, -100, 0), (22, 0, None)]


def test_a_price_may_begin_in_the_future(product, staff):
    change(product, staff, "22", in_days(30))
    assert periods(product) == [(20, -100, 30), (22, 30, None)]


def test_a_price_between_two_ends_where_the_next_begins(product, staff):
    change(product, staff, "25", in_days(60))
    change(product, staff, "22", in_days(30))
    assert periods(product) == [(20, -100, 30), (22, 30, 60), (25, 60, None)]


def test_a_price_of_the_very_day_is_corrected(product, staff):
    change(product, staff, "22", in_days(30))
    change(product, staff, "23", in_days(30))
    assert periods(product) == [(20, -100, 30), (23, 30, None)]


def test_a_first_price_needs_none_before_it(db, staff):
    product = make_product(name="Visio")
    change(product, staff, "9", in_days(3))
    change(product, staff, "8", TODAY())
    assert periods(product) == [(8, 0, 3), (9, 3, None)]


@pytest.mark.parametrize("days", [-1, -100])
def test_what_the_past_cost_stays(product, staff, days):
    with pytest.raises(CannotSetPrice, match="cannot begin in the past"):
        change(product, staff, "22", in_days(days))
    assert periods(product) == [(20, -100, None)]


def test_the_same_price_again_is_no_change(product, staff):
    with pytest.raises(CannotSetPrice, match="has this price on that day already"):
        change(product, staff, "20", in_days(5), annual="20")
    assert periods(product) == [(20, -100, None)]
    assert events(AuditKind.CATALOG_CHANGED) == []


def test_a_price_is_in_the_clouds_currency(db, staff):
    product = make_product(cloud=Cloud.GERMANY)
    assert change(product, staff, "20", TODAY()).currency == "EUR"


def test_a_change_is_audited_with_both_prices_and_the_reason(product, staff):
    change(product, staff, "22.50", in_days(30))
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert (event.actor, event.reason, event.subject_uuid, event.tenant_id) == (staff, "New list", product.uuid, None)
    assert event.detail == {
        "from_day": in_days(30).isoformat(),
        "currency": "USD",
        "changes": {"monthly": ["20.00", "22.50"], "annual": ["20.00", "18"]},
    }


def test_a_change_whose_audit_fails_did_not_happen(product, staff, monkeypatch):
    monkeypatch.setattr(audit.AuditEvent, "save", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        change(product, staff, "22", TODAY())
    assert periods(product) == [(20, -100, None)]


def test_a_price_change_touches_no_order(alpha, product, staff):
    with as_owner():
        order = Order.objects.create(
            tenant=alpha, started_at=timezone.now(), started_by="Gloria Admin", expires_on=in_days(30)
        )
        OrderLine.objects.create(
            tenant=alpha, order=order, product=product, licenses=5, billing_frequency="monthly",
            unit_price=Decimal("20"), currency="USD",
        )  # fmt: skip
    change(product, staff, "22", TODAY())
    assert [line.unit_price for line in rows_of(OrderLine)] == [Decimal("20.00")]
    assert rows_of(Order)[0].version == 1


def test_the_database_has_one_price_at_a_time(product):
    with pytest.raises(IntegrityError, match="productprice_one_at_a_time"), as_owner():
        make_price(product, "22", in_days(5))


def facts(chosen, **wanted) -> dict:
    usual = {"product": chosen.pk, "monthly": "22", "annual": "19.80", "from_day": in_days(7).isoformat()}
    return {**usual, "reason": "New list", **wanted}


def test_staff_enter_a_price_from_a_day_on(desk, product):
    assert desk.post(add_url(MODEL), facts(product)).status_code == 302
    assert periods(product) == [(20, -100, 7), (22, 7, None)]
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert (event.actor_name, event.reason) == ("Sam Staff", "New list")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"from_day": "2020-01-01"}, "from_day"),
        ({"from_day": "soon"}, "from_day"),
        ({"from_day": "9999-12-31"}, "from_day"),
        ({"monthly": "20", "annual": "20"}, "from_day"),
        ({"monthly": "-1"}, "__all__"),
        ({"annual": "a lot"}, "annual"),
        ({"reason": ""}, "reason"),
        ({"product": "0"}, "product"),
    ],
)
def test_staff_are_told_what_is_wrong_with_a_price(desk, product, wanted, field):
    answer = desk.post(add_url(MODEL), facts(product, **wanted))
    assert answer.status_code == 422
    assert list(errors_of(answer)) == [field]
    assert periods(product) == [(20, -100, None)]


def test_prices_are_listed_by_product_and_cloud_and_not_edited(desk, product):
    page = desk.get(list_url(MODEL), {"product__cloud__exact": product.cloud, "q": "office"})
    assert [row.product_id for row in page.context["cl"].result_list] == [product.pk]
    (price,) = rows_of(ProductPrice)
    assert desk.get(change_url(MODEL, price.pk)).status_code == 200
    assert desk.post(change_url(MODEL, price.pk), facts(product)).status_code == 403


def test_staff_say_which_product_can_be_tried(desk, product):
    wanted = {
        "name": product.name,
        "sku": product.sku,
        "family": product.family_id,
        "has_trial": "on",
        "reason": "Spring",
    }
    assert desk.post(change_url("subscriptions_product", product.pk), wanted).status_code == 302
    assert rows_of(Product)[0].has_trial
    (event,) = events(AuditKind.CATALOG_CHANGED)
    assert event.detail == {"changes": {"has_trial": [False, True]}}
