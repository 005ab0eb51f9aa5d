"""The list and the page of one relationship: what waits, what is noteworthy, who has access and who used it."""

from datetime import timedelta

import pytest

from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from partners.overview.relationship_list import has_relationships
from subscriptions.db import scopes
from subscriptions.models import User
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.database import as_owner
from tests.factories import (
    make_audit_event,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_subscription,
)
from tests.partners.relationships.facts import database_now, put, put_end, url_of

LIST = "/t/alpha/settings/partner-relationships/"
ALL_ROLES = tuple(DelegatedRole.values)


@pytest.fixture
def delegated(alpha):
    return make_relationship(tenant=alpha, partner=make_partner(), roles=ALL_ROLES, name="Help with licenses")


def detail(client, relationship):
    return client.get(url_of(relationship, "detail"))


def acted(relationship, user, *, days_ago=0, **fields):
    """An act of that person by the relationship, in the organization's audit trail."""
    make_audit_event(
        tenant=relationship.tenant,
        actor=user,
        actor_name=user.name,
        actor_kind="partner",
        actor_partner="Tailspin",
        actor_relationship=relationship.uuid,
        at=database_now() - timedelta(days=days_ago),
        **fields,
    )


def test_a_page_shows_so_many_partners_each_with_all_of_its_relationships(alpha, global_admin, sign_in, monkeypatch):
    monkeypatch.setattr("subscriptions.web.paging.PAGE_SIZE", 2)
    partners = [make_partner(number=str(number), name=f"Partner {number}") for number in range(1, 6)]
    for partner in partners[:4]:
        make_relationship(tenant=alpha, partner=partner, kind=RelationshipKind.RESELLER)
    make_partner_of_record(subscription=make_subscription(tenant=alpha), partner=partners[0])
    make_partner_of_record(subscription=make_subscription(tenant=alpha), partner=partners[4])
    client, url, pages = sign_in(global_admin), LIST, []
    while url:
        context = client.get(url).context
        assert context["count"] == "6 relationships"
        pages.append([(group["number"], len(group["shown"])) for group in context["groups"]])
        url = context["page"].older_url and f"{LIST}{context['page'].older_url}"
    assert pages == [[("1", 2), ("2", 1)], [("3", 1), ("4", 1)], [("5", 1)]]
    found = client.get(f"{LIST}?q=partner+5").context
    assert [group["number"] for group in found["groups"]] == ["5"]
    assert client.get(f"{LIST}?q=partner+5&status=ended").context["groups"] == []


def test_who_has_access_by_which_roles(delegated, reader, sign_in):
    for role, name in zip(AgentRole, ("Ada Admin", "Hal Help", "Sal Sales"), strict=True):
        make_partner_person(partner=delegated.partner, role=role, name=name, email=f"{role}@tailspin.example")
    people = detail(sign_in(reader), delegated).context["people"].rows
    assert [(person.name, person.roles) for person in people] == [
        ("Ada Admin", list(DelegatedRole)),
        ("Hal Help", [DelegatedRole(role) for role in ALL_ROLES[3:]]),
    ]


def test_when_each_last_acted_here_and_nowhere_else(alpha, beta, delegated, reader, sign_in):
    busy, idle = (
        make_partner_person(partner=delegated.partner, name=name, email=f"{name}@tailspin.example")
        for name in ("Busy", "Idle")
    )
    elsewhere = make_relationship(tenant=beta, partner=delegated.partner)
    another = make_relationship(tenant=alpha, partner=delegated.partner)
    acted(delegated, busy, days_ago=3)
    acted(delegated, busy, days_ago=9)
    for relationship in (elsewhere, another):
        acted(relationship, idle)
    answer = detail(sign_in(reader), delegated)
    ages = [
        person.last_acted and (database_now() - person.last_acted).days for person in answer.context["people"].rows
    ]
    assert ages == [3, None]
    assert (database_now() - answer.context["relationship"].last_act).days == 3


def test_people_of_another_partner_are_not_shown(delegated, reader, sign_in):
    make_partner_person(partner=make_partner(number="1"), name="Not Theirs", email="x@other.example")
    answer = detail(sign_in(reader), delegated)
    assert answer.context["people"].rows == []
    assert "Not Theirs" not in answer.content.decode()


def test_who_cannot_sign_in_and_a_partner_that_is_not_active_are_said(delegated, reader, sign_in):
    user = make_partner_person(partner=delegated.partner, name="Gone", email="gone@tailspin.example")
    with as_owner():
        User.objects.filter(pk=user.pk).update(is_active=False)
        delegated.partner.state = PartnerState.SUSPENDED
        delegated.partner.save()
    text = detail(sign_in(reader), delegated).content.decode()
    assert "Cannot sign in" in text
    assert "its people have no access" in text


def test_each_role_is_described_and_the_worst_is_marked(delegated, reader, sign_in):
    roles = detail(sign_in(reader), delegated).context["roles"].rows
    marked = [str(role["label"]) for role in roles if role["risk"].tag == "bad"]
    assert (len(roles), marked) == (6, ["Global administrator"])
    assert all(str(role["description"]) for role in roles)


