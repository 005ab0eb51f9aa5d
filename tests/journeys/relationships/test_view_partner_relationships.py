"""View your partner relationships, in every cloud."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from subscriptions.models.delegated_role import DelegatedRole
from tests.factories import make_member, make_relationship, make_tenant
from tests.facts import audit_rows, mailed
from tests.worlds import IN_ONE_CLOUD

EMPTY = "We didn't find anything to show here."


def test_partner_relationships_step_by_step(person, world):
    make_relationship(tenant=world.tenant, partner=world.other, kind=RelationshipKind.RESELLER)
    make_relationship(tenant=world.tenant, partner=world.partner)
    person.sign_in(world.reader)
    person.choose("App launcher", "Admin")
    page = person.choose("Settings", "Partner Relationships")
    assert page.heading == "PARTNER RELATIONSHIPS"
    assert "3 relationships" in page.text
    groups = [row for row in page.rows if row.endswith(")")]
    kinds = [row.split(" ", 2)[:2] for row in page.rows if not row.endswith(")")]
    named = sorted([world.partner, world.other], key=lambda partner: partner.name_key)
    assert groups == [f"{p.name} {p.number} ({2 if p == world.partner else 1})" for p in named]
    assert sorted(kinds) == [["Delegated", "administrator"], ["Reseller", "Sells"], ["Subscription", "advisor"]]


def test_without_any_the_seeds_sentence_and_the_clouds_next_step(person, world):
    tenant = make_tenant(slug="empty", name="Empty", cloud=world.tenant.cloud, country=world.tenant.country.code)
    person.comes_back(make_member(tenant=tenant, email="admin@empty.example"))
    page = person.open("/t/empty/settings/partner-relationships/")
    assert EMPTY in page.text
    assert str(tenant.cloud_profile.no_partner_next_step) in page.text
    assert not page.has("Filter")


def test_when_only_a_filter_hides_them_another_sentence(person, contoso):
    person.comes_back(contoso.reader)
    person.open("/t/contoso/settings/partner-relationships/")
    page = person.press("Filter", status="ended")
    assert EMPTY not in page.text
    assert "No relationship matches these filters." in page.text
    assert len(person.follow("Clear all").rows) == 2


def test_a_partner_is_found_by_name_and_by_id(person, contoso):
    make_relationship(tenant=contoso.tenant, partner=contoso.other)
    person.comes_back(contoso.reader)
    for text in ("tailspin", " 5653", "565 380"):
        person.open("/t/contoso/settings/partner-relationships/")
        assert [row for row in person.press("Filter", q=text).rows if row.endswith(")")] == [
            "Tailspin Consulting 565380 (1)"
        ]


def test_the_details_show_contact_and_roles(person, contoso):
    roles = (DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR)
    make_relationship(tenant=contoso.tenant, partner=contoso.other, roles=roles)
    person.comes_back(contoso.reader)
    person.open("/t/contoso/settings/partner-relationships/")
    page = person.follow("Delegated administrator")
    assert page.heading == contoso.other.name
    assert "License administrator Lowers the number of licenses; never adds any." in page.text
    assert contoso.other.mailbox in page.text


@IN_ONE_CLOUD
def test_an_advisors_details_list_the_subscriptions_that_credit_it(person, world):
    person.comes_back(world.reader)
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    assert [row.startswith("Office 365 E5") for row in person.follow("1 subscription").rows] == [True]
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/")
    page = person.follow("Subscription advisor")
    assert [row.split(" Active")[0] for row in page.rows] == ["Office 365 E5"]
    assert "listed as long as it is partner of record of a subscription" in page.text


def test_end_a_delegated_admin_relationship(person, world):
    """It leaves the list as it opens, and stays under its status for ever."""
    make_relationship(tenant=world.tenant, partner=world.other)
    person.sign_in(world.admin)
    person.choose("App launcher", "Admin")
    person.choose("Settings", "Partner Relationships")
    page = person.follow("Delete")
    assert page.heading == f"End the relationship with {world.other.name}?"
    assert "Helpdesk administrator" in page.text
    done = person.press("End relationship", reason="Project is over")
    assert done.banner == f"The relationship with {world.other.name} has ended. Its roles ended with it."
    assert not [row for row in done.rows if row.startswith("Delegated")]
    person.press("Filter", status="ended")
    (row,) = [row for row in person.page.rows if row.startswith("Delegated")]
    assert "Ended Nothing to do" in row


@IN_ONE_CLOUD
def test_ending_leaves_an_audit_row_and_tells_the_partner_and_the_global_admins(person, world):
    relationship = make_relationship(tenant=world.tenant, partner=world.other)
    person.comes_back(world.admin)
    end(person, world, relationship, reason="Project is over")
    assert audit_rows() == [
        ("partner-relationship.ended", "Alex Wilber", world.other.name, "Project is over"),
    ]
    assert mailed() == {
        ("relationship-ended", world.other.mailbox),
        ("relationship-ended", f"admin@{world.tenant.slug}.example"),
    }


def test_ending_leaves_the_partner_of_record_alone(person, contoso):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.partner)
    person.comes_back(contoso.admin)
    end(person, contoso, relationship)
    assert contoso.partner.name in person.open(contoso.url(contoso.named)).text


def test_ending_twice_happens_once(person, contoso):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other)
    person.comes_back(contoso.admin)
    person.open(f"/t/contoso/settings/partner-relationships/{relationship.uuid}/end/")
    sending = person.page.sending("End relationship", {})
    statuses = [person.send(sending.action, **sending.fields).status for _ in range(2)]
    assert (statuses, len(audit_rows())) == ([200, 200], 1)
    late = person.open(f"/t/contoso/settings/partner-relationships/{relationship.uuid}/end/")
    assert (late.status, "has ended already" in late.text) == (409, True)


@pytest.mark.parametrize("role", ["billing", "reader"])
def test_who_may_not_end_it_sees_why(person, contoso, role):
    relationship = make_relationship(tenant=contoso.tenant, partner=contoso.other)
    person.comes_back(getattr(contoso, role))
    page = person.open(f"/t/contoso/settings/partner-relationships/{relationship.uuid}/")
    assert page.has("Delete")
    assert "A Global admin of your organization can do it." in page.text
    assert person.send(f"{page.url}end/", key="", reason="").status == 403
    assert audit_rows() == []


def test_a_relationship_that_ran_out_is_shown_as_expired(person, contoso):
    make_relationship(
        tenant=contoso.tenant,
        partner=contoso.other,
        started_at=timezone.now() - timedelta(days=9),
        expires_on=timezone.now() - timedelta(days=2),
    )
    person.comes_back(contoso.admin)
    page = person.open("/t/contoso/settings/partner-relationships/?status=expired")
    (_group, row) = page.rows
    assert "Expired Nothing to do" in row


def end(person, world, relationship, reason=""):
    person.open(f"/t/{world.tenant.slug}/settings/partner-relationships/{relationship.uuid}/")
    person.follow("Delete")
    return person.press("End relationship", reason=reason)
