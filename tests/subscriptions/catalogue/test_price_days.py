"""Prices have days of UTC, wherever staff and buyers are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from subscriptions.access import staff_actor
from subscriptions.catalogue import costs, shop
from subscriptions.catalogue.price_ends import CannotEnd, end_price, withdraw_product
from subscriptions.catalogue.prices import CannotSetPrice, set_price
from subscriptions.db import scopes
from subscriptions.models import Product, Subscription
from tests.database import as_owner
from tests.desk import add_url
from tests.factories import make_price, make_product, make_subscription, make_tenant

LOS_ANGELES, SHANGHAI = "America/Los_Angeles", "Asia/Shanghai"
each_zone = pytest.mark.parametrize("zone", [LOS_ANGELES, SHANGHAI])
NIGHT, EVENING = datetime(2026, 11, 23, 2, tzinfo=UTC), datetime(2026, 11, 22, 20, tzinfo=UTC)


@pytest.fixture
def product(db) -> Product:
    """Sold for 20 since the summer."""
    product = make_product()
    make_price(product=product, monthly="20.00", since=date(2026, 6, 1))
    return product


@pytest.fixture(params=[LOS_ANGELES, SHANGHAI])
def by(request, staff) -> Iterator:
    """Staff in that zone."""
    with timezone.override(request.param), scopes.staff():
        yield staff_actor(staff)


def prices_shown(tenant) -> list:
    """In the shop, and of what the organization has."""
    with scopes.tenant(tenant.pk):
        held = costs.with_todays_prices(Subscription.objects.of_tenant(tenant))
        return [*shop.items(tenant).values_list("monthly", flat=True), *(row.todays_monthly for row in held)]


def change(product, by, day: int):
    amounts = {"monthly": 22, "annual": 20}
    return set_price(product=product, from_day=date(2026, 11, day), by=by, reason="New list", **amounts)


@each_zone
def test_a_withdrawn_product_is_sold_nowhere(zone, product, by):
    tenant = make_tenant(time_zone=zone)
    with time_machine.travel(NIGHT, tick=False):
        assert prices_shown(tenant) == [20]
        withdraw_product(product=product, by=by, reason="Recalled")
        assert prices_shown(tenant) == []


@each_zone
def test_a_price_begins_everywhere_at_once(zone, product, by):
    tenant = make_tenant(time_zone=zone)
    make_subscription(tenant=tenant, product=product)
    with time_machine.travel(EVENING, tick=False) as traveler:
        change(product, by, 23)
        assert prices_shown(tenant) == [20, 20]
        traveler.move_to(datetime(2026, 11, 23, tzinfo=UTC))
        assert prices_shown(tenant) == [22, 22]


def test_the_past_is_that_of_utc(product, by):
    with time_machine.travel(NIGHT, tick=False):
        with pytest.raises(CannotSetPrice, match="Choose Nov 23, 2026, which is today by UTC"):
            change(product, by, 22)
        with pytest.raises(CannotEnd, match="Choose Nov 23, 2026, which is today by UTC"):
            end_price(price=product.prices.get(), last_day=date(2026, 11, 22), by=by, reason="Old")
        assert change(product, by, 23).valid.lower == date(2026, 11, 23)


def test_a_price_begins_on_a_day_that_people_mean(product, by):
    with pytest.raises(CannotSetPrice, match="between 2000 and 2200"):
        set_price(product=product, monthly=22, annual=22, from_day=date(2200, 1, 2), by=by, reason="Dearer")


@each_zone
def test_staff_are_offered_the_day_of_prices(zone, staff, sign_in):
    with as_owner():
        type(staff).objects.update(time_zone=zone)
    with time_machine.travel(NIGHT, tick=False):
        page = sign_in(staff).get(add_url("subscriptions_productprice"))
    assert page.context["adminform"].form["from_day"].value() == date(2026, 11, 23)
