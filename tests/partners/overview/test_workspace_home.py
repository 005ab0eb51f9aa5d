"""Workspace > Home: each number is the list behind its link, of this partner alone; gained and lost."""

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import PartnerOfRecord
from partners.models.partner_relationship import RelationshipKind
from subscriptions.clouds import Cloud
from subscriptions.db import scopes
from subscriptions.models import Snooze
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.factories import (
    make_match_request,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_sold_product,
    make_subscription,
    make_tenant,
)
from tests.page import Page
from tests.partners.client import get, rows_of

NOW, TODAY = timezone.now(), timezone.localdate()
SOON, LATER = NOW + timedelta(days=20), NOW + timedelta(days=200)


def credit(tenant, partner, *, days=200, since=None, until=None, **fields):
    made = make_subscription(tenant=tenant, term_ends_on=TODAY + timedelta(days=days), **fields)
    make_partner_of_record(subscription=made, partner=partner, since=since, until=until)


def make_due(partner, number: int) -> None:
    """Of each kind one that is due and one that is not."""
    for place, (ends, answered_in, due_in, days) in enumerate(
        [(SOON, 3, -2, 20), (LATER, 20, 5, 90)],
    ):
        tenant = make_tenant(slug=f"t-{number}-{place}", name=f"Tenant {number}-{place}")
        make_relationship(tenant=tenant, partner=partner, expires_on=ends)
        reseller = make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
        make_release_request(relationship=reseller, due_in=timedelta(days=due_in))
        offered = make_tenant(slug=f"o-{number}-{place}", name=f"Offered {number}-{place}")
        expires_in = timedelta(days=answered_in)
        make_partner_offer(tenant=offered, partner=partner, name=f"Offer {place}", expires_in=expires_in)
        make_match_request(tenant=offered, partners=[partner], state=["open", "closed"][place], **CLOSED[place])
        credit(tenant, partner, days=days, recurring_billing=False)
        credit(tenant, partner, days=days)


CLOSED = [{}, {"closed_at": NOW, "closed_by": "Sam"}]
DUE = {
    "release request is overdue": 1,
    "release requests wait for an answer": 2,
    "match request waits for an answer": 1,
    "offer can soon be answered no more": 1,
    "delegated administration ends soon": 1,
    "customer has a relationship that ends soon": 1,
    "credited subscription runs out within 30 days": 1,
}


def test_each_number_is_the_list_behind_it_and_of_this_partner_alone(agent, partner):
    nothing = get(agent, "home")
    assert (nothing.status_code, due(nothing)) == (200, [])
    make_due(make_partner(number="935287"), 1)
    assert due(get(agent, "home")) == []
    make_due(partner, 2)
    home = get(agent, "home")
    found = due(home)
    assert {each.told: int(each.count) for each in found} == DUE
    for each in found:
        behind = agent.get(each.url)
        assert (each.url, len(rows_of(behind))) == (each.url, int(each.count))
        assert "-1-" not in behind.content.decode()
    assert "Tenant 2-0" in agent.get(found[-1].url).content.decode()


def due(home) -> list:
    return [each for group in home.context["attention"]["groups"] for each in group.found]


def test_a_person_puts_a_kind_off_and_something_new_brings_it_back(agent, partner, sign_in):
    """By the acts of an organization's home; for itself alone."""
    make_due(partner, 1)
    colleague = sign_in(make_partner_person(partner=partner, email="c@tailspin.example", name="Cleo"))
    put_off = reverse("workspace:attention-snooze", args=["565380"])
    done = agent.post(put_off, {"kind": "match-open"}, follow=True)
    assert "Snoozed for 7 days: match request waits for an answer." in done.content.decode()
    assert ("1 snoozed" in done.content.decode(), len(due(done))) == (True, len(DUE) - 1)
    assert len(due(get(colleague, "home"))) == len(DUE)
    assert "Show again" in get(agent, "attention-snoozed").content.decode()
    assert "You have snoozed nothing." in get(colleague, "attention-snoozed").content.decode()
    agent.post(reverse("workspace:attention-wake", args=["565380"]), {"kind": "match-open"})
    assert len(due(get(agent, "home"))) == len(DUE)
    for kind in ("customer-ends", "orders-open", "nothing"):
        agent.post(put_off, {"kind": kind})
    assert len(due(get(agent, "home"))) == len(DUE) - 1
    with as_owner():
        (kept,) = Snooze.objects.all()
        assert (kept.tenant_id, kept.partner_id, kept.kind) == (None, partner.pk, "customer-ends")
    with scopes.partner(partner.pk):
        assert not Snooze.objects.exists()  # it is the person's own
    newer = make_tenant(slug="newer", name="Newer")
    make_relationship(tenant=newer, partner=partner, expires_on=timezone.now() + timedelta(days=3))
    assert "customer-ends" in {each.kind.name for each in due(get(agent, "home"))}


def test_what_somebody_may_not_open_is_no_number_of_the_home(partner, sign_in):
    make_due(partner, 1)
    role = AgentRole.HELPDESK_AGENT
    helper = sign_in(make_partner_person(partner=partner, email="h@tailspin.example", name="Hal", role=role))
    found = due(get(helper, "home"))
    assert len(found) == len(DUE) - 1
    assert {helper.get(each.url).status_code for each in found} == {200}


def test_where_customers_start_nobody_finds_partners(db, sign_in):
    partner = make_partner(number="880021", cloud=Cloud.OPERATED_BY_21VIANET)
    agent = sign_in(make_partner_person(partner=partner, email="agent@yun.example", name="Yun"))
    assert not Page(get(agent, "home", number="880021")).has("Match requests")
    assert get(agent, "match-requests", number="880021").status_code == 404


def test_gained_and_lost_with_what_they_are_worth_and_the_lists(agent, partner, alpha):
    suite = make_sold_product(name="Suite", monthly="10.00")
    month = timezone.make_aware(datetime.combine(TODAY.replace(day=1), time.min))
    recent = timezone.make_aware(datetime.combine(TODAY - timedelta(days=29), time.min))
    for start in {month, recent}:
        credit(alpha, partner, product=suite, licenses_total=20, since=start)
        credit(alpha, partner, product=suite, licenses_total=1000, since=start - timedelta(seconds=1))
    credit(alpha, partner, product=suite, licenses_total=25, status="trial", cost="0", since=NOW)
    credit(alpha, partner, product=suite, licenses_total=40, since=NOW - timedelta(days=400), until=NOW)
    with as_owner():
        paid = {each["id"]: each for each in PartnerOfRecord.objects.values("id", "licenses", "status")}
    rows = get(agent, "home").context["gains"].rows
    for row, start in zip(rows, (month, recent), strict=True):
        gained = [each | paid[each["id"]] for each in agent.get(row["gained_url"]).context["list"].rows]
        lost = agent.get(row["lost_url"]).context["list"].rows
        assert (len(gained), len(lost)) == (row["gained"], row["lost"])
        assert all(each["at"] >= start for each in [*gained, *lost])
        assert (row["lost"], row["lost_value"]) == (1, "$400.00 a month")
        worth = sum(each["licenses"] for each in gained if each["status"] == "active") * 10
        assert row["gained_value"] == f"${worth:,}.00 a month"


@pytest.mark.parametrize("query", [{"what": "gained"}, {"what": "lost", "days": "7"}, {"days": "30"}])
def test_a_time_that_is_none_is_said(agent, query):
    assert get(agent, "credit-changes", **query).status_code == 422
    both = {"what": "gained", "days": "30", "month": "2026-06"}
    assert get(agent, "credit-changes", **both).status_code == 422
