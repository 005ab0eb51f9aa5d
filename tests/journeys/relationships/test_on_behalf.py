"""A partner's person in a customer's portal: under a banner, within the roles granted, in the customer's own log."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import PartnerRelationship
from subscriptions.base import formats
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.database import as_owner
from tests.factories import make_audit_event, make_order, placed
from tests.facts import audit_rows, mailed, periods, version
from tests.page import attribute, inside, words
from tests.personas import make_delegate
from tests.subscriptions.subscriptions.facts import now, put

PARTNER = "565380 Tailspin Consulting"
NEVER = (
    "A partner never does this for an organization, whatever its roles are."
    " Who can help: A Global admin or Billing admin of the organization can do it."
    " Next step: Ask one of them to do it."
)


@pytest.fixture
def work(person, contoso):
    """An agent at the home of Contoso, with the roles that the test gives."""

    def begin(*roles: DelegatedRole, **fields):
        agent = make_delegate(tenant=contoso.tenant, partner=contoso.partner, roles=roles, **fields)
        person.comes_back(agent)
        person.open("/t/contoso/")
        return person

    return begin


def navigation(page) -> list[str]:
    """The links of the navigation, as one reads them."""
    menu = page.by_class("nav", "side")
    return [words(link) for link in inside(menu, "a")]


def test_the_banner_says_for_whom_by_which_roles_until_when_and_the_way_back(work):
    ends = timezone.now() + timedelta(days=90)
    page = work(DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.GLOBAL_READER, expires_on=ends).page
    banner = words(page.by_class("section", "on-behalf"))
    assert banner.startswith(f"You work on behalf of Contoso Ltd · {PARTNER} License administrator, Global reader")
    assert words(f"until {formats.moment(ends)}") in banner
    with as_owner():
        contoso = Tenant.objects.get(slug="contoso")
    assert page.link("Back to your workspace") == f"/p/565380/customers/{contoso.uuid}/"


def test_each_relationship_has_its_own_end(work, contoso):
    agent = work(DelegatedRole.LICENSE_ADMINISTRATOR)
    with as_owner():
        PartnerRelationship.objects.create(
            tenant=contoso.tenant, partner=contoso.partner, kind="delegated-admin", started_by="A",
            roles=["helpdesk-administrator"], expires_on=timezone.now() + timedelta(days=9),
        )  # fmt: skip
    lines = [words(line) for line in inside(agent.open("/t/contoso/").by_class("section", "on-behalf"), "li")]
    assert [line.partition(" · ")[0] for line in sorted(lines)] == [
        "Helpdesk administrator",
        "License administrator",
    ]
    assert "License administrator · without an end date" in lines


def test_members_see_no_banner(person, contoso):
    person.comes_back(contoso.admin)
    assert "on behalf" not in person.open("/t/contoso/").text


@pytest.mark.parametrize(
    ("role", "links", "reads_subscriptions"),
    [
        (DelegatedRole.GLOBAL_READER, ["Subscriptions", "Orders", "Partner Relationships", "Members"], True),
        (DelegatedRole.BILLING_ADMINISTRATOR, ["Subscriptions", "Orders"], True),
        (DelegatedRole.LICENSE_ADMINISTRATOR, ["Subscriptions"], True),
        (DelegatedRole.HELPDESK_ADMINISTRATOR, ["Members"], False),
    ],
)
def test_navigation_search_and_figures_are_those_of_the_role(work, contoso, role, links, reads_subscriptions):
    agent = work(role)
    page = agent.page
    assert page.status == 200
    assert navigation(page) == ["Home", *links, "Audit log"]
    assert ("1 subscription has no partner of record" in page.text) is reads_subscriptions
    (bar,) = [form for form in inside(page.root, "form") if attribute(form, "class") == "search"]
    found = agent.open(f"{attribute(bar, 'action')}?q={contoso.named.name}")
    assert found.status == 200
    assert (contoso.url(contoso.named) in [attribute(link, "href") for link in inside(found.root, "a")]) is (
        reads_subscriptions
    )


def test_the_header_leads_to_the_workspace_and_back(work):
    page = work(DelegatedRole.GLOBAL_READER).choose("Switch organization Contoso Ltd", f"{PARTNER} Partner workspace")
    assert page.url == "/p/565380/"


def test_what_stays_closed_is_shown_with_the_reason(work, contoso):
    agent = work(DelegatedRole.GLOBAL_ADMINISTRATOR)
    page = agent.open(contoso.url(contoso.named))
    for label in ("Edit partner of record", "Undo last change"):
        button = page.button(label)
        assert attribute(button, "aria-disabled") == "true"
        assert words(page.by_id(attribute(button, "aria-describedby"))) == NEVER
    listed = agent.open("/t/contoso/billing/subscriptions/")
    assert attribute(listed.button("Purchase services"), "aria-disabled") == "true"
    assert words(listed.by_id(attribute(listed.button("Purchase services"), "aria-describedby"))) == NEVER
    relationships = agent.open("/t/contoso/settings/partner-relationships/")
    button = relationships.button("Delete")
    assert words(relationships.by_id(attribute(button, "aria-describedby"))) == "only a Global admin can"


def test_no_partner_reads_why_it_was_named(work, person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named))
    person.follow("Edit partner of record")
    person.press("Submit", partner_id="", reason="They let us down")
    assert "They let us down" in person.page.text
    agent = work(DelegatedRole.GLOBAL_ADMINISTRATOR)
    page = agent.open(contoso.url(contoso.named))
    assert "Deleted 565380 Tailspin Consulting" in page.text
    assert "They let us down" not in page.text


def test_a_page_of_other_roles_says_which_one_has(work):
    page = work(DelegatedRole.HELPDESK_ADMINISTRATOR).open("/t/contoso/billing/subscriptions/")
    assert page.status == 403
    assert f"You work here for {PARTNER} with the role Helpdesk administrator, which does not include this." in (
        page.text
    )


def test_every_page_of_the_roles_opens(work, contoso):
    order = make_order(tenant=contoso.tenant, **placed("2026-000001"))
    make_order(tenant=contoso.tenant)
    agent = work(DelegatedRole.GLOBAL_ADMINISTRATOR)
    with as_owner():
        relationship = PartnerRelationship.objects.get()
    for path in (
        "billing/subscriptions/",
        f"billing/subscriptions/{contoso.named.uuid}/",
        f"billing/subscriptions/{contoso.bare.uuid}/licenses/",
        "billing/orders/",
        f"billing/orders/{order.uuid}/",
        "settings/partner-relationships/",
        f"settings/partner-relationships/{relationship.uuid}/",
        f"settings/partner-relationships/partners/{contoso.partner.uuid}/",
        "settings/members/",
        "settings/audit-log/",
    ):
        page = agent.open(f"/t/contoso/{path}")
        assert (path, page.status) == (path, 200)
        assert "You work on behalf of Contoso Ltd" in page.text


@pytest.mark.parametrize("rest", ["", "check/", "undo/"])
@pytest.mark.parametrize("role", DelegatedRole)
def test_the_partner_of_record_stays_out_of_reach(work, contoso, role, rest):
    """Add, edit, clear and undo, called directly."""
    agent = work(role)
    page = agent.send(contoso.url(contoso.named, f"partner-of-record/{rest}"), partner_id="", version="1")
    assert (page.status, NEVER in page.text) == (403, True)
    assert periods(contoso.named) == [("565380", True)]
    assert (audit_rows(), mailed(), version(contoso.named)) == ([], set(), 1)


def test_nobody_ends_or_widens_a_relationship_from_inside(work, contoso):
    agent = work(DelegatedRole.GLOBAL_ADMINISTRATOR)
    with as_owner():
        before = PartnerRelationship.objects.values().get()
    page = agent.send(f"/t/contoso/settings/partner-relationships/{before['uuid']}/end/", reason="Ours")
    assert (page.status, "A partner never does this for an organization" in page.text) == (403, True)
    with as_owner():
        assert PartnerRelationship.objects.values().get() == before
    assert audit_rows() == []


def test_fewer_licenses_stand_in_the_customers_log_with_person_partner_and_grant(work, another_person, contoso):
    put(contoso.bare, unit_price="12.00", cost="240.00")
    agent = work(DelegatedRole.LICENSE_ADMINISTRATOR)
    agent.open(contoso.url(contoso.bare))
    form = agent.choose("More actions", "Add or remove licenses")
    assert "More of them are a purchase, and a partner never buys." in form.text
    agent.press("Show the new cost", licenses="15")
    done = agent.press("Remove 5")
    assert not done.has("Undo")  # that would be more licenses
    assert (done.url, now(contoso.bare).licenses_total) == (contoso.url(contoso.bare), 15)
    with as_owner():
        relationship, event = PartnerRelationship.objects.get(), AuditEvent.objects.get()
    assert (event.actor_name, event.actor_partner, event.actor_relationship) == (
        "Agatha Agent",
        PARTNER,
        relationship.uuid,
    )
    another_person.comes_back(contoso.admin)
    (row,) = another_person.open("/t/contoso/settings/audit-log/").rows
    assert f"Agatha Agent {PARTNER} · by this relationship" in row
    page = another_person.follow("by this relationship")
    assert page.url == f"/t/contoso/settings/partner-relationships/{relationship.uuid}/"


def test_more_licenses_are_a_purchase(work, contoso):
    put(contoso.bare, unit_price="12.00", cost="240.00")
    agent = work(DelegatedRole.LICENSE_ADMINISTRATOR)
    agent.open(contoso.url(contoso.bare, "licenses/"))
    page = agent.press("Show the new cost", licenses="21")
    assert (page.status, "a partner never buys" in page.text) == (403, True)
    assert (now(contoso.bare).licenses_total, audit_rows()) == (20, [])


def test_the_log_shows_the_own_acts_alone_and_says_so(work, contoso):
    agent = work(DelegatedRole.GLOBAL_READER)
    log = agent.open("/t/contoso/settings/audit-log/")
    assert "You have done nothing here so far." in log.text
    with as_owner():
        relationship = PartnerRelationship.objects.get()
    usual = {"actor_kind": "partner", "actor_partner": PARTNER, "actor_relationship": relationship.uuid}
    make_audit_event(tenant=contoso.tenant, subject_name="Of a member")
    make_audit_event(tenant=contoso.tenant, subject_name="Of a colleague", actor_name="Cole League", **usual)
    own = agent.client.session["_auth_user_id"]
    make_audit_event(tenant=contoso.tenant, subject_name="My own", actor_id=own, **usual)
    log = agent.open("/t/contoso/settings/audit-log/")
    assert ["My own" in row for row in log.rows] == [True]
    assert "What others did is read by the organization's own people alone." in log.text


def test_a_helpdesk_agent_uses_only_the_roles_of_a_helpdesk(work):
    page = work(
        DelegatedRole.GLOBAL_ADMINISTRATOR,
        DelegatedRole.HELPDESK_ADMINISTRATOR,
        role=AgentRole.HELPDESK_AGENT,
    ).page
    assert "Helpdesk administrator · without an end date" in words(page.by_class("section", "on-behalf"))
    assert "Global administrator" not in page.text
    assert navigation(page) == ["Home", "Members", "Audit log"]


def test_a_member_who_also_works_for_a_partner_acts_as_a_member(person, contoso):
    agent = make_delegate(tenant=contoso.tenant, partner=contoso.partner, roles=(DelegatedRole.GLOBAL_READER,))
    with as_owner():
        contoso.tenant.memberships.create(user=agent, role="billing-admin")
    person.comes_back(agent)
    assert "on behalf" not in person.open(contoso.url(contoso.named)).text
    assert person.follow("Edit partner of record").status == 200
