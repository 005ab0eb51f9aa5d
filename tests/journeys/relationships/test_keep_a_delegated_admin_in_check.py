"""A Global admin looks at a delegated admin, takes roles away, lets it be extended, and reviews all of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from subscriptions.models.delegated_role import DelegatedRole
from tests.factories import make_partner_person, make_relationship
from tests.facts import audit_rows, mailed
from tests.page import attribute, words
from tests.worlds import IN_ONE_CLOUD

GLOBAL, HELPDESK = DelegatedRole.GLOBAL_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR


@pytest.fixture
def delegated(world):
    return make_relationship(
        tenant=world.tenant,
        partner=world.other,
        roles=(GLOBAL, HELPDESK),
        expires_on=timezone.now() + timedelta(days=60),
    )


@pytest.fixture
def at_its_page(person, world, delegated):
    person.has_just_signed_in(world.admin)
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    return person.follow("Delegated administrator")


@IN_ONE_CLOUD
def test_the_page_says_what_the_partner_may_do_and_who_does_it(person, world, delegated):
    make_partner_person(partner=world.other, name="Agatha Agent", email="agatha@other.example")
    person.comes_back(world.reader)
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    page = person.follow("Delegated administrator")
    assert "Global administrator Everything that partners can do here: the highest risk. Highest risk" in page.rows
    assert "Agatha Agent Admin agent Global administrator, Helpdesk administrator None so far" in page.rows
    button = page.button("Remove roles")
    assert attribute(button, "aria-disabled") == "true"
    assert "A Global admin of your organization can do it." in words(
        page.by_id(attribute(button, "aria-describedby"))
    )


def test_remove_roles(person, world, at_its_page):
    page = person.follow("Remove roles")
    assert page.heading == f"Remove roles of {world.other.name}?"
    assert "Everything that partners can do here" in page.text
    person.follow("No, keep them")
    assert audit_rows() == []
    person.follow("Remove roles")
    sending = person.page.sending("Yes, remove roles", {"roles": GLOBAL, "reason": "Too much"})
    pages = [person.send(sending.action, **sending.fields) for _ in range(2)]
    assert pages[0].banner == f"{world.other.name} no longer has these roles: Global administrator."
    assert [page.heading for page in pages] == [world.other.name] * 2
    assert audit_rows() == [
        ("partner-relationship.roles-removed", "Alex Wilber", world.other.name, "Too much"),
    ]
    assert mailed() == {
        ("roles-removed", world.other.mailbox),
        ("roles-removed", f"admin@{world.tenant.slug}.example"),
    }


@IN_ONE_CLOUD
def test_without_a_choice_the_page_comes_back_with_what_was_typed(person, world, at_its_page):
    page = person.follow("Remove roles")
    sending = page.sending("Yes, remove roles", {"reason": "Because"})
    del sending.fields["roles"]
    page = person.send(sending.action, **sending.fields)
    assert (page.status, page.errors, page.value("reason")) == (422, ["Choose the roles to take away."], "Because")


@IN_ONE_CLOUD
def test_a_reseller_that_works_here_too_loses_its_roles_and_can_still_sell(person, world, delegated):
    """From the page of the reseller relationship, which itself cannot be removed."""
    make_relationship(tenant=world.tenant, partner=world.other, kind=RelationshipKind.RESELLER)
    person.comes_back(world.admin)
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    page = person.follow("Reseller")
    assert attribute(page.button("Delete"), "aria-disabled") == "true"
    page = person.follow("Remove roles")
    assert "it can still sell to you." in page.text
    sending = page.sending("Yes, remove roles", {})
    person.client.post(sending.action, {**sending.fields, "roles": [GLOBAL, HELPDESK]})
    page = person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    kinds = [row.split(" ")[0] for row in page.rows if not row.endswith(")")]
    assert sorted(kinds) == ["Reseller", "Subscription"]


@IN_ONE_CLOUD
def test_extension_is_refused_with_global_administrator_and_then_granted(person, world, at_its_page):
    button = at_its_page.button("Extend automatically…")
    why = words(at_its_page.by_id(attribute(button, "aria-describedby")))
    assert why == (
        "A relationship with the role Global administrator is never extended automatically."
        " Next step: Remove that role first: Remove roles"
    )
    person.follow("Remove roles")
    person.press("Yes, remove roles", roles=GLOBAL)
    page = person.follow("Extend automatically…")
    assert page.heading == f"Extend the relationship with {world.other.name} automatically?"
    done = person.press("Extend automatically")
    assert "is extended by 180 days" in done.banner
    assert "Extended automatically Yes, by 180 days each time" in done.text
    person.follow("Stop extending…")
    assert "is not extended any more" in person.press("Stop extending").banner


def test_review_them_all(person, world, delegated):
    since = timezone.now() - timedelta(days=400)
    old = make_relationship(tenant=world.tenant, partner=world.partner, started_at=since)
    person.sign_in(world.admin)
    person.choose("App launcher", "Admin")
    page = person.choose("Settings", "Partner Relationships")
    assert "1 delegated administrator was last confirmed on" in page.text
    page = person.follow("Review delegated administrators")
    assert [row.split(" ")[-2:] for row in page.rows] == [["Keep", "End"]] * 2
    assert "Not used for 90 days" in page.rows[0]
    done = person.press("Save the review", **{str(old.uuid): "keep", str(delegated.uuid): "end"})
    assert done.heading == "PARTNER RELATIONSHIPS"
    assert done.banner == "The review is stored: 1 confirmed, 1 ended."
    assert "Delegated administrators were last reviewed on" in done.text
    assert sorted(row[:3] for row in audit_rows()) == [
        ("partner-relationship.ended", "Alex Wilber", world.other.name),
        ("partner-relationship.reviewed", "Alex Wilber", world.partner.name),
    ]
