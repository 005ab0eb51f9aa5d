"""In real transactions and threads: one answer, one trial; and all of an answer or nothing of it."""

from uuid import uuid4

import pytest

from partners.models import PartnerRelationship
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers import records as offer_records
from subscriptions.models import AuditEvent, Mail, Subscription
from tests.database import at_once
from tests.factories import make_member, make_partner_offer, make_sold_product
from tests.page import Page
from tests.partners.offers.client import count, fields, footprint, signed_in_just_now, url_of
from tests.partners.offers.facts import accepted, fresh
from tests.worlds import PARTNER_STARTS, World, make_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


def test_of_two_admins_at_once_one_answers_and_the_other_sees_who(vianet):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)
    second = make_member(tenant=vianet.tenant, email="second@lanyun.example", name="Second Admin")
    clients = [signed_in_just_now(person) for person in (vianet.admin, second)]
    forms = [fields(client, offer, choice="yes") for client in clients]
    answers = at_once(
        *[
            lambda client=client, form=form: client.post(url_of(offer), form)
            for client, form in zip(clients, forms, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert f"{fresh(offer).decided_by} answered it" in Page(loser).text
    assert (count(PartnerRelationship), count(AuditEvent, kind="offer.accepted")) == (1, 1)
    assert count(Mail, kind="offer-answer-receipt") == 2


def test_of_yes_and_no_at_once_one_counts(vianet):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)
    client = signed_in_just_now(vianet.admin)
    yes, no = fields(client, offer, choice="yes"), fields(client, offer, choice="no")
    answers = at_once(lambda: client.post(url_of(offer), yes), lambda: client.post(url_of(offer), no))
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert count(PartnerRelationship) == (1 if fresh(offer).state == OfferState.ACCEPTED else 0)


def test_the_same_form_twice_at_once_is_one_answer(vianet):
    offer = make_partner_offer(tenant=vianet.tenant, partner=vianet.partner)
    client = signed_in_just_now(vianet.admin)
    form = fields(client, offer, choice="yes")
    answers = at_once(*[lambda: client.post(url_of(offer), form)] * 2)
    assert [(answer.status_code, answer.url) for answer in answers] == [(303, url_of(offer))] * 2
    assert (count(PartnerRelationship), count(AuditEvent, kind="offer.accepted")) == (1, 1)


def test_two_buttons_at_once_start_one_trial(vianet):
    product = make_sold_product(cloud=vianet.tenant.cloud, name="Office 365 E1", has_trial=True)
    offer = make_partner_offer(
        tenant=vianet.tenant, partner=vianet.partner, purchase=OfferedPurchase.TRIAL, products=[product]
    )
    accepted(offer, vianet.admin)
    client, url = signed_in_just_now(vianet.admin), url_of(offer, "create/trial/")
    answers = at_once(*[lambda: client.post(url, {"product": product.uuid, "key": uuid4()})] * 2)
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert count(Subscription, began_as_trial=True) == 1


def test_where_the_audit_row_cannot_be_written_nothing_was_granted(vianet, monkeypatch):
    offer = make_partner_offer(
        tenant=vianet.tenant, partner=vianet.other, credit=CreditWanted.NAMED, subscriptions=[vianet.named]
    )
    before = footprint()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(offer_records, "record", fail)
    with pytest.raises(RuntimeError):
        accepted(offer, vianet.admin)
    assert footprint() == before
