"""Add, change, delete and undo in Chromium: with JavaScript and without it."""

import re

import pytest
from playwright.sync_api import Page, expect

from subscriptions.models import Subscription
from subscriptions.models.subscription import SubscriptionStatus
from tests.browser.client import check, launch, listen, sign_in
from tests.database import as_owner
from tests.factories import make_partner
from tests.facts import audit_rows, periods


def test_the_whole_way_from_sign_in_to_undo(page: Page, site, contoso):
    complaints = listen(page)
    page.goto(site)
    sign_in(page, contoso.billing)
    launch(page, "Admin")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscriptions").click()
    page.get_by_role("link", name="Office 365 E3").click()
    page.get_by_text("More actions", exact=True).click()
    page.get_by_role("link", name="Add partner of record").click()
    check(page, "565380")
    expect(page.get_by_text("Partner found: Tailspin Consulting")).to_be_visible()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("565380 Tailspin Consulting is now partner of record")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")
    assert complaints == []
    assert [row[0] for row in audit_rows()] == ["partner-of-record.added", "partner-of-record.removed"]


def test_check_id_answers_in_place_and_takes_the_focus(form):
    form.get_by_label("Reason").fill("Because")
    address = form.url
    form.evaluate("window.samePage = true")
    check(form, "565380")
    expect(form.locator("#check-result .found")).to_be_focused()
    assert form.url == address
    assert form.evaluate("window.samePage") is True
    assert form.get_by_label("Reason").input_value() == "Because"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9999999", "No partner has the ID 9999999."),
        ("abc", "A partner ID has digits only"),
        ("", "Enter the ID that the partner gave you."),
    ],
)
def test_what_is_wrong_is_said_in_place_and_takes_the_focus(form, typed, sentence):
    check(form, typed)
    answer = form.locator("#check-result .banner")
    expect(answer).to_contain_text(sentence)
    expect(answer).to_be_focused()
    assert form.get_by_label("Microsoft Partner ID").input_value() == typed


def test_the_answer_goes_when_another_one_comes(form):
    check(form, "565380")
    expect(form.locator("#check-result")).to_contain_text("Tailspin")
    check(form, "935287")
    expect(form.locator("#check-result")).to_contain_text("Adventure Works")
    expect(form.locator("#check-result")).not_to_contain_text("Tailspin")


def test_an_answer_takes_away_what_was_said_of_an_earlier_id(form):
    title = form.title()
    form.get_by_label("Microsoft Partner ID").fill("9999999")
    form.get_by_role("button", name="Submit").click()
    expect(form).to_have_title(f"Error: {title}")
    check(form, "565380")
    expect(form.locator("#check-result .found")).to_be_focused()
    expect(form).to_have_title(title)
    for gone in (".error-summary", ".errorlist", "[aria-invalid]"):
        expect(form.locator(gone)).to_have_count(0)


def test_what_was_found_goes_when_another_id_is_typed(form):
    check(form, "565380")
    expect(form.locator("#check-result .found")).to_be_visible()
    form.get_by_label("Microsoft Partner ID").fill("935287")
    expect(form.locator("#check-result > *")).to_have_count(0)
    form.get_by_role("button", name="Submit").click()
    expect(form.get_by_text("Partner found: Adventure Works Advisors")).to_be_visible()


def test_an_error_of_submit_takes_the_focus(form):
    form.get_by_label("Microsoft Partner ID").fill("9999999")
    form.get_by_role("button", name="Submit").click()
    expect(form.locator(".error-summary")).to_be_focused()
    form.locator(".error-summary a").click()
    expect(form.get_by_label("Microsoft Partner ID")).to_be_focused()


def test_too_many_checks_are_said_in_place(form):
    """An answer of 429 is shown as well."""
    for number in range(11):
        with form.expect_response("**/check/") as answer:
            check(form, str(900 + number))
    assert answer.value.status == 429
    expect(form.locator("#check-result")).to_contain_text("Try again in")


def test_an_answer_that_fails_is_said_in_place(form):
    form.route("**/check/", lambda route: route.fulfill(status=500, body="<h1>Broken</h1>"))
    check(form, "565380")
    expect(form.locator("#check-result")).to_contain_text("That did not work. What you typed is still here")
    expect(form.locator("#check-result")).not_to_contain_text("Broken")
    form.route("**/check/", lambda route: route.abort())
    check(form, "565380")
    expect(form.locator("#check-result")).to_contain_text("That did not work. What you typed is still here")


def test_a_refusal_is_said_in_place_without_a_page_within_the_page(form, contoso):
    with as_owner():
        Subscription.objects.filter(pk=contoso.bare.pk).update(status=SubscriptionStatus.DISABLED)
    check(form, "565380")
    expect(form.locator("#check-result .banner")).to_be_focused()
    expect(form.locator("#check-result")).to_contain_text("This subscription is disabled")
    expect(form.get_by_role("heading", level=1)).to_have_count(1)


def test_a_session_that_ended_moves_the_page_to_sign_in_and_back(form, contoso):
    wanted = form.url
    form.context.clear_cookies(name="session")
    check(form, "565380")
    form.wait_for_url(re.compile("/accounts/sign-in/"))
    sign_in(form, contoso.billing)
    expect(form.get_by_role("heading", level=1)).to_have_text("Partner information")
    assert form.url == wanted


def test_back_brings_a_full_and_fresh_page(form, contoso):
    check(form, "565380")
    expect(form.locator("#check-result .found")).to_be_visible()
    form.get_by_role("button", name="Submit").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Office 365 E3")
    form.go_back()
    expect(form.get_by_role("heading", level=1)).to_have_text("Partner information")
    expect(form.get_by_role("navigation", name="Main")).to_be_visible()
    expect(form.get_by_label("Microsoft Partner ID")).to_have_value("565380")
    assert "<" not in form.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")


def test_change_and_delete(open_as, contoso):
    page = open_as(contoso.admin)
    page.goto(contoso.url(contoso.named))
    page.locator("aside").get_by_role("link", name="Edit partner of record").last.click()
    check(page, "935287")
    expect(page.locator("#check-result")).to_contain_text("Adventure Works")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("instead of 565380 Tailspin Consulting")
    page.locator("aside").get_by_role("link", name="Edit partner of record").last.click()
    page.get_by_label("Microsoft Partner ID").fill("")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("is no longer partner of record")
    assert periods(contoso.named) == [("565380", False), ("935287", False)]


def test_everything_works_without_javascript(open_as, contoso):
    page = open_as(contoso.billing, java_script_enabled=False)
    page.goto("/")
    launch(page, "Admin")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscriptions").click()
    page.get_by_role("link", name="Office 365 E3").click()
    page.get_by_text("More actions", exact=True).click()
    page.get_by_role("link", name="Add partner of record").click()
    check(page, "565380")
    assert page.url.endswith("/partner-of-record/check/")
    expect(page.get_by_label("Microsoft Partner ID")).to_have_value("565380")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("status")).to_contain_text("is now partner of record of Office 365 E3.")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Undone.")


def test_a_company_with_several_locations_says_which_ones(form, live_server):
    company = make_partner(number="999", name="Northwind", kind="global")
    make_partner(number="1001", name="Northwind", city="Boston", parent=company)
    check(form, "999")
    expect(form.locator("#check-result")).to_contain_text("1001 Northwind, Boston")
