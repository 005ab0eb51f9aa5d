"""Remove a reseller relationship: in no cloud can the customer do it, in each it can ask for it."""

import pytest

from partners.models.partner_relationship import RelationshipKind
from tests.factories import make_partner_person, make_relationship, make_subscription
from tests.facts import audit_rows, mailed
from tests.page import attribute, words
from tests.subscriptions.subscriptions.facts import put
from tests.worlds import IN_ONE_CLOUD

SENTENCE = "You can't remove a reseller relationship yourself."
ASK = "Ask the reseller to remove the relationship"
LINK = "Remove a reseller relationship with partner"


@pytest.fixture
def reseller(world):
    return make_relationship(tenant=world.tenant, partner=world.other, kind=RelationshipKind.RESELLER)


def test_delete_is_grayed_out_with_the_reason_beside_it(person, world, reseller):
    person.sign_in(world.admin)
    person.choose("App launcher", "Admin")
    person.choose("Settings", "Partner Relationships")
    page = person.follow("Reseller")
    button = page.button("Delete")
    assert attribute(button, "aria-disabled") == "true"
    reason = words(page.by_id(attribute(button, "aria-describedby")))
    assert reason.startswith(SENTENCE)
    assert f"Ask your reseller partner to follow these instructions: {LINK}" in reason
    assert page.link(LINK) == "https://go.microsoft.com/fwlink/p/?linkid=870519"


@IN_ONE_CLOUD
def test_the_list_says_why_not_in_a_word_that_leads_to_the_reason(person, world, reseller):
    person.comes_back(world.admin)
    page = person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    (row,) = [row for row in page.rows if row.startswith("Reseller")]
    assert row.endswith("Delete only the reseller can")
    assert attribute(page.button("Delete"), "aria-disabled") == "true"
    page = person.follow("only the reseller can")
    assert page.heading == world.other.name
    reason = words(page.by_id(attribute(page.button("Delete"), "aria-describedby")))
    assert reason.startswith(SENTENCE)
    assert page.link(LINK) == "https://go.microsoft.com/fwlink/p/?linkid=870519"
    assert page.has(ASK)


@pytest.mark.parametrize("role", ["admin", "billing", "reader"])
@IN_ONE_CLOUD
def test_a_crafted_post_is_refused(person, world, reseller, role):
    person.comes_back(getattr(world, role))
    url = f"/t/{world.tenant.slug}/settings/partner-relationships/{reseller.uuid}/"
    person.open(url)
    refused = person.send(f"{url}end/", key="00000000-0000-4000-8000-000000000000", reason="")
    assert refused.status == 403
    assert (audit_rows(), mailed()) == ([], set())
    assert "Active" in person.open(url).text


def test_the_refusal_says_who_can_do_it(person, contoso):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other, kind=RelationshipKind.RESELLER)
    person.comes_back(contoso.admin)
    page = person.open(f"/t/contoso/settings/partner-relationships/{relationship.uuid}/end/")
    assert page.status == 403
    assert SENTENCE in page.text
    assert "Only your reseller partner can remove it." in page.text


@pytest.fixture
def agent(world, reseller):
    """Somebody who works for the reseller."""
    return make_partner_person(
        partner=world.other, email="agent@reseller.example", name="Agatha Agent", language="en"
    )


def ask(person, world, reason="We buy directly now."):
    person.sign_in(world.admin)
    person.choose("App launcher", "Admin")
    person.choose("Settings", "Partner Relationships")
    person.follow("Reseller")
    person.follow(ASK)
    return person.press("Send request", reason=reason)


def test_the_reseller_is_asked_and_releases_the_organization(person, another_person, world, reseller, agent):
    """The whole way, from the disabled Delete to the relationship's end, read on both sides."""
    page = ask(person, world)
    assert page.banner == "Your reseller was asked. This page shows what becomes of it."
    assert "Your reseller must answer." in page.text

    another_person.sign_in(agent)
    another_person.follow(f"Partner workspace {world.other.name} {world.other.number} · Admin agent")
    another_person.choose("Partner workspace", "Release requests")
    page = another_person.follow(world.tenant.name)
    assert "We buy directly now." in page.text
    page = another_person.press("Acknowledge")
    assert page.history[2] == "Acknowledged by the reseller"
    page = another_person.follow("Release the organization")
    assert page.heading == f"Release {world.tenant.name}?"
    released = another_person.press("Release")
    assert released.banner == f"{world.tenant.name} is released: the relationship has ended."

    page = person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/{reseller.uuid}/")
    assert "ended by Agatha Agent" in page.text
    assert not page.has("Delete")
    page = person.follow("Your request to the reseller, and what became of it")
    assert page.history == released.history
    assert [kind for kind, *_ in audit_rows()] == [
        "release-request.sent",
        "release-request.acknowledged",
        "partner-relationship.ended",
        "release-request.released",
    ]


@IN_ONE_CLOUD
def test_declined_it_stays_and_can_be_asked_again(person, another_person, world, reseller, agent):
    ask(person, world)
    another_person.comes_back(agent)
    another_person.open(f"/p/{world.other.number}/release-requests/")
    another_person.follow(world.tenant.name)
    another_person.follow("Decline…")
    assert another_person.press("Decline", reason=" ").errors == ["Say why you decline: the organization reads it."]
    another_person.press("Decline", reason="An invoice is open.")
    page = person.open(person.page.url)
    assert "An invoice is open." in page.text
    assert person.press("Send request", reason="It is paid.").status == 200
    assert "Active" in person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/{reseller.uuid}/").text


def test_what_the_reseller_manages_blocks_until_it_is_over(person, another_person, contoso):
    make_relationship(tenant=contoso.tenant, partner=contoso.other, kind=RelationshipKind.RESELLER)
    agent = make_partner_person(partner=contoso.other, email="agent@reseller.example")
    managed = make_subscription(tenant=contoso.tenant, name="Managed suite", reseller_managed=True)
    person.sign_in(contoso.admin)
    person.open("/t/contoso/settings/partner-relationships/")
    person.follow("only the reseller can")
    page = person.follow(ASK)
    assert page.link("Managed suite") == contoso.url(managed)
    person.press("Send request", reason="We buy directly now.")
    another_person.comes_back(agent)
    another_person.open(f"/p/{contoso.other.number}/release-requests/")
    page = another_person.follow("Contoso Ltd")
    assert "Your company still manages 1 active subscription of the organization." in page.text
    assert attribute(page.button("Release the organization"), "aria-disabled") == "true"
    put(managed, status="deleted")
    page = another_person.open(page.url)
    assert page.link("Release the organization")


@IN_ONE_CLOUD
def test_taken_back_it_is_over_for_both(person, another_person, world, reseller, agent):
    ask(person, world)
    page = person.press("Take back")
    assert page.banner == "The request was taken back. The reseller is told."
    another_person.comes_back(agent)
    another_person.open(f"/p/{world.other.number}/release-requests/")
    page = another_person.follow(world.tenant.name)
    assert "Nobody: the organization took it back." in page.text
    assert not page.has("Acknowledge")
