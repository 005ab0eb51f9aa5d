"""Add a partner at the time of purchase: step by step, where partners are named at purchase."""

import pytest
from django.utils import timezone

from partners.models import Partner
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner, make_partner_of_record, make_sold_product, make_subscription
from tests.facts import audit_rows, mailed, periods
from tests.journeys.page import words
from tests.journeys.person import (
    FAPIAO,
    add_partner,
    bought,
    buy_now,
    nothing_happened,
    pay,
    sell,
    the_order,
    to_review,
)
from tests.personas import open_session


def test_add_a_partner_at_the_time_of_purchase_step_by_step(person, adding_world):
    """These are ordinary links and form posts."""
    world = adding_world
    sell(world)
    person.sign_in(world.billing)
    person.choose("App launcher", "Admin")
    shop = person.choose("Billing", "Purchase services")
    assert shop.heading == "Purchase services"
    products = person.press("Buy now Office 365 E1")
    assert products.heading == "Check out"
    assert products.link("Get assistance from a Microsoft Partner", products.menu("Need help with your order?"))
    review = person.press("Next", **{name: "7" for name in licenses(products)})
    assert "Partner information" in review.text
    assert words(review.menu("add")).startswith("add")
    found = person.press("Check ID", partner_id=world.partner.number)
    assert f"Partner found: {world.partner.name}" in found.text
    named = person.press("Add to the order")
    assert (
        named.banner == f"{world.partner} will be partner of record of what you buy here, once the order is placed."
    )
    done = pay(person, purchase_order_number="PO 4711")
    assert done.heading == "Thank you for your order"
    assert the_order().number in done.text
    assert f"{world.partner} is told by email" in done.text
    (subscription,) = bought("Office 365 E1")
    assert (subscription.licenses_total, subscription.cost) == (7, 70)
    assert periods(subscription) == [(world.partner.number, True)]


def licenses(page) -> list[str]:
    form = next(form for form in page.forms() if any(name.startswith("licenses-") for name in form))
    return [name for name in form if name.startswith("licenses-")]


def test_the_purchase_leaves_one_audit_row_each_and_one_mail_each(person, adding_world):
    """Two subscriptions with the partner, one mail to it."""
    world = adding_world
    sell(world)
    sell(world, "Office 365 F1")
    person.comes_back(world.admin)
    buy_now(person, world, "Office 365 F1")
    to_review(person, world)
    add_partner(person, world.partner.number)
    pay(person)
    number, domain = the_order().number, f"{world.tenant.slug}.example"
    assert sorted(audit_rows()) == [
        ("order.placed", "Alex Wilber", number, ""),
        ("partner-of-record.added", "Alex Wilber", "Office 365 E1", ""),
        ("partner-of-record.added", "Alex Wilber", "Office 365 F1", ""),
    ]
    assert mailed() == {
        ("partner-named", world.partner.mailbox),
        ("order-confirmation", f"admin@{domain}"),
        ("order-confirmation", f"billing@{domain}"),
    }


def test_bought_without_a_partner_it_has_none_and_can_get_one(person, adding_world):
    """Whatever other subscriptions have."""
    sell(adding_world)
    person.comes_back(adding_world.billing)
    to_review(person, adding_world)
    done = pay(person)
    (subscription,) = bought("Office 365 E1")
    assert periods(subscription) == []
    page = person.open(done.link("Add partner of record to Office 365 E1"))
    assert page.heading == "Partner information"


def test_a_wrong_id_keeps_what_was_entered(person, contoso):
    """Second half."""
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    page = person.press("Check ID", partner_id="9999999")
    assert (page.status, page.errors[0].split(".")[0]) == (422, "No partner has the ID 9999999")
    assert page.value("partner_id") == "9999999"
    assert "$10.00" in page.text
    assert the_order().partner_number == ""


