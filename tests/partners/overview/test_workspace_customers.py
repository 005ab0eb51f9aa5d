"""Workspace > Customers: who is listed with which ties, and who may open whose portal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models.partner_relationship import RelationshipKind
from partners.overview import customers
from subscriptions.base import formats
from subscriptions.clouds import Cloud
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.web import paging
from tests.factories import (
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_subscription,
    make_tenant,
)
from tests.page import Page
from tests.partners.client import get, names_of, rows_of

NO_DELEGATION = "There is no delegated admin relationship."


def days(number: int):
    return timezone.now() + timedelta(days=number)


def credit(tenant, partner, **fields):
    subscription = make_subscription(tenant=tenant, **fields)
    make_partner_of_record(subscription=subscription, partner=partner)
    return subscription


def test_listed_is_who_has_a_live_tie_or_credits_an_existing_subscription(agent, partner):
    tenants = {
        slug: make_tenant(slug=slug, name=slug.title())
        for slug in (
            "reseller",
            "delegated",
            "advisor",
            "ended",
            "expired",
            "extended",
            "deleted",
            "offered",
            "other",
        )
    }
    make_relationship(tenant=tenants["reseller"], partner=partner, kind=RelationshipKind.RESELLER)
    make_relationship(tenant=tenants["delegated"], partner=partner)
    credit(tenants["advisor"], partner)
    make_relationship(tenant=tenants["ended"], partner=partner, ended_at=timezone.now(), ended_by="Ada")
    past = {"started_at": days(-9), "expires_on": days(-1)}
    make_relationship(tenant=tenants["expired"], partner=partner, **past)
    make_relationship(tenant=tenants["extended"], partner=partner, auto_extend=True, **past)
    credit(tenants["deleted"], partner, status="deleted")
    make_partner_offer(tenant=tenants["offered"], partner=partner)
    make_relationship(tenant=tenants["other"], partner=make_partner(number="935287"))
    answer = get(agent, "customers")
    assert names_of(answer) == ["Advisor", "Delegated", "Extended", "Reseller"]
    assert answer.context["list"].count == "4 customers"


def test_a_row_tells_the_ties_their_roles_the_next_end_and_the_credits(agent, partner, alpha):
    since, end = days(-90), days(29)
    make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER, started_at=since)
    roles = (DelegatedRole.LICENSE_ADMINISTRATOR, DelegatedRole.HELPDESK_ADMINISTRATOR)
    make_relationship(tenant=alpha, partner=partner, roles=roles, expires_on=end)
    for name in ("E1", "E3", "E5"):
        credit(alpha, partner, name=name)
    credit(alpha, partner, name="Gone", status="deleted")
    (row,) = rows_of(get(agent, "customers"))
    assert row == (
        "Alpha Ltd alpha · United States · Worldwide Reseller Delegated administrator "
        "License administrator, "
        f"Helpdesk administrator Subscription advisor {formats.day(since)} {formats.day(end)} Ends soon 3 "
        "Open on behalf of Alpha Ltd"
    )


@pytest.mark.parametrize(
    ("end", "auto_extend", "soon"), [(29, False, True), (31, False, False), (29, True, False), (None, False, False)]
)
def test_ends_soon_is_within_thirty_days_unless_it_is_extended(agent, partner, alpha, end, auto_extend, soon):
    expires_on = days(end) if end else None
    make_relationship(tenant=alpha, partner=partner, expires_on=expires_on, auto_extend=auto_extend)
    assert ("Ends soon" in rows_of(get(agent, "customers"))[0]) is soon
    assert names_of(get(agent, "customers", tie="ends-soon")) == (["Alpha Ltd"] if soon else [])


@pytest.mark.parametrize(
    ("tie", "names"),
    [
        ("", ["Alpha Ltd", "Beta Secret GmbH", "Contoso Ltd"]),
        ("delegated-admin", ["Alpha Ltd", "Beta Secret GmbH"]),
        ("reseller", ["Beta Secret GmbH"]),
        ("subscription-advisor", ["Contoso Ltd"]),
        ("ends-soon", ["Alpha Ltd"]),
    ],
)
def test_the_filters(agent, partner, alpha, beta, tie, names):
    make_relationship(tenant=alpha, partner=partner, expires_on=days(5))
    make_relationship(tenant=beta, partner=partner)
    make_relationship(tenant=beta, partner=partner, kind=RelationshipKind.RESELLER)
    credit(make_tenant(), partner)
    answer = get(agent, "customers", tie=tie)
    assert names_of(answer) == names
    assert answer.context["list"].count.split()[0] == str(len(names))


@pytest.mark.parametrize(("text", "names"), [("LPHA", ["Alpha Ltd"]), ("secret", ["Beta Secret GmbH"])])
def test_search_by_a_part_of_the_name(agent, partner, alpha, beta, text, names):
    for tenant in (alpha, beta):
        make_relationship(tenant=tenant, partner=partner)
    answer = get(agent, "customers", q=text)
    assert (names_of(answer), answer.context["list"].count) == (names, "1 customer")


def test_no_match_and_nothing_yet_are_told_apart(agent, partner, alpha):
    empty = Page(get(agent, "customers"))
    assert "We didn't find anything to show here. No organization has a relationship" in empty.text
    assert not empty.has("Filter")
    make_relationship(tenant=alpha, partner=partner)
    none = Page(get(agent, "customers", q="nobody"))
    assert "No customer matches these filters." in none.text
    assert none.has("Clear all")


def test_a_filter_that_is_none_is_said(agent):
    assert get(agent, "customers", tie="tenant__slug").status_code == 422


def test_pages_follow_the_name(agent, partner, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for name in ("Delta", "Alpha", "Echo", "Bravo", "Charlie"):
        make_relationship(tenant=make_tenant(slug=name.lower(), name=name), partner=partner)
    seen, url = [], ""
    while url is not None:
        page = agent.get(f"/p/565380/customers/{url}")
        seen.append(names_of(page))
        url = page.context["page"].older_url
    assert seen == [["Alpha", "Bravo"], ["Charlie", "Delta"], ["Echo"]]
    back = agent.get(f"/p/565380/customers/{page.context['page'].newer_url}")
    assert names_of(back) == ["Charlie", "Delta"]
    assert back.context["list"].count == "5 customers"


@pytest.mark.parametrize(
    ("agent_role", "roles", "reason"),
    [
        (AgentRole.ADMIN_AGENT, ("license-administrator",), None),
        (AgentRole.HELPDESK_AGENT, ("helpdesk-administrator",), None),
        (AgentRole.HELPDESK_AGENT, ("license-administrator",), "Helpdesk agent uses none of the granted roles."),
        (AgentRole.SALES_AGENT, ("global-administrator",), "Sales agent uses none of the granted roles."),
        (AgentRole.ADMIN_AGENT, (), NO_DELEGATION),
        (AgentRole.SALES_AGENT, (), NO_DELEGATION),
    ],
)
def test_open_on_behalf_or_the_reason_why_not(partner, alpha, sign_in, agent_role, roles, reason):
    if roles:
        make_relationship(tenant=alpha, partner=partner, roles=roles)
    else:
        make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    client = sign_in(make_partner_person(partner=partner, email="x@tailspin.example", role=agent_role))
    answer = get(client, "customers")
    (customer,) = answer.context["list"].rows
    text = answer.content.decode()
    assert ('href="/t/alpha/"' in text) is (reason is None)
    assert ('aria-disabled="true"' in text) is (reason is not None)
    assert customer.may_open.reason.startswith(reason or "")
    assert (client.get("/t/alpha/").status_code == 200) is (reason is None)


@pytest.mark.parametrize("cloud", ["WORLDWIDE", "GERMANY", "OPERATED_BY_21VIANET"])
def test_access_begins_by_an_offer_in_every_cloud(db, sign_in, cloud):
    partner = make_partner(number="880021", cloud=Cloud[cloud])
    make_relationship(tenant=make_tenant(cloud=Cloud[cloud]), partner=partner, kind=RelationshipKind.RESELLER)
    client = sign_in(make_partner_person(partner=partner, email="x@tailspin.example"))
    (customer,) = get(client, "customers", number="880021").context["list"].rows
    assert customer.may_open.next_step.startswith("Make the organization an offer")


def test_a_tie_that_ends_while_the_page_is_put_together_fails_nothing(agent, partner, alpha, monkeypatch):
    make_relationship(tenant=alpha, partner=partner)
    monkeypatch.setattr(customers, "ties", lambda *_: {})
    answer = get(agent, "customers")
    assert (answer.status_code, names_of(answer)) == (200, ["Alpha Ltd"])


def test_a_country_that_names_the_cloud_stands_once(db):
    assert make_tenant(slug="a", cloud=Cloud.GERMANY, country="DE").whereabouts == "Germany"
    assert make_tenant(slug="b", cloud=Cloud.GERMANY, country="AT").whereabouts == "Austria · Germany"
