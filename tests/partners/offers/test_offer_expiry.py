"""Offers that run out: each ends once, both sides are told once, however often and late the job runs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners import tasks
from partners.models import PartnerOffer
from partners.offers import acts as offers
from subscriptions.db import batches
from subscriptions.db.batches import NotUpToDate
from subscriptions.models import AuditEvent
from subscriptions.verdicts import Refused
from tests.database import as_owner
from tests.factories import make_partner_offer
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db
BOTH_SIDES = [("offer-expired", "partner-880021@partners.example"), ("offer-expired", "admin@lanyun.example")]


@pytest.fixture
def world():
    return OfferWorld()


def run_out(world, *, ago: timedelta, name="Administration", **fields) -> PartnerOffer:
    sent_at = timezone.now() - ago - timedelta(days=30)
    return make_partner_offer(
        tenant=world.tenant, partner=world.partner, name=name, sent_at=sent_at, expires_in=-ago, **fields
    )


def run(times: int = 1) -> None:
    for _time in range(times):
        tasks.expire_offers(timestamp=0)


@pytest.mark.parametrize("ago", [timedelta(seconds=1), timedelta(days=1), timedelta(days=8)])
@pytest.mark.parametrize("times", [1, 2])
def test_it_expires_once_and_both_sides_are_told_once(world, ago, times):
    """Also if the job was down for a week, or runs twice."""
    offer = run_out(world, ago=ago)
    run(times)
    assert world.read(offer).state == "expired"
    assert [(event.kind, event.actor_kind) for event in world.events()] == [("offer.expired", "system")]
    assert world.mails() == BOTH_SIDES


def test_what_can_still_be_answered_stays(world):
    offer = world_offer = run_out(world, ago=-timedelta(minutes=1))
    run()
    assert (world.read(offer).state, world_offer.pk, world.mails()) == ("sent", offer.pk, [])


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_only_what_was_sent_and_not_answered_expires(world, state):
    over = {"withdrawn_at": timezone.now(), "withdrawn_by": "A"} if state == "withdrawn" else {}
    if state == "draft":
        offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state="draft")
    else:
        offer = run_out(world, ago=timedelta(days=1), state=state, **over)
    run()
    assert (world.read(offer).state, world.events()) == (state, [])


def test_sent_again_it_has_time_again_until_that_is_over_too(world):
    offer = run_out(world, ago=-timedelta(days=1))
    world.act(offers.send_again, offer)
    world.age(offer, days=29)
    run()
    assert world.read(offer).state == "sent"
    world.age(offer, days=2)
    run(2)
    assert world.read(offer).state == "expired"
    assert world.mails()[1:] == BOTH_SIDES


def test_an_expired_offer_is_not_sent_again(world):
    offer = run_out(world, ago=timedelta(days=1))
    for _when in ("before the job", "after it"):
        with pytest.raises(Refused):
            world.act(offers.send_again, offer)
        run()


def test_more_than_one_batch(world, monkeypatch):
    monkeypatch.setattr(batches, "BATCH", 2)
    for number in range(5):
        run_out(world, ago=timedelta(days=1), name=f"Offer {number}")
    run()
    with as_owner():
        assert PartnerOffer.objects.filter(state="expired").count() == AuditEvent.objects.count() == 5


def test_one_that_fails_stops_no_other_and_the_job_says_so(world, monkeypatch):
    broken, whole = (run_out(world, ago=timedelta(days=1), name=name) for name in ("Broken", "Whole"))
    tell = offers.tell

    def fail_for_one(event, **companies):
        if event.subject_uuid == broken.uuid:
            raise RuntimeError
        tell(event, **companies)

    monkeypatch.setattr(offers, "tell", fail_for_one)
    with pytest.raises(NotUpToDate):
        run()
    assert (world.read(broken).state, world.read(whole).state) == ("sent", "expired")
    monkeypatch.undo()
    run()
    assert (world.read(broken).state, len(world.mails())) == ("expired", 4)