def test_an_id_that_was_not_checked_is_shown_before_it_is_added(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    page = person.press("Add to the order", partner_id=contoso.partner.number)
    assert f"Partner found: {contoso.partner.name}" in page.text
    assert the_order().partner_number == ""
    person.press("Add to the order")
    assert the_order().partner_number == contoso.partner.number


def test_the_partner_must_be_usable_for_every_product_of_the_order(person, contoso):
    make_partner(number="612345", name="Litware", authorized_families=["exchange"])
    sell(contoso)
    sell(contoso, "Exchange Online (Plan 1)", family="exchange")
    person.comes_back(contoso.billing)
    buy_now(person, contoso, "Exchange Online (Plan 1)")
    to_review(person, contoso)
    page = person.press("Check ID", partner_id="612345")
    assert page.status == 422
    assert "is not authorized for products of this kind (Office)" in page.text


def test_the_partner_can_be_changed_and_removed_before_the_order_is_placed(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    add_partner(person, contoso.partner.number)
    assert words(person.page.menu("Change partner")).startswith("Change partner")
    add_partner(person, contoso.other.number)
    assert the_order().partner_name == contoso.other.name
    removed = person.press("Remove partner")
    assert removed.banner == "The order names no partner now."
    assert (the_order().partner_number, nothing_happened()) == ("", True)


def test_the_partner_named_last_is_offered_and_never_chosen(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    page = to_review(person, contoso)
    assert page.value("partner_id") == ""
    assert the_order().partner_number == ""
    person.press(f"Use {contoso.partner}")
    assert the_order().partner_number == contoso.partner.number


def test_an_abandoned_order_leaves_no_partner_and_no_mail(person, contoso):
    """All steps but the last."""
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    add_partner(person, contoso.partner.number)
    person.press("Next")
    assert (bought("Office 365 E1"), audit_rows(), nothing_happened()) == ([], [], True)


def test_a_partner_suspended_between_the_steps_is_told_and_nothing_is_bought(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    to_review(person, contoso)
    add_partner(person, contoso.partner.number)
    person.press("Next")
    with as_owner():
        Partner.objects.filter(pk=contoso.partner.pk).update(state="inactive")
    page = person.press("Place order", terms="on")
    assert page.status == 409
    assert f"The partner with the ID {contoso.partner.number} is no longer active." in page.text
    assert (bought("Office 365 E1"), nothing_happened()) == ([], True)
    assert (the_order().state, the_order().partner_number) == ("draft", contoso.partner.number)
    person.press("Remove partner")
    assert pay(person).heading == "Thank you for your order"


def test_buying_from_a_trial_keeps_its_partner_of_record(person, contoso):
    product = sell(contoso, has_trial=True)
    trial = make_subscription(
        tenant=contoso.tenant, product=product, name=product.name, status="trial", cost="0", began_as_trial=True
    )
    make_partner_of_record(subscription=trial, partner=contoso.other)
    person.comes_back(contoso.billing)
    review = to_review(person, contoso)
    assert "continues your trial" in review.text
    add_partner(person, contoso.partner.number)
    pay(person)
    (subscription,) = bought("Office 365 E1")
    assert (subscription.pk, subscription.status, subscription.licenses_total) == (trial.pk, "active", 12)
    assert periods(subscription) == [(contoso.other.number, True)]
    assert ("partner-named", contoso.partner.mailbox) not in mailed()


def at_review(person, world):
    """Somebody who may buy, with a product in the order, at the second step."""
    sell(world)
    person.comes_back(world.billing)
    return to_review(person, world)


def lines_of_the_order() -> int:
    with as_owner():
        return the_order().lines.count()


def partner_line(world) -> str:
    return f"Partner of record: {world.partner.name} ({world.partner.number})"


def test_next_takes_along_the_id_that_was_typed(person, adding_world):
    """As the seed says it: type the ID, complete the rest of the wizard."""
    world = adding_world
    at_review(person, world)
    page = person.press("Next", partner_id=world.partner.number)
    assert (partner_line(world) in page.text, page.has("Change")) == (True, True)
    assert (the_order().partner_number, nothing_happened()) == (world.partner.number, True)
    done = person.press("Place order", terms="on")
    assert partner_line(world) in done.text
    (subscription,) = bought("Office 365 E1")
    assert periods(subscription) == [(world.partner.number, True)]
    assert ("partner-named", world.partner.mailbox) in mailed()


def test_payment_and_confirmation_say_that_no_partner_is_named(person, adding_world):
    at_review(person, adding_world)
    assert "Partner of record: none Change" in person.press("Next").text
    assert "Partner of record: none" in person.press("Place order", terms="on").text


def test_change_beside_place_order_leads_back_to_the_pane(person, contoso):
    at_review(person, contoso)
    person.press("Next", partner_id=contoso.partner.number)
    review = person.follow("Change")
    assert contoso.partner.name in review.text
    page = person.press("Next", partner_id=contoso.other.number)
    assert f"Partner of record: {contoso.other.name} ({contoso.other.number})" in page.text


def test_next_with_an_empty_box_keeps_the_partner_that_is_named(person, contoso):
    at_review(person, contoso)
    add_partner(person, contoso.partner.number)
    assert partner_line(contoso) in person.press("Next").text


def test_next_with_an_id_that_cannot_be_used_says_why_and_keeps_it(person, contoso):
    at_review(person, contoso)
    page = person.press("Next", partner_id="9999999")
    assert (page.status, page.errors[0].split(".")[0]) == (422, "No partner has the ID 9999999")
    assert page.value("partner_id") == "9999999"
    assert "open" in page.menu("add").attrib
    assert (the_order().partner_number, lines_of_the_order()) == ("", 1)
    assert partner_line(contoso) in person.press("Next", partner_id=contoso.partner.number).text


def test_next_with_something_that_is_no_id_looks_nothing_up(person, contoso, settings):
    settings.LIMITS = {"check-id": {"person": (1, 3600)}}
    at_review(person, contoso)
    page = person.press("Next", partner_id="our partner")
    assert (page.status, page.value("partner_id")) == (422, "our partner")
    assert partner_line(contoso) in person.press("Next", partner_id=contoso.partner.number).text


def test_next_counts_as_a_check_and_waits_past_the_limit(person, contoso, settings):
    settings.LIMITS = {"check-id": {"person": (1, 3600)}}
    at_review(person, contoso)
    person.press("Next", partner_id="9999999")
    page = person.press("Next", partner_id=contoso.partner.number)
    assert (page.status, page.value("partner_id")) == (429, contoso.partner.number)
    assert (the_order().partner_number, lines_of_the_order()) == ("", 1)
    settings.LIMITS = {"check-id": {"person": (2, 3600)}}
    assert partner_line(contoso) in person.press("Try again").text


def test_an_id_that_was_checked_before_is_not_counted_again_by_next(person, contoso, settings):
    settings.LIMITS = {"check-id": {"person": (1, 3600)}}
    at_review(person, contoso)
    person.press("Check ID", partner_id=contoso.partner.number)
    assert partner_line(contoso) in person.press("Next").text


def test_next_keeps_the_partner_where_a_price_has_changed_meanwhile(person, contoso):
    at_review(person, contoso)
    make_sold_product(name="Office 365 E1", monthly="12.50", since=timezone.localdate())
    page = person.press("Next", partner_id=contoso.partner.number)
    assert (page.status, "$12.50 now" in page.text) == (409, True)
    assert the_order().partner_number == contoso.partner.number
    person.press("Confirm the new prices")
    assert partner_line(contoso) in person.press("Next").text


def test_an_order_that_another_window_changed_keeps_the_id_that_was_typed(person, another_person, contoso):
    page = at_review(person, contoso)
    another_person.comes_back(contoso.billing)
    another_person.open(page.url)
    add_partner(another_person, contoso.other.number)
    page = person.press("Next", partner_id=contoso.partner.number)
    assert (page.status, page.heading) == (409, "The order has changed")
    assert the_order().partner_number == contoso.other.number
    assert person.press("Open the order again").value("partner_id") == contoso.partner.number
    assert partner_line(contoso) in person.press("Next").text


def test_an_id_that_is_typed_outlives_an_ended_session(person, contoso):
    at_review(person, contoso)
    del person.client.cookies["session"]
    person.press("Next", partner_id=contoso.partner.number)
    page = person.press("Sign in", login=contoso.billing.email, password=PASSWORD)
    assert "Nothing was done, as you had to sign in first." in page.text
    assert (page.value("partner_id"), the_order().partner_number) == (contoso.partner.number, "")
    assert partner_line(contoso) in person.press("Next").text


def test_an_order_that_names_a_partner_asks_for_a_sign_in_of_the_last_hour(person, contoso):
    at_review(person, contoso)
    open_session(person.client, contoso.billing, proved_ago=3601)
    page = person.press("Next", partner_id=contoso.partner.number)
    assert "This needs a sign-in of the last 60 minutes." in page.text
    page = person.press("Place order", terms="on", purchase_order_number="PO 4711")
    assert (page.heading, bought("Office 365 E1")) == ("Confirm that it is you", [])
    page = person.press("Confirm", password=PASSWORD)
    assert (partner_line(contoso) in page.text, page.value("purchase_order_number")) == (True, "PO 4711")
    assert bought("Office 365 E1") == []
    assert person.press("Place order", terms="on").heading == "Thank you for your order"


def test_an_order_that_names_nobody_is_placed_with_an_older_sign_in(person, contoso):
    at_review(person, contoso)
    open_session(person.client, contoso.billing, proved_ago=3601)
    assert pay(person).heading == "Thank you for your order"


def test_operated_by_21vianet_next_takes_no_partner(person, vianet):
    """There is no such field; one that is sent all the same is not read."""
    sell(vianet)
    person.comes_back(vianet.admin)
    page = to_review(person, vianet)
    assert [form for form in page.forms() if "partner_id" in form] == []
    fields = next(form for form in page.forms() if "version" in form)
    page = person.send(page.url, **fields, partner_id=vianet.partner.number)
    assert page.url.endswith("/payment/")
    assert (the_order().partner_number, "partner" in page.text.lower()) == ("", False)


@pytest.mark.parametrize("rest", ["", "check/", "remove/"])
def test_operated_by_21vianet_a_crafted_post_with_a_partner_is_not_found(person, vianet, rest):
    sell(vianet)
    person.comes_back(vianet.admin)
    to_review(person, vianet)
    order = the_order()
    url = f"/t/lanyun/billing/purchase-services/check-out/{order.uuid}/review/partner/{rest}"
    page = person.send(url, partner_id=vianet.partner.number, version=str(order.version))
    assert (page.status, page.heading) == (404, "Page not found")
    assert (the_order().partner_number, the_order().version) == ("", order.version)


def test_operated_by_21vianet_the_shop_has_no_word_of_partners(person, vianet):
    """Every page from the catalog to the printed confirmation."""
    sell(vianet, has_trial=True)
    person.comes_back(vianet.admin)
    pages = [person.open("/t/lanyun/billing/purchase-services/"), buy_now(person, vianet)]
    pages += [person.press("Next"), person.press("Next")]
    pages += [person.press("Place order", terms="on", **FAPIAO)]
    assert pages[-1].heading == "Thank you for your order"
    pages += [person.follow("Order confirmation to print"), person.follow("Orders")]
    assert [page.status for page in pages] == [200] * 7
    assert ["partner" in page.text.lower() for page in pages] == [False] * 7
