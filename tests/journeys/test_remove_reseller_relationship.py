"""seed.md, "Remove a reseller relationship": in no cloud can the customer do it."""

import pytest

from partners.models.partner_relationship import RelationshipKind
from tests.factories import make_relationship
from tests.journeys.page import attribute, words
from tests.journeys.traces import audit_rows, mails

SENTENCE = "You can't remove a reseller relationship yourself."
LINK = "Remove a reseller relationship with partner"


@pytest.fixture
def reseller(world):
    return make_relationship(tenant=world.tenant, partner=world.other, kind=RelationshipKind.RESELLER)


def test_delete_is_grayed_out_with_the_reason_beside_it(person, world, reseller):
    """Scenario 23."""
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


def test_the_list_says_so_as_well(person, world, reseller):
    person.comes_back(world.admin)
    page = person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    (row,) = [row for row in page.rows if row.startswith("Reseller")]
    assert f"Delete {SENTENCE}" in row


@pytest.mark.parametrize("role", ["admin", "billing", "reader"])
def test_a_crafted_post_is_refused(person, world, reseller, role):
    """Scenario 23, T51."""
    person.comes_back(getattr(world, role))
    url = f"/t/{world.tenant.slug}/settings/partner-relationships/{reseller.uuid}/"
    person.open(url)
    refused = person.send(f"{url}end/", key="00000000-0000-4000-8000-000000000000", reason="")
    assert refused.status == 403
    assert (audit_rows(), mails()) == ([], set())
    assert "Active" in person.open(url).text


def test_the_refusal_says_who_can_do_it(person, contoso):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other, kind=RelationshipKind.RESELLER)
    person.comes_back(contoso.admin)
    page = person.open(f"/t/contoso/settings/partner-relationships/{relationship.uuid}/end/")
    assert page.status == 403
    assert SENTENCE in page.text
    assert "Only your reseller partner can remove it." in page.text
