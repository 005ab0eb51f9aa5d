"""More actions of a subscription, in every cloud, step by step without JavaScript."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from subscriptions.base.formats import day, money
from subscriptions.clouds import CloudStatus
from subscriptions.models import CloudState
from subscriptions.subscriptions import payments
from tests.database import as_owner
from tests.factories import make_price
from tests.facts import audit_rows, version
from tests.journeys.client import FAPIAO
from tests.page import attribute, inside, words
from tests.subscriptions.subscriptions.facts import now, put
from tests.worlds import IN_ONE_CLOUD

NAME = "Office 365 E3"
ACTS = ("Add or remove licenses", "Edit billing frequency", "Edit recurring billing", "Cancel subscription")


@pytest.fixture
def shop(world):
    """The world, its bare subscription with a price that it holds and a list price."""
    make_price(product=world.bare.product)
    put(world.bare, unit_price="12.00", cost="240.00", payment_method=method_of(world))
    return world


@pytest.fixture
def at_home(person, shop):
    """The billing admin on the page of that subscription."""
    person.comes_back(shop.billing)
    person.open(shop.url(shop.bare))
    return person


def method_of(world) -> str:
    return payments.usable_methods(world.tenant.cloud_profile)[0].method.value


def details_of(world) -> dict[str, str]:
    """What the cloud's way of paying needs."""
    return FAPIAO if payments.chosen_method(world.tenant.cloud_profile, "").needs else {}


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def cost(world, amount) -> str:
    return money(amount, world.tenant.cloud_profile.currency)


def test_licenses_with_the_new_cost_shown_before(at_home, shop):
    """The first press shows old, new and difference; the button of the second names the change."""
    page = at_home.choose("More actions", "Add or remove licenses")
    assert (page.heading, page.value("licenses")) == ("Add or remove licenses", "20")
    shown = at_home.press("Show the new cost", licenses="30")
    assert f"Licenses 20 30 Cost {cost(shop, 240)} per month {cost(shop, 360)} per month" in shown.text
    assert f"Difference +{cost(shop, 120)} a month" in shown.text
    assert f"The current term still ends on {day(shop.bare.term_ends_on)}" in shown.text
    assert (shown.value("licenses"), version(shop.bare)) == ("30", 1)
    done = at_home.press(f"Add 10, +{cost(shop, 120)} a month")
    assert done.banner.startswith(f"{NAME} now has 30 licenses and costs {cost(shop, 360)} per month.")
    assert (done.url, now(shop.bare).licenses_total) == (shop.url(shop.bare), 30)
    assert audit_rows() == [("subscription.licenses-changed", "Bianca Pisani", NAME, "")]
    assert not done.has("Undo")


@IN_ONE_CLOUD
def test_another_number_than_the_one_shown_is_shown_first(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="25")
    page = at_home.press(f"Add 5, +{cost(shop, 60)} a month", licenses="30")
    assert (page.status, page.has(f"Add 10, +{cost(shop, 120)} a month"), version(shop.bare)) == (200, True, 1)


@IN_ONE_CLOUD
def test_a_preview_that_is_old_is_told_and_changes_nothing(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="25")
    put(shop.bare, version=2, unit_price="13.00", cost="260.00")
    page = at_home.press("Add 5")
    assert (page.status, page.heading) == (409, "Somebody was faster")
    page = at_home.press("Open the form again")
    assert page.value("licenses") == "25"
    assert at_home.press("Show the new cost").has(f"Add 5, +{cost(shop, 65)} a month")
    assert (now(shop.bare).licenses_total, audit_rows()) == (20, [])


