"""Step 2 of the check-out: Next takes along the Microsoft Partner ID that was typed."""

from django.utils import timezone

from tests.database import as_owner
from tests.factories import PASSWORD, make_policy, make_sold_product
from tests.facts import mailed, periods
from tests.journeys.client import (
    add_partner,
    bought,
    nothing_happened,
    pay,
    sell,
    the_order,
    to_review,
)
from tests.personas import open_session


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


def test_an_id_that_is_not_on_the_approved_list_is_refused_in_the_pane(person, contoso):
    """By Check ID and by Next, before anything is bought: nobody else is asked about a purchase."""
    make_policy(tenant=contoso.tenant, partner=contoso.other)
    at_review(person, contoso)
    for button in ("Check ID", "Next"):
        page = person.press(button, partner_id=contoso.partner.number)
        assert (button, page.status, "list of approved partners" in page.errors[0]) == (button, 422, True)
        assert page.value("partner_id") == contoso.partner.number
    assert the_order().partner_number == ""


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
