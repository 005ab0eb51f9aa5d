"""What pages, mails and logs say about relationships is true in each cloud, and says what changed."""

from datetime import timedelta
from functools import partial

import pytest

from partners.models.partner_relationship import RelationshipKind
from partners.overview import pages as partner_relationships
from partners.overview import relationship_list
from subscriptions.base.known_queries import KnownQuery
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.mails import acts as mail_domain
from subscriptions.models import Mail
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_partner_person, make_relationship, make_tenant
from tests.partners.relationships.facts import KEY, database_now, now, put, put_end, run_job, url_of

LIST = "/t/alpha/settings/partner-relationships/"
LOG = "/t/alpha/settings/audit-log/"
OFFER = ("offer", "邀约")
TWO = ("global-reader", "license-administrator")


@pytest.fixture
def delegated(alpha):
    return make_relationship(tenant=alpha, partner=make_partner(), roles=TWO)


@as_owner()
def bodies() -> list[str]:
    keys = list(Mail.objects.values_list("pk", flat=True))
    with scopes.worker():
        rows = Mail.objects.select_related("tenant", "event", "to_user")
        return [mail_domain.compose(rows.get(pk=key)).body for key in keys]


@pytest.mark.parametrize("days", [5, -1])
@pytest.mark.parametrize(("cloud", "country"), [(Cloud.WORLDWIDE, "US"), (Cloud.OPERATED_BY_21VIANET, "CN")])
def test_a_mail_about_the_end_speaks_of_offers_only_where_there_are_any(db, cloud, country, days):
    tenant = make_tenant(slug="other", cloud=cloud, country=country)
    make_member(tenant=tenant)
    partner = make_partner(cloud=cloud, country=country)
    put_end(make_relationship(tenant=tenant, partner=partner), days=days)
    run_job()
    texts = bodies()
    assert len(texts) == 2
    assert [any(word in text for word in OFFER) for text in texts] == [cloud is Cloud.OPERATED_BY_21VIANET] * 2


def test_history_and_audit_log_say_what_changed(delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    put(delegated, expires_on=database_now() + timedelta(days=90))
    client.post(url_of(delegated, "auto-extend"), {"key": KEY, "extend": "yes"})
    client.post(url_of(delegated, "remove-roles"), {"key": KEY.replace("1", "2"), "roles": TWO[1]})
    said = [event["more"] for event in client.get(url_of(delegated, "detail")).context["events"]]
    assert said == ["License administrator", "On"]
    assert [event["change"][1:] for event in client.get(LOG).context["list"].rows] == [
        ["License administrator"],
        ["On"],
    ]


def test_stopping_after_the_end_says_that_it_ends_at_once(delegated, global_admin, sign_in):
    put_end(delegated, days=-1)
    put(delegated, auto_extend=True)
    client = sign_in(global_admin)
    url = url_of(delegated, "auto-extend")
    assert "the relationship ends at once" in client.get(url).content.decode()
    client.post(url, {"key": KEY, "extend": "no"})
    assert now(delegated).status == "expired"
    (message,) = client.get(LIST).context["messages"]
    assert "has ended" in str(message)


def test_a_list_that_is_cut_says_so(alpha, delegated, global_admin, sign_in, monkeypatch):
    make_relationship(tenant=alpha, partner=make_partner(number="2"), kind=RelationshipKind.RESELLER)
    client = sign_in(global_admin)
    for module in (relationship_list, partner_relationships):
        monkeypatch.setattr(module, "MOST_ROWS", 1)
    anew = {
        status: KnownQuery(partial(relationship_list._of_partners, status)) for status in relationship_list.STATUSES
    }
    monkeypatch.setattr(relationship_list, "OF_PARTNERS", anew)
    answer = client.get(LIST)
    assert answer.context["count"] == "2 relationships"
    assert "Search by partner to see the rest" in answer.content.decode()


def test_people_without_access_take_nobodys_place(delegated, global_admin, sign_in, monkeypatch):
    monkeypatch.setattr("partners.relationships.reads.MOST_PEOPLE", 1)
    for role, name in ((AgentRole.SALES_AGENT, "A Seller"), (AgentRole.ADMIN_AGENT, "Z Admin")):
        make_partner_person(partner=delegated.partner, role=role, name=name, email=f"{role}@tailspin.example")
    people = sign_in(global_admin).get(url_of(delegated, "detail")).context["people"].rows
    assert [person.name for person in people] == ["Z Admin"]


def test_the_review_is_linked_before_it_is_due(alpha, delegated, global_admin, sign_in):
    client = sign_in(global_admin)
    page = client.get(LIST).content.decode()
    assert f'href="{LIST}review/"' in page
    assert "have not been reviewed yet" in page
    put(delegated, reviewed_at=database_now(), reviewed_by="Ada")
    assert "were last reviewed on" in client.get(LIST).content.decode()