@IN_ONE_CLOUD
def test_fewer_licenses_can_be_undone_in_the_banner(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    shown = at_home.press("Show the new cost", licenses="15")
    assert shown.has(f"Remove 5, −{cost(shop, 60)} a month")
    done = at_home.press("Remove 5")
    undo = done.sending(f"Undo, +{cost(shop, 60)} a month", {})
    for _ in range(2):
        page = at_home.send(undo.action, **undo.fields)
    assert page.banner == ""
    row = now(shop.bare)
    assert (row.licenses_total, row.cost, row.version) == (20, 240, 3)
    assert [kind for kind, *_rest in audit_rows()] == ["subscription.licenses-changed"] * 2


@IN_ONE_CLOUD
def test_what_has_changed_since_is_not_undone(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="15")
    undo = at_home.press("Remove 5").sending("Undo", {})
    put(shop.bare, version=3)
    page = at_home.send(undo.action, **undo.fields)
    assert (page.status, page.heading, now(shop.bare).licenses_total) == (409, "Somebody was faster", 15)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("11", "12 licenses are assigned to people. Enter at least that many, or take some back first."),
        ("", "New total of licenses: nothing is entered yet."),
        ("many", "New total of licenses: enter a whole number."),
        ("100001", "New total of licenses: enter 100000 or less."),
    ],
)
@IN_ONE_CLOUD
def test_a_number_that_does_not_fit_is_told_beside_the_field(at_home, shop, typed, error):
    at_home.choose("More actions", "Add or remove licenses")
    page = at_home.press("Show the new cost", licenses=typed)
    assert (page.status, page.errors, page.value("licenses")) == (422, [error], typed)
    assert version(shop.bare) == 1


