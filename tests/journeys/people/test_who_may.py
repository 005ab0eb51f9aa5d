"""Who may what is shown, and holds when somebody tries it all the same."""

import pytest

from subscriptions.models.people.membership import Role
from tests.factories import make_member, make_partner_offer, make_relationship, make_tenant, make_user
from tests.facts import audit_rows, mailed, periods
from tests.page import attribute, words
from tests.worlds import IN_ONE_CLOUD


def test_a_reader_sees_everything_and_why_nothing_can_be_changed(person, world):
    person.sign_in(world.reader)
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Subscriptions")
    page = person.follow("Office 365 E5")
    for label in ("Edit partner of record", "Undo last change"):
        button = page.button(label)
        assert attribute(button, "aria-disabled") == "true"
        assert words(page.by_id(attribute(button, "aria-describedby"))) == (
            "Your role here is Global reader, which may read this but not change it."
            " Who can help: A Global admin or Billing admin of your organization can do it."
            " Next step: Ask one of them to do it, or to give you the role."
        )


@pytest.mark.parametrize("rest", ["", "check/", "undo/"])
@IN_ONE_CLOUD
def test_a_readers_crafted_post_is_refused(person, world, rest):
    person.comes_back(world.reader)
    person.open(world.url(world.named))
    page = person.send(world.url(world.named, f"partner-of-record/{rest}"), partner_id="", version="1")
    assert page.status == 403
    assert "Your role here is Global reader" in page.text
    assert periods(world.named) == [(world.partner.number, True)]
    assert (audit_rows(), mailed()) == ([], set())


def test_a_reader_may_read_the_audit_log_and_the_relationships(person, contoso):
    person.comes_back(contoso.reader)
    person.open("/t/contoso/")
    assert person.choose("Settings", "Audit log").status == 200
    assert person.choose("Settings", "Partner Relationships").status == 200


@pytest.fixture
def stranger(db):
    """The Global admin of another organization."""
    return make_member(tenant=make_tenant(slug="fabrikam", name="Fabrikam Inc"), email="admin@fabrikam.example")


@pytest.mark.parametrize("rest", ["", "partner-of-record/", "partner-of-record/check/", "partner-of-record/undo/"])
def test_anothers_subscription_is_not_found(person, contoso, stranger, rest):
    """Neither under its own organization's address nor under one's own."""
    person.comes_back(stranger)
    person.open("/t/fabrikam/")
    theirs = contoso.url(contoso.named, rest)
    for url in (theirs, theirs.replace("/t/contoso/", "/t/fabrikam/")):
        page = (
            person.send(url, partner_id="", version="1") if rest.endswith(("check/", "undo/")) else person.open(url)
        )
        assert (page.status, page.heading) == (404, "Page not found")
        assert "Office 365" not in page.text
    assert periods(contoso.named) == [(contoso.partner.number, True)]


def test_anothers_relationship_is_not_found(person, contoso, stranger):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other)
    person.comes_back(stranger)
    person.open("/t/fabrikam/")
    for slug in ("contoso", "fabrikam"):
        url = f"/t/{slug}/settings/partner-relationships/{relationship.uuid}/"
        assert person.open(url).status == 404
        assert person.send(f"{url}end/").status == 404
    assert audit_rows() == []


def test_anothers_offer_is_not_found(person, vianet):
    """Where partners send offers."""
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)
    own = make_tenant(slug="haiyun", name="Haiyun", cloud=vianet.tenant.cloud, country="CN")
    person.comes_back(make_member(tenant=own, email="admin@haiyun.example"))
    person.open("/t/haiyun/")
    for slug in ("lanyun", "haiyun"):
        url = f"/t/{slug}/settings/partner-relationships/offers/{offer.uuid}/"
        pages = [person.open(url), person.send(url, choice="yes")]
        assert [(page.status, vianet.partner.name in page.text) for page in pages] == [(404, False)] * 2
    assert audit_rows() == []


def test_an_organization_of_others_looks_like_none_at_all(person, contoso, stranger):
    person.comes_back(stranger)
    existing, missing = (person.open(f"/t/{slug}/").response.content for slug in ("contoso", "no-such-place"))
    assert existing == missing


def test_one_person_in_two_organizations_switches_in_the_header(person, contoso):
    nordwind = make_tenant(slug="nordwind", name="Nordwind GmbH")
    make_member(tenant=nordwind, user=contoso.billing, role=Role.GLOBAL_READER)
    person.sign_in(contoso.billing)
    person.choose("App launcher", "Admin Contoso Ltd")
    page = person.choose("Switch organization Contoso Ltd", "Nordwind GmbH Worldwide")
    assert page.url == "/t/nordwind/"
    assert "Contoso" not in page.text


def test_who_belongs_nowhere_is_told_whom_to_ask(person, db):
    person.sign_in(make_user(email="new@contoso.example"))
    assert "You are not a member of any organization yet." in person.page.text
    assert not person.page.has("Admin")


def test_signing_in_leads_back_to_the_page_one_wanted(person, contoso):
    wanted = contoso.url(contoso.named)
    assert person.open(wanted).heading == "Sign in"
    page = person.press("Sign in", login=contoso.admin.email, password="a-password-of-tests")
    assert page.url == wanted


def test_signing_out_ends_it(person, contoso):
    person.sign_in(contoso.admin)
    person.press("Sign out")
    assert person.open("/t/contoso/").heading == "Sign in"


def test_a_wrong_password_says_so_and_keeps_the_address(person, contoso):
    person.open("/")
    page = person.press("Sign in", login=contoso.admin.email, password="wrong")
    assert page.value("login") == contoso.admin.email
    assert len(page.errors) == 1


def test_a_refusal_keeps_the_navigation_and_the_way_back(person, world):
    person.comes_back(world.reader)
    page = person.open(world.url(world.bare, "cancel/"))
    assert (page.status, page.heading) == (403, "This is not possible")
    assert person.follow("Subscriptions").heading == "Subscriptions"
    person.comes_back(world.admin)
    page = person.open(world.url(world.bare, "reactivate/"))
    assert (page.status, page.heading) == (409, "This is not possible")
    assert page.has("Purchase services")
    assert person.follow(world.bare.name).heading == world.bare.name
