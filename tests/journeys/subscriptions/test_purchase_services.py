"""Billing > Purchase services, the check-out without a partner, and Orders."""

from datetime import timedelta

import pytest
from django.utils import timezone

from subscriptions.models import CloudState, Order
from tests.database import as_owner
from tests.factories import make_order, make_sold_product, make_subscription, placed
from tests.facts import audit_rows, mailed
from tests.journeys.page import attribute, words
from tests.journeys.person import FAPIAO, bought, buy_now, nothing_happened, pay, sell, shop_url, the_order, to_review

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


def test_the_whole_purchase_in_each_cloud(person, world):
    sell(world)
    person.comes_back(world.billing)
    page = to_review(person, world)
    page = pay(person, **(FAPIAO if world.tenant.slug == "lanyun" else {"purchase_order_number": "PO 7"}))
    order = the_order()
    assert (order.state, order.placed_by, page.heading) == ("placed", "Bianca Pisani", "Thank you for your order")
    (subscription,) = bought("Office 365 E1")
    assert (subscription.status, subscription.payment_method) == ("active", order.payment_method)
    assert (subscription.unit_price, subscription.cost, subscription.recurring_billing) == (10, 10, True)
    assert audit_rows() == [("order.placed", "Bianca Pisani", order.number, "")]
    assert {kind for kind, _to in mailed()} == {"order-confirmation"}
    printed = person.follow("Order confirmation to print")
    assert ("PO 7" if world.tenant.slug != "lanyun" else "91310000MA1FL0000X") in printed.text