@IN_ONE_CLOUD
def test_the_same_number_is_no_change(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    assert at_home.press("Show the new cost").banner == "No change: everything stays as it was."
    assert audit_rows() == []


def test_billing_frequency(at_home, shop):
    page = at_home.choose("More actions", "Edit billing frequency")
    assert "The new frequency, price and cost apply at once." in page.text
    assert f"Cost {cost(shop, 240)} per month {cost(shop, 2160)} per year" in page.text
    done = at_home.press(f"Bill annually, −{cost(shop, 60)} a month")
    assert done.banner == f"{NAME} now costs {cost(shop, 2160)} per year."
    assert now(shop.bare).billing_frequency == "annual"


@IN_ONE_CLOUD
def test_recurring_billing_off_and_on_again(at_home, shop):
    end = day(shop.bare.term_ends_on)
    page = at_home.choose("More actions", "Edit recurring billing")
    assert f"The subscription then expires on {end}." in page.text
    done = at_home.press("Turn off recurring billing")
    assert done.banner.startswith(f"Recurring billing is off: {NAME} expires on {end}.")
    assert f"Expires on {end}" in done.text
    page = at_home.choose("More actions", "Edit recurring billing")
    assert f"The current term ends on {end}; without" in page.text
    assert f"Cost Nothing is billed {cost(shop, 240)} per month" in page.text
    done = at_home.press(f"Turn on recurring billing, +{cost(shop, 240)} a month")
    assert done.banner == f"Recurring billing is on: {NAME} renews on {end}. Undo"


@IN_ONE_CLOUD
def test_recurring_billing_that_was_switched_can_be_undone(at_home, shop):
    at_home.choose("More actions", "Cancel subscription")
    at_home.press("Cancel subscription", when="end-of-term", reason="Too dear")
    at_home.choose("More actions", "Edit recurring billing")
    at_home.press("Turn on recurring billing")
    done = at_home.press("Undo")
    assert done.banner.startswith("Undone.")
    row = now(shop.bare)
    assert (row.recurring_billing, row.cancel_reason, row.canceled_by) == (False, "Too dear", "Bianca Pisani")
    at_home.choose("More actions", "Edit recurring billing")
    at_home.press("Turn on recurring billing")
    at_home.choose("More actions", "Edit recurring billing")
    at_home.press("Turn off recurring billing")
    at_home.press(f"Undo, +{cost(shop, 240)} a month")
    assert now(shop.bare).recurring_billing


def test_cancel_now_says_what_ends_when_and_can_be_taken_back(at_home, shop):
    page = at_home.choose("More actions", "Cancel subscription")
    assert f"On {day(in_days(30))} it is disabled, and on {day(in_days(120))} it is deleted" in page.text
    done = at_home.press("Cancel subscription", when="now", reason="Too dear")
    assert f"{NAME} is canceled and expired today." in done.banner
    assert "Too dear" in done.text
    assert f"Will be deleted on {day(in_days(120))}" in done.text
    page = at_home.choose("More actions", "Reactivate subscription")
    assert f"Cost Nothing is billed {cost(shop, 240)} per month" in page.text
    assert page.has(f"Reactivate, +{cost(shop, 240)} a month")
    assert f"It is paid until {day(shop.bare.term_ends_on)}, so its billing date stays." in page.text
    back = at_home.press("Reactivate", **details_of(shop))
    assert f"{NAME} is active again and renews on {day(shop.bare.term_ends_on)}." in back.banner
    assert [kind for kind, *_rest in audit_rows()] == ["subscription.canceled", "subscription.reactivated"]


@IN_ONE_CLOUD
def test_cancel_at_the_end(at_home, shop):
    at_home.choose("More actions", "Cancel subscription")
    done = at_home.press("Cancel subscription", when="end-of-term", reason="Too dear")
    assert done.banner == f"{NAME} is canceled and expires on {day(shop.bare.term_ends_on)}."
    assert now(shop.bare).status == "active"


@IN_ONE_CLOUD
def test_cancel_needs_a_reason_and_a_day(at_home, shop):
    at_home.choose("More actions", "Cancel subscription")
    page = at_home.press("Cancel subscription", when="")
    assert (page.status, len(page.errors), version(shop.bare)) == (422, 2, 1)


def test_a_trial_is_extended_and_converts(at_home, shop):
    put(shop.bare, status="trial", began_as_trial=True, payment_method="", term_ends_on=in_days(10), cost=0)
    at_home.open(shop.url(shop.bare))
    at_home.choose("More actions", "Extend trial")
    done = at_home.press("Extend by 30 days")
    assert done.banner == f"The trial of {NAME} now ends on {day(in_days(40))}."
    at_home.choose("More actions", "Payment method")
    at_home.press("Next", payment_method=method_of(shop), **details_of(shop))
    assert now(shop.bare).payment_method == ""
    done = at_home.press(f"Buy from {day(in_days(40))} on, +{cost(shop, 200)} a month")
    assert done.banner == f"{NAME} becomes a paid subscription on {day(in_days(40))}."
    assert f"Becomes a paid subscription on {day(in_days(40))}" in done.text
    (row,) = [row for row in at_home.choose("Billing", "Subscriptions").rows if row.startswith(f"{NAME} Trial")]
    assert f"Paid from {day(in_days(40))}" in row


@IN_ONE_CLOUD
def test_a_trial_has_its_licenses_and_says_how_to_have_more(at_home, shop):
    put(shop.bare, status="trial", payment_method="")
    page = at_home.open(shop.url(shop.bare))
    assert "This is a trial: its licenses are fixed and nothing is billed." in why(page, "Add or remove licenses")
    assert "A trial can be extended within its last 15 days." in why(page, "Extend trial")


@IN_ONE_CLOUD
def test_a_reader_sees_every_act_and_why_not(person, shop):
    person.comes_back(shop.reader)
    page = person.open(shop.url(shop.bare))
    for act in ACTS:
        assert why(page, act).startswith("Your role here is Global reader")


@IN_ONE_CLOUD
def test_the_resellers_subscription_shows_every_act_and_why_not(at_home, shop):
    put(shop.named, reseller_managed=True)
    page = at_home.open(shop.url(shop.named))
    for act in ACTS:
        assert why(page, act).startswith("Your reseller manages this subscription")
    assert at_home.choose("More actions", "Edit partner of record").status == 200


@pytest.mark.parametrize("rest", ["licenses", "billing-frequency", "recurring-billing", "cancel"])
@IN_ONE_CLOUD
def test_a_crafted_post_to_the_resellers_subscription_is_refused(at_home, shop, rest):
    put(shop.bare, reseller_managed=True)
    page = at_home.send(shop.url(shop.bare, f"{rest}/"), version="1")
    assert page.status == 403
    assert "Your reseller manages this subscription" in page.text
    assert (version(shop.bare), audit_rows()) == (1, [])


@pytest.mark.parametrize("status", ["expired", "disabled"])
@IN_ONE_CLOUD
def test_what_has_ended_leads_to_reactivating(at_home, shop, status):
    put(shop.bare, status=status, term_ends_on=in_days(-20 if status == "expired" else -40))
    page = at_home.open(shop.url(shop.bare))
    assert "Reactivate the subscription first." in why(page, "Edit recurring billing")
    assert not page.has("Cancel subscription")
    assert at_home.choose("More actions", "Reactivate subscription").status == 200
    assert at_home.open(shop.url(shop.bare, "licenses/")).status == 409


def test_a_closed_cloud_says_that_it_sells_nothing(at_home, shop):
    with as_owner():
        CloudState.objects.update_or_create(cloud=shop.tenant.cloud, defaults={"status": CloudStatus.CLOSED})
    at_home.open(shop.url(shop.bare, "licenses/"))
    page = at_home.press("Show the new cost", licenses="30")
    assert (page.status, now(shop.bare).licenses_total) == (409, 20)
    assert "This cloud is closed" in page.text


@IN_ONE_CLOUD
def test_a_form_that_is_old_says_so_and_changes_nothing(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    put(shop.bare, version=2, licenses_total=25)
    page = at_home.press("Show the new cost", licenses="30")
    assert (page.status, page.heading) == (409, "Somebody was faster")
    assert now(shop.bare).licenses_total == 25
    assert at_home.press("Open the form again").value("licenses") == "30"


@IN_ONE_CLOUD
def test_a_form_sent_twice_acts_once(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="30")
    sending = at_home.page.sending("Add 10", {})
    for _ in range(2):
        page = at_home.send(sending.action, **sending.fields)
        assert (page.status, page.url) == (200, shop.url(shop.bare))
    assert (version(shop.bare), len(audit_rows())) == (2, 1)


@IN_ONE_CLOUD
def test_a_key_that_comes_with_another_content_is_a_conflict(at_home, shop):
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="30")
    sending = at_home.page.sending("Add 10", {})
    at_home.send(sending.action, **sending.fields)
    assert at_home.send(sending.action, **sending.fields | {"licenses": "40"}).status == 409
    assert now(shop.bare).licenses_total == 30


@IN_ONE_CLOUD
def test_coming_back_keeps_the_list_one_came_from(at_home, shop):
    at_home.open(shop.url(shop.bare) + "?list=q%3DOffice")
    at_home.choose("More actions", "Add or remove licenses")
    at_home.press("Show the new cost", licenses="30")
    assert at_home.press("Add 10").url.endswith("?list=q%3DOffice")


def why(page, act: str) -> str:
    """The reason beside an act that is shown and cannot be done."""
    button = next(part for part in inside(page.menu("More actions"), "button") if words(part) == act)
    assert attribute(button, "aria-disabled") == "true"
    return words(page.by_id(attribute(button, "aria-describedby")))


def test_a_name_and_a_cost_center_tell_it_apart(at_home, shop):
    at_home.choose("More actions", "Name and cost center")
    refused = at_home.press("Save", own_name="x" * 81, cost_center="4711")
    assert (refused.status, refused.errors) == (422, ["Own name: at most 80 characters, and this has 81."])
    done = at_home.press("Save", own_name="Berlin office")
    assert done.banner == f"It now stands in your lists as {NAME} – Berlin office."
    assert (done.url, done.heading) == (shop.url(shop.bare), f"{NAME} – Berlin office")
    assert "Cost center 4711" in done.text
    assert audit_rows() == [("subscription.named", "Bianca Pisani", NAME, "")]
    for center, banner in (
        ("4712", f"The cost center of {NAME} – Berlin office is now 4712."),
        ("", f"{NAME} – Berlin office no longer has a cost center."),
    ):
        at_home.choose("More actions", "Name and cost center")
        assert at_home.press("Save", cost_center=center).banner == banner
