"""Add a partner at the time of purchase: step by step, where partners are named at purchase."""

from partners.models import Partner
from tests.database import as_owner
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_rows, mailed, periods
from tests.journeys.client import (
    add_partner,
    bought,
    buy_now,
    nothing_happened,
    pay,
    sell,
    the_order,
    to_review,
)
from tests.page import words


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
