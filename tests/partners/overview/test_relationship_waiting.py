"""What waits stands first on Settings > Partner Relationships, with who must act and by when."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models.partner_offer import OfferState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.base import formats
from subscriptions.clouds import Cloud
from tests.factories import (
    make_member,
    make_partner,
    make_partner_offer,
    make_partner_person,
    make_relationship,
    make_release_request,
    make_tenant,
)

LIST = "/t/lanyun/settings/partner-relationships/"
EMPTY = "We didn't find anything to show here."


@pytest.fixture
def lanyun(db):
    return make_tenant(slug="lanyun", name="Lanyun", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")


@pytest.fixture
def partner(lanyun):
    return make_partner(number="880021", name="Yunhuoban", cloud=lanyun.cloud, country="CN")


def read(client):
    answer = client.get(LIST, headers={"accept-language": "en"})
    return answer, answer.context["pending"].rows, answer.content.decode().replace("&#x27;", "'")


def test_an_offer_waits_for_a_global_admin_until_its_end(lanyun, partner, sign_in):
    offer = make_partner_offer(tenant=lanyun, partner=partner)
    _answer, (row,), text = read(sign_in(make_member(tenant=lanyun)))
    assert f'href="{reverse("partners:offer", args=["lanyun", offer.uuid])}"' in text
    assert (row["what"], row["who"]) == (
        "Offer: Administration for a year",
        "A Global admin of your organization answers",
    )
    assert formats.day(row["until"]) == formats.day(offer.expires_on)
    assert EMPTY not in text


@pytest.mark.parametrize("role", ["billing-admin", "global-reader"])
def test_who_cannot_answer_sees_that_and_who_can_but_not_the_partner(lanyun, partner, sign_in, role):
    offer = make_partner_offer(tenant=lanyun, partner=partner)
    _answer, (row,), text = read(sign_in(make_member(tenant=lanyun, role=role)))
    assert row["who"] == "A Global admin of your organization answers"
    assert str(offer.uuid) not in text
    assert partner.name not in text and offer.name not in text


@pytest.mark.parametrize("state", [OfferState.DRAFT, OfferState.WITHDRAWN])
def test_what_is_not_sent_or_over_does_not_wait(lanyun, partner, sign_in, state):
    facts = {}
    if state == OfferState.WITHDRAWN:
        facts = {"withdrawn_at": timezone.now(), "withdrawn_by": "Agatha"}
    make_partner_offer(tenant=lanyun, partner=partner, state=state, **facts)
    make_partner_offer(tenant=lanyun, partner=partner, name="Late", expires_in=timedelta(seconds=-1))
    _answer, pending, text = read(sign_in(make_member(tenant=lanyun)))
    assert (pending, EMPTY in text) == ([], True)


@pytest.mark.parametrize(
    ("escalated", "who"),
    [(False, "The reseller answers"), (True, "The operator's staff, since the reseller is late")],
)
def test_a_release_request_waits_for_the_reseller_and_then_for_staff(lanyun, partner, sign_in, escalated, who):
    reseller = make_relationship(tenant=lanyun, partner=partner, kind=RelationshipKind.RESELLER)
    fields = {"escalated_on": timezone.now()} if escalated else {}
    asked = make_release_request(relationship=reseller, **fields)
    _answer, (row,), text = read(sign_in(make_member(tenant=lanyun, role="global-reader")))
    assert (row["who"], row["until"]) == (who, asked.due_on)
    assert f'href="{reverse("partners:release-request", args=["lanyun", reseller.uuid])}"' in text


def test_another_organizations_waiting_is_not_seen(lanyun, partner, sign_in):
    other = make_tenant(slug="other", cloud=lanyun.cloud, country="CN")
    make_partner_offer(tenant=other, partner=partner)
    make_release_request(
        relationship=make_relationship(tenant=other, partner=partner, kind=RelationshipKind.RESELLER)
    )
    assert read(sign_in(make_member(tenant=lanyun)))[1] == []


def test_a_partners_person_who_reads_the_page_sees_nothing_that_waits(lanyun, partner, sign_in):
    other = make_partner(number="880022", name="Another", cloud=lanyun.cloud, country="CN")
    make_partner_offer(tenant=lanyun, partner=other)
    agent = make_partner_person(partner=partner, email="agent@yunhuoban.example")
    make_relationship(tenant=lanyun, partner=partner, roles=("global-reader",))
    answer, pending, text = read(sign_in(agent))
    assert (answer.status_code, pending, "Another" in text) == (200, [], False)


def test_a_partners_person_does_not_learn_who_works_for_another(lanyun, partner, sign_in):
    other = make_partner(number="880022", name="Another", cloud=lanyun.cloud, country="CN")
    make_partner_person(partner=other, name="Secret Person", email="secret@another.example")
    agent = make_partner_person(partner=partner, name="Own Person", email="agent@yunhuoban.example")
    own, theirs = (
        make_relationship(tenant=lanyun, partner=one, roles=("global-reader",)) for one in (partner, other)
    )
    client = sign_in(agent)
    pages = [client.get(reverse("partners:relationship-detail", args=["lanyun", row.uuid])) for row in (own, theirs)]
    assert "Own Person" in pages[0].content.decode()
    assert pages[1].context["people"] is None
    assert "Secret Person" not in pages[1].content.decode()


def test_a_partners_person_does_not_learn_whether_a_reseller_was_asked(lanyun, partner, sign_in):
    other = make_partner(number="880022", name="Another", cloud=lanyun.cloud, country="CN")
    reseller = make_relationship(tenant=lanyun, partner=other, kind=RelationshipKind.RESELLER)
    make_release_request(relationship=reseller)
    make_relationship(tenant=lanyun, partner=partner, roles=("global-reader",))
    page = reverse("partners:relationship-detail", args=["lanyun", reseller.uuid])
    asked = reverse("partners:release-request", args=["lanyun", reseller.uuid])
    client = sign_in(make_partner_person(partner=partner, email="agent@yunhuoban.example"))
    assert [asked in client.get(url).content.decode() for url in (page, LIST)] == [False, False]
    client = sign_in(make_member(tenant=lanyun))
    assert [asked in client.get(url).content.decode() for url in (page, LIST)] == [True, True]


def test_the_list_says_that_a_reseller_was_asked_already(lanyun, partner, sign_in):
    make_release_request(
        relationship=make_relationship(tenant=lanyun, partner=partner, kind=RelationshipKind.RESELLER)
    )
    _answer, _pending, text = read(sign_in(make_member(tenant=lanyun)))
    assert "Your request to end the relationship" in text
    assert "Ask the reseller to remove" not in text


def test_each_id_stands_once_on_the_list(lanyun, partner, sign_in):
    for days in (0, 1):
        make_relationship(
            tenant=lanyun, partner=partner, started_at=timezone.now() - timedelta(days=days), roles=("global-reader",)
        )
    ended = timezone.now()
    for _ in range(2):
        make_relationship(
            tenant=lanyun, partner=partner, kind=RelationshipKind.RESELLER, ended_at=ended, ended_by="Ada"
        )
    make_relationship(tenant=lanyun, partner=partner, kind=RelationshipKind.RESELLER)
    client = sign_in(make_member(tenant=lanyun, role="billing-admin"))
    ids = re.findall(r' id="([^"]+)"', client.get(f"{LIST}?status=all").content.decode())
    assert sorted(ids) == sorted(set(ids))