def test_what_happened_is_told_with_who_and_for_whom(delegated, reader, sign_in):
    agent = make_partner_person(partner=delegated.partner, name="Agatha", email="agatha@tailspin.example")
    acted(delegated, agent, kind="partner-relationship.ended", subject_uuid=delegated.uuid, reason="Done")
    (event,) = detail(sign_in(reader), delegated).context["events"]
    assert (str(event["what"]), event["who"], event["who_kind"], event["reason"]) == (
        "Partner relationship ended", "Agatha", "Tailspin", "Done",
    )  # fmt: skip


def test_the_offer_that_it_came_from_is_named(alpha, delegated, reader, sign_in):
    offer = make_partner_offer(tenant=alpha, partner=delegated.partner, name="Administration 2026")
    with as_owner():
        type(offer).objects.update(relationship=delegated)
    assert "Administration 2026" in detail(sign_in(reader), delegated).content.decode()


def test_a_resellers_page_offers_to_remove_the_roles_that_it_has_beside(alpha, delegated, global_admin, sign_in):
    reseller = make_relationship(tenant=alpha, partner=delegated.partner, kind=RelationshipKind.RESELLER)
    client = sign_in(global_admin)
    text = detail(client, reseller).content.decode()
    assert f'href="{url_of(delegated, "remove-roles")}"' in text
    assert f'href="{url_of(reseller, "remove-roles")}"' not in text
    page = client.get(url_of(delegated, "remove-roles")).content.decode()
    assert "it can still sell to you." in page
    put_end(delegated, days=-1)
    assert "Also a delegated administrator" not in detail(client, reseller).content.decode()


def test_the_list_shows_name_first_roles_and_how_many_more(delegated, reader, sign_in):
    text = " ".join(sign_in(reader).get(LIST).content.decode().split())
    assert "Help with licenses" in text
    assert "Global administrator, Billing administrator, License administrator + 3 more" in text


@pytest.mark.parametrize(("days", "extended", "soon"), [(31, False, False), (29, False, True), (29, True, False)])
def test_what_ends_soon_is_marked(alpha, reader, sign_in, days, extended, soon):
    relationship = make_relationship(tenant=alpha, partner=make_partner())
    put_end(relationship, days=days)
    put(relationship, auto_extend=extended)
    (group,) = sign_in(reader).get(LIST).context["groups"]
    assert group["shown"][0].row.ends_soon is soon


@pytest.mark.parametrize(("begun", "acted_ago", "unused"), [(91, None, True), (89, None, False), (300, 89, False)])
def test_what_nobody_used_for_90_days_is_marked(delegated, reader, sign_in, begun, acted_ago, unused):
    put(delegated, started_at=database_now() - timedelta(days=begun))
    if acted_ago:
        acted(delegated, make_partner_person(partner=delegated.partner, email="a@b.example"), days_ago=acted_ago)
    text = sign_in(reader).get(LIST).content.decode()
    assert ("Not used for 90 days" in text) is unused


def test_the_list_opens_with_what_is_in_force_and_keeps_the_rest(alpha, reader, sign_in):
    """Ended and expired ones leave the list as it opens, and stay reachable."""
    partner = make_partner()
    live, over, ended = (make_relationship(tenant=alpha, partner=partner) for _ in range(3))
    put_end(over, days=-1)
    put(ended, ended_at=database_now(), ended_by="Ada")
    client = sign_in(reader)

    def listed(query):
        return {shown.row.uuid for group in client.get(LIST + query).context["groups"] for shown in group["shown"]}

    assert listed("") == {live.uuid}
    assert listed("?status=expired") == {over.uuid}
    assert listed("?status=ended") == {ended.uuid}
    assert listed("?status=all") == {live.uuid, over.uuid, ended.uuid}


def test_where_all_have_ended_the_seeds_sentence_would_be_wrong(alpha, reader, sign_in):
    make_relationship(tenant=alpha, partner=make_partner(), ended_at=database_now(), ended_by="Ada")
    answer = sign_in(reader).get(LIST)
    text = answer.content.decode().replace("&#x27;", "'")
    assert "We didn't find anything to show here." not in text
    assert 'href="?status=all"' in text


@pytest.mark.parametrize("tie", ["stored", "derived"])
def test_where_filters_match_nothing_one_row_tells_that_there_are_others(
    alpha, beta, tie, django_assert_max_num_queries
):
    for tenant, number in ((alpha, 1), (alpha, 2), (beta, 3)):
        partner = make_partner(number=f"56538{number}")
        if tie == "stored":
            make_relationship(tenant=tenant, partner=partner)
        else:
            make_partner_of_record(subscription=make_subscription(tenant=tenant), partner=partner)
    with scopes.tenant(alpha.pk), django_assert_max_num_queries(2) as asked:
        assert has_relationships(alpha)
    assert {query["sql"].rpartition(" ")[2] for query in asked} == {"1"}  # LIMIT 1


def test_relationships_of_others_and_deleted_credits_are_no_others_to_show(alpha, beta, reader, sign_in):
    make_relationship(tenant=beta, partner=make_partner())
    make_partner_of_record(
        subscription=make_subscription(tenant=alpha, status="deleted"), partner=make_partner(number="1234567")
    )
    assert sign_in(reader).get(f"{LIST}?status=ended").context["has_others"] is False
