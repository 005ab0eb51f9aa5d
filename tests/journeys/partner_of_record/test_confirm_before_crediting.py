"""Whom a subscription credits is decided by a person who has proved within the hour to be it."""

import pytest
from django.conf import settings

from tests.factories import PASSWORD
from tests.facts import audit_rows, periods
from tests.personas import open_session, prove_identity

AN_HOUR_AGO = 60 * 60 + 1
SAID_BEFORE = "This needs a sign-in of the last 60 minutes."
NOTHING_DONE = "Nothing was done yet. Confirm that it is you, then send the form again."
KEPT = "Nothing was done, as you had to sign in first. What you typed is still here."


@pytest.fixture
def admin(person, contoso):
    """Contoso's Global admin, who signed in more than an hour ago."""
    open_session(person.client, contoso.admin, proved_ago=AN_HOUR_AGO)
    return person


def test_the_hour_is_that_of_the_promise():
    assert settings.CREDIT_STEP_UP_SECONDS == 60 * 60


def test_the_page_says_beforehand_that_it_will_ask(admin, contoso):
    page = admin.open(contoso.url(contoso.named, "partner-of-record/"))
    assert SAID_BEFORE in page.text
    page = admin.press("Check ID", partner_id=contoso.other.number)
    assert SAID_BEFORE in page.text
    admin.follow("Confirm that it is you")
    assert admin.press("Confirm", password=PASSWORD).heading == "Partner information"
    assert SAID_BEFORE not in admin.page.text


def test_within_the_hour_nothing_is_asked(person, contoso):
    open_session(person.client, contoso.admin, proved_ago=AN_HOUR_AGO - 60)
    assert SAID_BEFORE not in person.open(contoso.url(contoso.named, "partner-of-record/")).text
    assert "is no longer partner of record" in person.press("Submit", partner_id="").banner


def test_check_id_is_never_asked(admin, contoso):
    admin.open(contoso.url(contoso.named, "partner-of-record/"))
    assert "Partner found" in admin.press("Check ID", partner_id=contoso.other.number).text


def test_the_page_comes_back_with_what_was_typed_and_nothing_done(admin, contoso):
    admin.open(contoso.url(contoso.named, "partner-of-record/?list=q%3Doffice"))
    admin.press("Check ID", partner_id=contoso.other.number, reason="Cheaper")
    asked = admin.press("Submit")
    assert (asked.heading, NOTHING_DONE in asked.text) == ("Confirm that it is you", True)
    page = admin.press("Confirm", password=PASSWORD)
    assert (page.heading, KEPT in page.text) == ("Partner information", True)
    assert (page.value("partner_id"), page.value("reason")) == (contoso.other.number, "Cheaper")
    assert (periods(contoso.named), audit_rows()) == ([(contoso.partner.number, True)], [])
    assert f"Partner found: {contoso.other.name}" in admin.press("Submit").text  # the name is compared once more
    assert "is now partner of record" in admin.press("Submit").banner
    assert admin.page.url.endswith("?list=q%3Doffice")


def test_a_deletion_is_asked_too(admin, contoso):
    admin.open(contoso.url(contoso.named, "partner-of-record/"))
    admin.press("Submit", partner_id="")
    page = admin.press("Confirm", password=PASSWORD)
    assert (page.heading, page.value("partner_id")) == ("Partner information", "")
    assert periods(contoso.named) == [(contoso.partner.number, True)]
    assert "is no longer partner of record" in admin.press("Submit").banner


def test_undo_is_asked_and_leads_back_to_the_subscription(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    person.press("Submit", partner_id="")
    prove_identity(person.client, ago=AN_HOUR_AGO)
    assert NOTHING_DONE in person.press("Undo").text
    page = person.press("Confirm", password=PASSWORD)
    assert (page.heading, page.url) == (contoso.named.name, contoso.url(contoso.named))
    assert periods(contoso.named) == [(contoso.partner.number, False)]
    assert "Undone." in person.press("Undo last change").banner
