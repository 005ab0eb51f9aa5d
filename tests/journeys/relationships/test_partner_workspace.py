"""A partner's person sees whom the company works with and what credits it, and gives access up."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from tests.factories import make_partner_person, make_relationship
from tests.page import attribute, inside, words
from tests.worlds import IN_ONE_CLOUD


@pytest.fixture
def agent(world):
    return make_partner_person(partner=world.partner, email="agent@partner.example", name="Agatha Agent")


@pytest.fixture
def delegated(world):
    return make_relationship(
        tenant=world.tenant, partner=world.partner, expires_on=timezone.now() + timedelta(days=20)
    )


def test_from_sign_in_to_a_customers_portal(person, world, agent, delegated):
    home = person.sign_in(agent)
    assert "Partner workspace" in home.text
    page = person.open(f"/p/{world.partner.number}/customers/")
    assert page.heading == "Customers"
    (row,) = page.rows
    assert row.startswith(world.tenant.name)
    assert "Ends soon" in row
    inside_ = person.follow(f"Open on behalf of {world.tenant.name}")
    assert (inside_.status, inside_.url) == (200, f"/t/{world.tenant.slug}/")


@IN_ONE_CLOUD
def test_the_menu_leads_from_page_to_page_and_says_where_one_is(person, world, agent, delegated):
    person.comes_back(agent)
    person.open(f"/p/{world.partner.number}/customers/")
    page = person.choose("Partner workspace", "Partner of record")
    assert (page.heading, current(page)) == ("Partner of record", ["Partner of record"])
    customer = person.follow(world.tenant.name)
    assert (customer.heading, current(customer)) == (world.tenant.name, ["Customers"])
    assert person.follow("Customers").heading == "Customers"


def current(page) -> list[str]:
    marked = [link for link in inside(page.menu("Partner workspace"), "a") if attribute(link, "aria-current")]
    return [words(link) for link in marked]


def test_a_customer_with_all_its_ties_and_credits(person, world, agent, delegated):
    make_relationship(tenant=world.tenant, partner=world.partner, kind=RelationshipKind.RESELLER)
    person.comes_back(agent)
    person.open(f"/p/{world.partner.number}/customers/")
    page = person.follow(world.tenant.name)
    assert "Reseller Active" in page.text
    assert "Delegated administrator Active Ends soon" in page.text
    assert "Helpdesk administrator Reads people, and resets the sign-in" in page.text
    assert [row.split(" Office 365 E3")[0] for row in page.rows] == ["Office 365 E5"]
    listed = person.follow("Show 1 subscription in Partner of record")
    assert f"Organization: {world.tenant.name}" in listed.text
    assert listed.rows[0].startswith(world.tenant.name)


@IN_ONE_CLOUD
def test_give_up_access(person, world, agent, delegated):
    person.comes_back(agent)
    person.open(f"/p/{world.partner.number}/customers/")
    person.follow(world.tenant.name)
    page = person.follow("Give up access")
    assert page.heading == f"Give up access to {world.tenant.name}?"
    assert "Helpdesk administrator" in page.text
    done = person.press("Give up access", reason="Project is over")
    assert done.banner.startswith(f"Your company's access to {world.tenant.name} has ended")
    assert "Delegated administrator Ended" in done.text
    assert "There is no delegated admin relationship." in done.text
    assert not done.has("Give up access")


@IN_ONE_CLOUD
def test_the_organizations_admin_reads_it_in_the_own_log(person, another_person, world, agent, delegated):
    person.comes_back(agent)
    person.open(f"/p/{world.partner.number}/relationships/{delegated.uuid}/give-up/")
    person.press("Give up access", reason="Project is over")
    another_person.comes_back(world.admin)
    page = another_person.open(f"/t/{world.tenant.slug}/settings/audit-log/")
    (row,) = [row for row in page.rows if "Partner relationship ended" in row]
    assert f"Agatha Agent {world.partner}" in row
    assert "Project is over" in row


@IN_ONE_CLOUD
def test_what_was_gained_in_a_month_and_the_way_to_it(person, world, agent):
    person.comes_back(agent)
    page = person.open(f"/p/{world.partner.number}/partner-of-record/")
    (link,) = [label for label in map(words, inside(page.part("main"), "a")) if "gained in" in label]
    changes = person.follow(link)
    assert changes.heading.startswith("Gained in ")
    assert [row.startswith(f"{world.tenant.name} Office 365 E5") for row in changes.rows] == [True]
    assert person.follow("Back to Partner of record").heading == "Partner of record"


@IN_ONE_CLOUD
def test_search_without_a_match_and_the_way_out(person, world, agent, delegated):
    person.comes_back(agent)
    for address, sentence in (
        ("customers/", "No customer matches these filters."),
        ("partner-of-record/", "No subscription matches these filters."),
    ):
        person.open(f"/p/{world.partner.number}/{address}")
        assert sentence in person.press("Filter", q="nobody").text
        assert person.follow("Clear all").rows[0].startswith(world.tenant.name)
