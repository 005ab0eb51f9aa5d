"""The lines of an order before it is placed: several, one of them removed, twice the same."""

import pytest

from subscriptions.models import Order
from tests.database import as_owner
from tests.journeys.client import bought, buy_now, pay, sell, shop_url


def test_several_products_in_one_order_and_one_removed(person, contoso):
    for name in ("Office 365 E1", "Office 365 F1"):
        sell(contoso, name)
    person.comes_back(contoso.billing)
    buy_now(person, contoso)
    person.press("Add another service")
    page = person.press("Buy now Office 365 F1")
    assert ("Office 365 E1" in page.text, "Office 365 F1" in page.text) == (True, True)
    page = person.press("Remove Office 365 E1")
    assert ("Office 365 E1" in page.text, "Office 365 F1" in page.text) == (False, True)
    person.press("Remove Office 365 F1")
    assert "There is nothing in this order." in person.page.text


def two_products(person, world) -> None:
    """One from before, and one that was bought just now."""
    for name in ("Office 365 E1", "Office 365 F1"):
        sell(world, name)
    person.comes_back(world.billing)
    buy_now(person, world)
    buy_now(person, world, "Office 365 F1")


def test_what_was_in_the_order_before_is_told_where_it_is_added(person, contoso):
    two_products(person, contoso)
    page = person.page
    assert "Office 365 F1: added to your order. 1 other product is in this order" in page.text
    assert "1 × Office 365 E1. Buy only this" in page.text
    assert "First billing period $20.00" in page.text


def test_buy_only_this_makes_an_order_of_its_own_and_keeps_the_other(person, contoso):
    two_products(person, contoso)
    page = person.press("Buy only this")
    assert page.banner == "Your other order is kept, and nothing of it is bought here."
    assert ("First billing period $10.00" in page.text, "Office 365 F1" in page.text) == (True, True)
    other = next(link for link in page.links() if link.startswith("1 product, $10.00, from "))
    person.press("Next")
    assert pay(person).heading == "Thank you for your order"
    assert (len(bought("Office 365 F1")), bought("Office 365 E1")) == (1, [])
    person.open(shop_url(contoso))
    assert "Office 365 E1" in person.follow("Check out").text
    assert other


def test_the_cart_stands_on_every_page_of_the_shop(person, contoso):
    two_products(person, contoso)
    assert "Your order 2 products" in person.page.text
    assert "Your order 2 products" in person.open(shop_url(contoso)).text
    assert person.follow("Get assistance from a Microsoft Partner").has("Your order: 2 products, $20.00")
    person.open(shop_url(contoso))
    person.follow("Check out")
    assert "First billing period $20.00" in person.press("Next").text
    assert "Your order 2 products" in person.press("Next").text
    assert person.page.has("Place order, $20.00 plus taxes")


def test_another_service_goes_into_the_order_that_one_comes_from(person, contoso):
    two_products(person, contoso)
    sell(contoso, "Office 365 K1")
    person.press("Buy only this")
    older = next(link for link in person.page.links() if link.startswith("1 product, $10.00, from "))
    person.follow(older)
    person.press("Add another service")
    page = person.press("Buy now Office 365 K1")
    assert "1 × Office 365 E1. Buy only this" in page.text


def test_buy_now_twice_keeps_one_line(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    buy_now(person, contoso)
    buy_now(person, contoso)
    with as_owner():
        assert Order.objects.get().lines.count() == 1


@pytest.mark.parametrize("licenses", ["0", "-1", "", "1.5", "x", "100001", "9" * 30])
def test_a_number_that_cannot_be_bought_is_told_at_the_field(person, contoso, licenses):
    sell(contoso)
    person.comes_back(contoso.billing)
    page = buy_now(person, contoso)
    (name,) = [name for form in page.forms() for name in form if name.startswith("licenses-")]
    page = person.press("Next", **{name: licenses})
    assert (page.status, len(page.errors), page.value(name)) == (422, 1, licenses)
