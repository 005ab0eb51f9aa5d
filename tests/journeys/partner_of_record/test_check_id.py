"""Check ID and Submit answer each wrong ID with a sentence and next step of its own."""

import pytest

from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.clouds import Cloud
from tests.database import as_owner
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_rows, mailed, periods

NAME = "Secret Partner Inc"


@pytest.fixture
def form(person, contoso):
    """The Partner information page of a subscription without partner."""
    person.comes_back(contoso.billing)
    person.open(contoso.url(contoso.bare, "partner-of-record/"))
    return person


UNUSABLE = {
    "unknown": (None, "No partner has the ID 999."),
    "pending": ({"state": PartnerState.PENDING}, "No partner has the ID 999."),
    "not active": ({"state": PartnerState.INACTIVE}, "The partner with the ID 999 is no longer active."),
    "suspended": ({"state": PartnerState.SUSPENDED}, "The partner with the ID 999 is no longer active."),
    "global ID": ({"kind": PartnerKind.GLOBAL}, "999 is a global ID, which stands for a company as a whole."),
    "other cloud": ({"cloud": Cloud.GERMANY}, "The partner with the ID 999 does not work in this cloud (Worldwide)."),
    "country": (
        {"authorized_countries": ["GB"]},
        "The partner with the ID 999 is not authorized for this country or region (United States).",
    ),
    "product": (
        {"authorized_families": ["exchange"]},
        "The partner with the ID 999 is not authorized for products of this kind (Office).",
    ),
}


@pytest.mark.parametrize("case", UNUSABLE)
@pytest.mark.parametrize("button", ["Check ID", "Submit"])
def test_an_id_that_cannot_be_used_says_why(form, contoso, case, button):
    fields, sentence = UNUSABLE[case]
    if fields is not None:
        make_partner(number="999", name=NAME, **fields)
    page = form.press(button, partner_id="999")
    assert page.status == 422
    assert [line.startswith(sentence) for line in page.errors] == [True]
    assert page.title.startswith("Error:")
    assert page.value("partner_id") == "999"
    assert NAME not in page.text
    assert (periods(contoso.bare), audit_rows(), mailed()) == ([], [], set())


def test_each_reason_has_words_of_its_own():
    sentences = [sentence for case, (_fields, sentence) in UNUSABLE.items() if case not in ("pending", "suspended")]
    assert len(sentences) == len(set(sentences))


def test_a_global_id_lists_the_locations_in_ones_country(form):
    company = make_partner(number="999", name=NAME, kind=PartnerKind.GLOBAL)
    make_partner(number="1001", name=NAME, city="Boston", parent=company)
    make_partner(number="1002", name=NAME, city="Cologne", country="DE", parent=company)
    page = form.press("Check ID", partner_id="999")
    assert f"1001 {NAME}, Boston" in page.text
    assert "1002" not in page.text


def test_what_is_found_is_named_with_place_and_kind(form, contoso):
    page = form.press("Check ID", partner_id=contoso.partner.number)
    for words in ("Tailspin Consulting", "Seattle", "United States", "Location ID (one of its offices)"):
        assert words in page.text
    assert "It gets no access to your organization." in page.text
    assert "What the partner gets to know" in page.text


@pytest.mark.parametrize(
    "typed", ["５６５３８０", " 565380 ", "565 380", "565-380", "Partner ID: 565380", "MPN ID: 565380"]
)
def test_an_id_is_understood_however_it_is_written(form, typed):
    page = form.press("Check ID", partner_id=typed)
    assert "Partner found: Tailspin Consulting" in page.text
    assert "Microsoft Partner ID 565380" in page.text


NO_DIGITS = "A partner ID has digits only, for example 565380. Check what you typed or pasted."
SHORTENED = "A spreadsheet has shortened this number. Enter all digits of the partner ID."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        *((text, NO_DIGITS) for text in ("abc", "12 34x", "-5", "-", "<script>alert(1)</script>", "'--")),
        ("5,6538E+05", SHORTENED),
    ],
)
def test_what_is_no_number_is_told_without_a_look_up(form, typed, told, monkeypatch):
    monkeypatch.setattr(Partner, "objects", None)
    page = form.press("Check ID", partner_id=typed)
    assert page.status == 422
    assert "<script>alert" not in page.response.content.decode()
    assert page.errors == [told]
    assert page.value("partner_id") == typed