def test_annual_billing_costs_twelve_months_of_its_own_price(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    products = buy_now(person, contoso)
    (name,) = [name for form in products.forms() for name in form if name.startswith("frequency-")]
    review = person.press("Next", **{name: "annual", name.replace("frequency", "licenses"): "3"})
    assert "3 licenses, $9.00 per user and month, billed annually $324.00" in review.text
    pay(person)
    (subscription,) = bought("Office 365 E1")
    assert (subscription.cost, subscription.billing_frequency) == (324, "annual")
    assert (subscription.term_ends_on - subscription.started_on).days in (365, 366)


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


def test_both_billing_frequencies_show_what_they_cost(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    page = buy_now(person, contoso)
    (name,) = [name for form in page.forms() for name in form if name.startswith("licenses-")]
    page = person.press("Save for later", **{name: "7"})
    assert "$10.00 per user and month = $70.00 per month" in page.text
    assert "$9.00 per user and month = $756.00 per year" in page.text
    assert "First billing period $70.00 Then each month $70.00" in page.text
    (yearly,) = page.root.xpath("//div[dt[text()='Then each year']]")
    assert (words(yearly.find("dd")), yearly.get("hidden")) == ("$0.00", ""), "for the script, which counts along"


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


def test_back_and_forward_keep_everything_also_on_another_device(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    page = buy_now(person, contoso)
    (name,) = [name for form in page.forms() for name in form if name.startswith("licenses-")]
    person.press("Next", **{name: "8"})
    person.press("Next")
    person.press("Back", purchase_order_number="PO 4711")
    assert person.follow("Back").value(name) == "8"
    other = type(person)()
    other.comes_back(contoso.billing)
    other.open(shop_url(contoso))
    assert other.follow("Check out").value(name) == "8"
    other.press("Next")
    assert other.press("Next").value("purchase_order_number") == "PO 4711"


def test_a_card_cannot_be_charged_and_the_page_says_why(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    page = person.press("Next")
    assert not page.has("Card on file")
    assert "Card on file: No payment provider is connected to this portal, so a card cannot be charged." in page.text
    person.press("Place order", terms="on", payment_method="card")
    assert the_order().payment_method == "invoice"


def test_the_terms_have_to_be_confirmed_and_nothing_is_lost(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    person.press("Next")
    page = person.press("Place order", purchase_order_number="PO 4711")
    assert (page.status, page.errors) == (422, ["Confirm that you order with an obligation to pay."])
    assert (page.value("purchase_order_number"), bought("Office 365 E1")) == ("PO 4711", [])


def test_the_fapiao_needs_a_title_and_a_taxpayer_number(person, vianet):
    sell(vianet)
    person.comes_back(vianet.admin)
    to_review(person, vianet)
    person.press("Next")
    page = person.press("Place order", terms="on", fapiao_tax_number="abc")
    assert (page.status, len(page.errors)) == (422, 2)


def test_what_is_bought_keeps_how_it_is_paid(person, vianet):
    sell(vianet)
    person.comes_back(vianet.admin)
    to_review(person, vianet)
    pay(person, purchase_order_number="PO 7", **FAPIAO)
    (subscription,) = bought("Office 365 E1")
    page = person.open(vianet.url(subscription))
    for fact in ("Purchase order number PO 7", "Fapiao title 蓝云科技有限公司", "Taxpayer number 91310000MA1FL0000X"):
        assert fact in page.text


def test_a_price_that_changed_between_the_steps_is_shown_and_must_be_confirmed(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    person.press("Next")
    make_sold_product(name="Office 365 E1", monthly="12.50", since=timezone.localdate())
    page = person.press("Place order", terms="on")
    assert page.status == 409
    assert "Office 365 E1: $10.00 before, $12.50 now, per user and month" in page.text
    assert (bought("Office 365 E1"), nothing_happened(), the_order().state) == ([], True, "draft")
    assert attribute(page.button("Next"), "aria-disabled") == "true"
    confirmed = person.press("Confirm the new prices")
    assert ("$12.50" in confirmed.text, "Prices have changed" in confirmed.text) == (True, False)
    pay(person)
    assert [subscription.unit_price for subscription in bought("Office 365 E1")] == [12.5]


def test_a_product_that_is_not_sold_any_more_leaves_the_order(person, contoso):
    product = sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    with as_owner():
        product.prices.all().delete()
    page = person.open(person.page.url)
    assert "Office 365 E1 is not sold any more and leaves the order." in page.text
    person.press("Confirm the new prices")
    assert "There is nothing in this order." in person.page.text


def test_a_draft_that_was_given_up_says_so(person, contoso):
    order = make_order(tenant=contoso.tenant, expires_on=timezone.localdate() - timedelta(days=3))
    person.comes_back(contoso.admin)
    page = person.open(f"{shop_url(contoso)}check-out/{order.uuid}/review/")
    assert (page.status, "This order was not placed within 30 days" in page.text) == (409, True)


def test_orders_shows_who_ordered_what_and_when_newest_first(person, contoso):
    make_order(tenant=contoso.tenant, **placed("2026-000001"))
    named = {"partner_number": "565380", "partner_name": "Tailspin Consulting"}
    make_order(tenant=contoso.tenant, **placed("2026-000002"), **named)
    make_order(tenant=contoso.tenant, started_by="Bianca Pisani")
    person.comes_back(contoso.reader)
    person.open(shop_url(contoso))
    page = person.choose("Billing", "Orders")
    today = page.rows[0].split(" ", 1)[1][:12]
    assert page.rows == [
        f"Draft {today} Draft $50.00 – Bianca Pisani",
        f"2026-000002 {today} Placed $50.00 565380 Tailspin Consulting Gloria Admin",
        f"2026-000001 {today} Placed $50.00 – Gloria Admin",
    ]
    assert person.follow("2026-000002").heading == "Order 2026-000002"


def test_an_order_of_another_organization_is_not_found(person, contoso, vianet):
    order = make_order(tenant=vianet.tenant, **placed("2026-000009"))
    person.comes_back(contoso.admin)
    base = "/t/contoso/billing/"
    paths = [f"orders/{order.uuid}/"] + [
        f"purchase-services/check-out/{order.uuid}/{step}/"
        for step in ("products", "review", "payment", "confirmation")
    ]
    assert [person.open(base + path).status for path in paths] == [404] * 5
