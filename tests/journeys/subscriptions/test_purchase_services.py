"""The check-out without a partner, from the shop to the confirmation."""

from datetime import timedelta

from django.utils import timezone

from tests.database import as_owner
from tests.factories import make_order, make_sold_product
from tests.facts import audit_rows, mailed
from tests.journeys.client import FAPIAO, bought, buy_now, nothing_happened, pay, sell, shop_url, the_order, to_review
from tests.page import attribute, words


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
