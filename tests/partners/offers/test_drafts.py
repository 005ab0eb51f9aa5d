"""A draft is the partner's own affair: it can be changed and discarded, and only what staff do to it is recorded."""

from dataclasses import replace

import pytest

from partners.models import OfferedProduct, OfferedSubscription, OfferTerms, PartnerOffer
from partners.models.partner import PartnerState
from partners.offers import acts as offers
from partners.offers.acts import OfferChanged
from partners.offers.reads import Line, OfferFacts
from partners.offers.rules import may_withdraw
from subscriptions.access import staff_actor
from subscriptions.clouds import Cloud, CloudStatus
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, CloudState, Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_partner, make_partner_offer, make_sold_product, make_subscription
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db
FACTS = OfferFacts(name="Administration", terms="We look after you.", roles=("global-reader",), days=365)


@pytest.fixture
def world():
    return OfferWorld()


@pytest.fixture
def by_staff(staff):
    return staff_actor(staff)


def discard(world, offer, **more) -> None:
    facts = {"tenant": world.tenant, "offer": offer, "by": world.agent, "version": offer.version, **more}
    with world.inside():
        offers.discard(**facts)


def rows() -> list[int]:
    with as_owner():
        return [model.objects.count() for model in (PartnerOffer, OfferTerms, OfferedSubscription, OfferedProduct)]


def test_a_discarded_draft_leaves_nothing_and_its_name_is_free(world):
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)
    subscription = make_subscription(tenant=world.tenant)
    everything = replace(
        FACTS,
        credit="named",
        subscriptions=(subscription.uuid,),
        purchase="trial",
        lines=(Line(product=product.uuid),),
    )
    offer = world.draft(everything)
    offer = world.draft(replace(everything, terms="Other terms"), offer=offer)
    assert rows() == [1, 2, 1, 1]
    discard(world, offer)
    assert rows() == [0, 0, 0, 0]
    assert (world.events(), world.mails()) == ([], [])
    assert world.draft(FACTS).name == offer.name


def test_another_draft_stays_as_it_is(world):
    kept = world.draft(replace(FACTS, name="Kept"))
    discard(world, world.draft(FACTS))
    assert rows()[:2] == [1, 1]
    assert world.read(kept).name == "Kept"


def test_what_was_sent_is_not_discarded(world):
    with pytest.raises(Refused) as refusal:
        discard(world, world.sent(FACTS))
    assert refusal.value.verdict.code is VerdictCode.WRONG_STATE
    assert rows()[:2] == [1, 1]


def test_a_draft_that_changed_meanwhile_stays(world):
    seen = world.draft(FACTS)
    world.draft(replace(FACTS, days=10), offer=seen)
    with pytest.raises(OfferChanged):
        discard(world, seen)
    assert world.read(seen).days == 10


def test_every_act_on_a_draft_that_is_gone_finds_it_changed(world):
    offer = world.draft(FACTS)
    discard(world, offer)
    with world.inside():
        for verb in (offers.send, offers.discard):
            with pytest.raises(OfferChanged):
                verb(tenant=world.tenant, offer=offer, version=offer.version, by=world.agent)
        with pytest.raises(OfferChanged):
            offers.withdraw(tenant=world.tenant, offer=offer, by=world.agent)
        with pytest.raises(OfferChanged):
            offers.save_draft(
                tenant=world.tenant, partner=world.partner, facts=FACTS, by=world.agent, offer=offer, version=1
            )
    assert rows()[0] == 0


def test_who_would_withdraw_a_draft_is_told_to_discard_it(world):
    verdict = may_withdraw(world.agent, world.draft(FACTS))
    assert (verdict.code, verdict.next_step) == (
        VerdictCode.WRONG_STATE, "Discard it: the organization has never seen it."
    )  # fmt: skip


def test_who_makes_no_offers_discards_none(world):
    offer = world.draft(FACTS)
    another = make_partner(number="880022", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    for by in (
        replace(world.agent, agent_role=AgentRole.HELPDESK_AGENT),
        replace(world.agent, partner_key=another.pk),
    ):
        with pytest.raises(Refused) as refusal:
            discard(world, offer, by=by)
        assert refusal.value.verdict.code is VerdictCode.ROLE
    assert rows()[0] == 1


def test_it_is_discarded_in_a_closed_cloud_too(world):
    offer = world.draft(FACTS)
    with as_owner():
        CloudState.objects.create(cloud=world.tenant.cloud, status=CloudStatus.CLOSED)
        world.tenant = Tenant.objects.get()
    discard(world, offer)
    assert rows()[0] == 0


def test_staff_discard_with_a_reason_and_their_log_alone_has_it(world, by_staff):
    """The organization does not learn of what was never sent to it; the partner may not be active any more."""
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state="draft")
    with as_owner():
        world.partner.state = PartnerState.SUSPENDED
        world.partner.save()
    with scopes.staff():
        with pytest.raises(ValueError, match="reason"):
            offers.discard(tenant=world.tenant, offer=offer, version=1, by=by_staff)
        offers.discard(tenant=world.tenant, offer=offer, version=1, by=by_staff, reason="Asked by phone")
    (event,) = world.events()
    assert (event.kind, event.tenant, event.reason) == ("offer.discarded", None, "Asked by phone")
    assert (event.subject_name, event.subject_uuid) == (offer.name, offer.uuid)
    assert event.detail["organization"] == {"uuid": str(world.tenant.uuid), "name": "Lanyun"}
    assert event.detail["partner"]["id"] == world.partner.number
    with world.inside():
        assert not AuditEvent.objects.exists()


def test_what_staff_write_into_a_draft_is_in_their_log(world, by_staff):
    with scopes.staff():
        offer = offers.save_draft(
            tenant=world.tenant, partner=world.partner, facts=FACTS, by=by_staff, reason="By phone"
        )
        offers.change_terms(
            tenant=world.tenant, offer=offer, terms="Other terms", version=1, by=by_staff, reason="By mail"
        )
    assert [(event.kind, event.tenant, event.reason) for event in world.events()] == [
        ("offer.drafted", None, "By phone"),
        ("offer.drafted", None, "By mail"),
    ]
    assert world.mails() == []
