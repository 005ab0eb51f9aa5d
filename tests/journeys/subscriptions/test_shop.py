"""Billing > Purchase services: what is sold, to whom, and how it is found and compared."""

from datetime import timedelta

from django.utils import timezone

from subscriptions.models import CloudState
from tests.database import as_owner
from tests.factories import make_order, make_sold_product, make_subscription
from tests.journeys.client import buy_now, sell, shop_url
from tests.page import attribute

PRICES = {"contoso": ("$10.00", "$9.00"), "nordwind": ("€10.00", "€9.00"), "lanyun": ("CN¥10.00", "CN¥9.00")}


def test_a_card_shows_name_category_prices_and_what_is_owned(person, world):
    product = sell(world)
    make_subscription(tenant=world.tenant, product=product)
    person.comes_back(world.reader)
    page = person.open(shop_url(world))
    assert all(price in page.text for price in PRICES[world.tenant.slug])
    assert "The Office apps with mail, files and meetings, by plan. Office 365 E1" in page.text
    assert "Purchased" in page.text
    assert "In trial" not in page.text


def test_a_product_of_another_cloud_or_without_a_price_is_not_sold(person, contoso, vianet):
    sell(vianet, "Office 365 Cn")
    make_sold_product(name="Office 365 Soon", since=timezone.localdate() + timedelta(days=5))
    sell(contoso)
    person.comes_back(contoso.admin)
    page = person.open(shop_url(contoso))
    assert ("Office 365 E1" in page.text, "Office 365 Cn" in page.text, "Office 365 Soon" in page.text) == (
        True, False, False,
    )  # fmt: skip


def test_search_and_category_narrow_the_catalog_and_can_be_cleared(person, contoso):
    sell(contoso)
    sell(contoso, "Visio Online (Plan 1)", family="visio")
    person.comes_back(contoso.admin)
    person.open(shop_url(contoso))
    page = person.press("Filter", q="visio", family="visio")
    assert [word in page.text for word in ("Visio Online", "Office 365 E1", "Category: Visio")] == [True, False, True]
    page = person.press("Filter", q="nothing of this name")
    assert "No service matches these filters." in page.text
    assert "Office 365 E1" in person.follow("Clear all").text


def test_nothing_sold_yet_says_so(person, contoso):
    person.comes_back(contoso.admin)
    assert "Nothing is sold here yet." in person.open(shop_url(contoso)).text


def test_a_reader_sees_why_not_to_buy(person, contoso):
    sell(contoso, has_trial=True)
    person.comes_back(contoso.reader)
    page = person.open(shop_url(contoso))
    for label in ("Buy now Office 365 E1", "Start free trial Office 365 E1"):
        assert attribute(page.button(label), "aria-disabled") == "true"
    assert "Your role here is Global reader, which may read this but not change it." in page.text


def test_a_closed_cloud_sells_nothing_and_says_why(person, contoso):
    """A GET, a crafted Buy now and an order that was begun before."""
    product = sell(contoso, has_trial=True)
    order = make_order(tenant=contoso.tenant, product=product, started_by="Alex Wilber")
    with as_owner():
        CloudState.objects.update_or_create(cloud=contoso.tenant.cloud, defaults={"status": "closed"})
    person.comes_back(contoso.admin)
    page = person.open(shop_url(contoso))
    assert "This cloud is closed: everything can be read, but nothing can be bought or tried any more." in page.text
    assert attribute(page.button("Buy now Office 365 E1"), "aria-disabled") == "true"
    refused = [
        person.send(f"{shop_url(contoso)}check-out/", product=str(product.uuid)),
        person.open(f"{shop_url(contoso)}check-out/{order.uuid}/products/"),
        person.open(f"{shop_url(contoso)}{product.uuid}/trial/"),
    ]
    assert [page.status for page in refused] == [409] * 3


def test_a_closing_cloud_sells_to_those_it_has(person, world):
    sell(world)
    with as_owner():
        CloudState.objects.update_or_create(cloud=world.tenant.cloud, defaults={"status": "closing"})
    person.comes_back(world.billing)
    assert buy_now(person, world).heading == "Check out"


def test_plans_can_be_sorted_and_compared(person, contoso):
    sell(contoso, "Office 365 K2", monthly="20.00", annual="18.00")
    sell(contoso)
    person.comes_back(contoso.reader)
    page = person.open(shop_url(contoso))
    assert "+$10.00 a month against Office 365 E1" in page.text
    assert page.text.index("Office 365 E1 ") < page.text.index("Office 365 K2 ")
    page = person.press("Filter", order="price")
    assert "All services 2 plans" in page.text
    person.open(shop_url(contoso))
    page = person.follow("Compare in a table Office")
    assert page.rows == [
        "Office 365 E1 $10.00 $9.00 $12.00 No – –",
        "Office 365 K2 $20.00 $18.00 $24.00 No – +$10.00 a month against Office 365 E1",
    ]