@pytest.mark.parametrize("typed", ["1" * 20, "7" * 101])
def test_what_is_too_long_is_told(form, typed):
    page = form.press("Check ID", partner_id=typed)
    assert page.errors == ["A partner ID has at most 10 digits. Check what you typed or pasted."]


@pytest.mark.parametrize("button", ["Check ID", "Submit"])
def test_an_empty_box_asks_for_an_id_where_there_is_nothing_to_delete(form, contoso, button):
    page = form.press(button, partner_id="")
    assert (page.status, page.errors) == (422, ["Enter the ID that the partner gave you."])
    assert periods(contoso.bare) == []


def test_check_id_of_an_empty_box_deletes_nothing(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named, "partner-of-record/"))
    page = person.press("Check ID", partner_id="")
    assert page.errors == ["Enter the ID that the partner gave you."]
    assert periods(contoso.named) == [(contoso.partner.number, True)]


def test_submit_without_check_shows_the_partner_first(form, contoso):
    page = form.press("Submit", partner_id=contoso.partner.number)
    assert f"Partner found: {contoso.partner.name}" in page.text
    assert "Nothing has been changed yet." in page.text
    assert periods(contoso.bare) == []
    assert "is now partner of record" in form.press("Submit").banner


def test_an_id_changed_after_the_check_is_shown_first(form, contoso):
    """The green answer for the first ID does not count for the second."""
    form.press("Check ID", partner_id=contoso.partner.number)
    page = form.press("Submit", partner_id=contoso.other.number)
    assert f"Partner found: {contoso.other.name}" in page.text
    assert contoso.partner.name not in page.text
    assert periods(contoso.bare) == []
    form.press("Submit")
    assert periods(contoso.bare) == [(contoso.other.number, True)]


def test_a_partner_suspended_between_check_and_submit_is_not_named(form, contoso):
    form.press("Check ID", partner_id=contoso.partner.number)
    suspend(contoso.partner)
    page = form.press("Submit")
    assert page.status == 422
    assert page.errors[0].startswith("The partner with the ID 565380 is no longer active.")
    assert periods(contoso.bare) == []


def test_a_suspended_partner_stays_where_it_is_named(person, contoso):
    """Existing partners of record are not silently removed."""
    suspend(contoso.partner)
    person.comes_back(contoso.admin)
    assert "Tailspin Consulting" in person.open(contoso.url(contoso.named)).text
    person.follow("Edit partner of record")
    assert "is no longer partner of record" in person.press("Submit", partner_id="").banner
    undo = person.press("Undo")
    assert undo.status == 409
    assert "The previous partner cannot be restored." in undo.text


def test_the_reason_and_the_list_survive_an_error(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.bare, "partner-of-record/?list=q%3Doffice"))
    page = person.press("Check ID", partner_id="9999999", reason="Because")
    assert (page.value("reason"), page.value("list")) == ("Because", "q=office")


def test_eleven_checks_a_minute_are_one_too_many(form):
    """The answer says how long to wait."""
    for _ in range(10):
        form.send(check_url(form), partner_id="9999999")
    page = form.send(check_url(form), partner_id="9999999")
    assert page.status == 429
    assert "Try again in" in page.text
    assert int(page.response.headers["Retry-After"]) in range(1, 61)


def test_what_was_typed_is_sent_again_by_the_page_that_says_to_wait(form, contoso, settings):
    for _ in range(10):
        form.send(check_url(form), partner_id="9999999")
    form.open(contoso.url(contoso.bare, "partner-of-record/"))
    assert form.press("Check ID", partner_id=contoso.partner.number, reason="Because").status == 429
    settings.LIMITS = {"check-id": {"person": (11, 60)}}
    again = form.press("Try again")
    assert (again.status, again.value("partner_id"), again.value("reason")) == (200, "565380", "Because")
    assert "Partner found" in again.text


def test_different_products_need_different_partners(person, contoso):
    """Refused here, welcome there."""
    mail_expert = make_partner(number="612345", name="Litware", authorized_families=["exchange"])
    make_partner_of_record(
        subscription=make_subscription(tenant=contoso.tenant, name="Exchange"), partner=mail_expert
    )
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.bare, "partner-of-record/"))
    page = person.press("Check ID", partner_id="612345")
    assert "this partner can be named on other subscriptions" in page.errors[0]


def suspend(partner) -> None:
    with as_owner():
        type(partner).objects.filter(pk=partner.pk).update(state=PartnerState.SUSPENDED)


def check_url(person) -> str:
    return person.page.url.replace("check/", "") + "check/"
