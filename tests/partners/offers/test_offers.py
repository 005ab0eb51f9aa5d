"""A partner's acts on its offers: who may, in which state, what is kept of it and who is told."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models.functions import Now

from partners.models import OfferTerms, PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import acts as offers
from partners.offers.acts import OfferChanged
from partners.offers.checks import NotOfferable
from partners.offers.reads import Content, Line, OfferFacts
from subscriptions.access import staff_actor
from subscriptions.clouds import Cloud, CloudStatus
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, CloudState, Mail, Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import (
    make_actor,
    make_member,
    make_partner,
    make_partner_offer,
    make_sold_product,
    make_subscription,
    make_tenant,
)
from tests.partners.offers.facts import OfferWorld

pytestmark = pytest.mark.django_db
ROLES = ("helpdesk-administrator", "global-reader")
FACTS = OfferFacts(name="Administration", terms="We look after you.", roles=ROLES, days=365)
BEYOND_ROLES = [
    ("credit", {"credit": "named", "subscriptions": (uuid4(),)}),
    ("credit", {"credit": "bought", "purchase": "trial"}),
    ("purchase", {"purchase": "trial"}),
    ("purchase", {"purchase": "purchase"}),
    ("roles", {"roles": ()}),
]


@pytest.fixture
def world():
    return OfferWorld()


def test_a_draft_is_stored_and_nobody_hears_of_it(world):
    offer = world.draft(FACTS)
    assert (offer.state, offer.roles, offer.days, offer.drafted_by) == ("draft", list(ROLES), 365, "Agatha Agent")
    with as_owner():
        assert (AuditEvent.objects.count(), Mail.objects.count()) == (0, 0)
        terms = OfferTerms.objects.get()
        assert (terms.number, terms.html, terms.written_by) == (1, "<p>We look after you.</p>", "Agatha Agent")


def test_it_is_sent_audited_and_mailed_to_each_global_admin(world, settings):
    settings.OFFER_DAYS = 30
    make_member(tenant=world.tenant, email="second@lanyun.example", name="Second")
    make_member(tenant=world.tenant, email="billing@lanyun.example", role="billing-admin")
    offer = world.sent(FACTS)
    assert (offer.state, offer.generation, offer.sent_by) == ("sent", 1, "Agatha Agent")
    assert offer.expires_on - offer.sent_at == timedelta(days=30)
    event = world.events()[-1]
    assert (event.kind, event.actor_kind, event.actor_name) == ("offer.sent", "partner", "Agatha Agent")
    assert (event.actor_partner, event.subject_uuid) == (str(world.partner), offer.uuid)
    assert (event.detail["generation"], event.detail["roles"]) == (1, list(ROLES))
    assert world.mails() == [
        ("offer-received", "admin@lanyun.example"),
        ("offer-received", "second@lanyun.example"),
    ]


def test_sent_again_it_has_another_generation_and_its_whole_time(world):
    offer = world.sent(FACTS)
    world.age(offer, days=20)
    again = world.act(offers.send_again, offer)
    assert (again.state, again.generation) == ("sent", 2)
    with as_owner():
        left = PartnerOffer.objects.filter(pk=offer.pk, expires_on__gt=Now() + timedelta(days=29))
        assert left.exists()
    assert [event.kind for event in world.events()] == ["offer.sent", "offer.sent-again"]
    assert [event.detail["generation"] for event in world.events()] == [1, 2]


def test_withdrawn_it_stays_withdrawn(world):
    offer = world.act(offers.withdraw, world.sent(FACTS), reason="A better one follows.")
    assert (offer.state, offer.withdrawn_by) == ("withdrawn", "Agatha Agent")
    assert world.events()[-1].reason == "A better one follows."
    assert world.mails()[-1] == ("offer-withdrawn", "admin@lanyun.example")
    for act in (offers.send, offers.send_again, offers.withdraw):
        with pytest.raises(Refused) as refusal:
            world.act(act, offer)
        assert refusal.value.verdict.code is VerdictCode.WRONG_STATE


@pytest.mark.parametrize("state", ["accepted", "declined", "withdrawn", "expired"])
def test_nothing_is_done_with_an_offer_that_is_over(world, state):
    decided = {"decided_by": "A", "decided_at": Now(), "decided_terms": "0" * 64}
    more = {"withdrawn": {"withdrawn_by": "A", "withdrawn_at": Now()}, "expired": {}}.get(state, decided)
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, state=state, **more)
    for act in (offers.send, offers.send_again, offers.withdraw):
        with pytest.raises(Refused):
            world.act(act, offer)
    with pytest.raises(Refused):
        world.act(offers.change_terms, offer, terms="Other terms")
    with pytest.raises(Refused):
        world.draft(FACTS, offer=offer)
    assert world.events() == []


def test_one_whose_time_has_run_out_is_over_before_any_job_has_run(world):
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner, expires_in=-timedelta(seconds=1),
                               sent_at=world.days_ago(31))  # fmt: skip
    for act in (offers.send_again, offers.withdraw):
        with pytest.raises(Refused):
            world.act(act, offer)


def test_a_page_that_shows_an_earlier_version_changes_nothing(world):
    offer = world.draft(FACTS)
    seen = offer.version
    world.draft(replace(FACTS, days=10), offer=offer)
    with world.inside(), pytest.raises(OfferChanged):
        offers.send(tenant=world.tenant, offer=offer, version=seen, by=world.agent)
    with world.inside(), pytest.raises(OfferChanged):
        offers.save_draft(
            tenant=world.tenant, partner=world.partner, facts=FACTS, by=world.agent, offer=offer, version=seen
        )
    assert world.read(offer).days == 10


def test_a_draft_is_changed_as_a_whole(world):
    subscription = make_subscription(tenant=world.tenant)
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)
    offer = world.draft(replace(FACTS, credit="named", subscriptions=(subscription.uuid,)))
    other = OfferFacts(
        name="Other",
        terms="New",
        credit="bought",
        purchase="purchase",
        lines=(Line(product=product.uuid, licenses=3),),
    )
    world.draft(other, offer=offer)
    with as_owner():
        assert Content(PartnerOffer.objects.get()).facts == replace(other, terms="<p>New</p>")


def test_the_terms_of_a_sent_offer_change_in_a_new_version(world):
    """What was read is named by its hash."""
    offer = world.sent(FACTS)
    world.act(offers.change_terms, offer, terms="Better terms")
    with as_owner():
        first, second = OfferTerms.objects.order_by("number")
        assert (first.html, second.html) == ("<p>We look after you.</p>", "<p>Better terms</p>")
        assert (second.number, second.digest != first.digest) == (2, True)
    assert world.events()[-1].kind == "offer.changed"
    assert world.events()[-1].detail["terms"]["digest"] == second.digest


def test_the_same_terms_again_change_nothing(world):
    offer = world.sent(FACTS)
    world.act(offers.change_terms, offer, terms=FACTS.terms)
    assert [event.kind for event in world.events()] == ["offer.sent"]
    with as_owner():
        assert (OfferTerms.objects.count(), PartnerOffer.objects.get().version) == (1, offer.version)


@pytest.mark.parametrize(
    ("role", "may"), [(AgentRole.ADMIN_AGENT, True), (AgentRole.SALES_AGENT, True), (AgentRole.HELPDESK_AGENT, False)]
)
def test_who_of_the_partner_may(world, role, may):
    by = replace(world.agent, agent_role=role)
    if may:
        assert world.draft(FACTS, by=by).pk
    else:
        with pytest.raises(Refused) as refusal:
            world.draft(FACTS, by=by)
        assert refusal.value.verdict.code is VerdictCode.ROLE


def test_a_global_admin_of_the_organization_makes_no_offers(world):
    with pytest.raises(Refused):
        world.draft(FACTS, by=make_actor(user=world.admin))


def test_nobody_acts_for_another_partner(world):
    other = make_partner(number="880022", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    offer = make_partner_offer(tenant=world.tenant, partner=other)
    with pytest.raises(Refused):
        world.act(offers.withdraw, offer)
    with world.inside(), pytest.raises(Refused):
        offers.save_draft(tenant=world.tenant, partner=other, facts=FACTS, by=world.agent)


def test_staff_act_on_the_partners_behalf_with_a_reason(world, staff):
    by = staff_actor(staff)
    with scopes.staff():
        offer = offers.save_draft(tenant=world.tenant, partner=world.partner, facts=FACTS, by=by)
        offers.send(tenant=world.tenant, offer=offer, version=offer.version, by=by, reason="Asked by phone")
        with pytest.raises(ValueError, match="reason"):
            offers.withdraw(tenant=world.tenant, offer=offer, by=by)
    event = world.events()[-1]
    assert (event.actor_kind, event.reason) == ("staff", "Asked by phone")


@pytest.mark.parametrize("cloud", [Cloud.WORLDWIDE, Cloud.GERMANY])
def test_where_customers_start_an_offer_asks_for_roles_and_days_only(world, cloud):
    tenant = make_tenant(slug="elsewhere", cloud=cloud, country="DE")
    partner = make_partner(number="565380", cloud=cloud)
    known = {"tenant": tenant, "partner": partner, "by": replace(world.agent, partner_key=partner.pk)}
    with scopes.tenant(tenant.pk):
        for field, more in BEYOND_ROLES:
            with pytest.raises(NotOfferable) as refusal:
                offers.save_draft(facts=replace(FACTS, **more), **known)
            assert field in refusal.value.problems
        assert offers.save_draft(facts=FACTS, **known).kind == "roles-only"


@pytest.mark.parametrize("fields", [{"credit": "bought"}, {"purchase": "trial"}, {"roles": [], "days": None}])
def test_the_database_refuses_more_in_a_request_for_roles(db, fields):
    with pytest.raises(IntegrityError, match="offer_of_roles_only_has_nothing_else"):
        make_partner_offer(tenant=make_tenant(), partner=make_partner(), **fields)


def test_a_closed_cloud_refuses_sending_but_not_withdrawing(world):
    draft, sent = world.draft(FACTS), world.sent(replace(FACTS, name="Other"))
    with as_owner():
        CloudState.objects.create(cloud=world.tenant.cloud, status=CloudStatus.CLOSED)
        world.tenant = Tenant.objects.get()
    for act, offer in ((offers.send, draft), (offers.send_again, sent)):
        with pytest.raises(Refused) as refusal:
            world.act(act, offer)
        assert refusal.value.verdict.code is VerdictCode.CLOUD_CLOSED
    assert world.act(offers.withdraw, sent).state == OfferState.WITHDRAWN


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"state": "suspended"}, "no longer active"),
        ({"kind": "global"}, "global ID"),
        ({"cloud": Cloud.WORLDWIDE}, "does not work in this cloud"),
        ({"authorized_countries": ("US",)}, "not authorized for this country or region"),
    ],
)
def test_a_partner_that_cannot_be_used_here_sends_nothing(world, facts, sentence):
    partner = make_partner(**{"number": "880023", "cloud": Cloud.OPERATED_BY_21VIANET, "country": "CN", **facts})
    with world.inside(), pytest.raises(Refused) as refusal:
        offers.save_draft(
            tenant=world.tenant, partner=partner, facts=FACTS, by=replace(world.agent, partner_key=partner.pk)
        )
    assert refusal.value.verdict.code is VerdictCode.PARTNER_NOT_USABLE
    assert sentence in refusal.value.verdict.reason


def test_what_became_impossible_since_the_draft_is_not_sent(world):
    product = make_sold_product(cloud=Cloud.OPERATED_BY_21VIANET, name="Visio", has_trial=True)
    offer = world.draft(replace(FACTS, purchase="trial", lines=(Line(product=product.uuid),)))
    with as_owner():
        product.has_trial = False
        product.save()
    with pytest.raises(NotOfferable) as refusal:
        world.act(offers.send, offer)
    assert refusal.value.problems == {"products": "There is no free trial of Visio."}
    assert world.read(offer).state == OfferState.DRAFT


def test_an_offer_is_found_by_its_organization_too(world):
    elsewhere = make_tenant(slug="beta", cloud=Cloud.OPERATED_BY_21VIANET, country="CN")
    offer = make_partner_offer(tenant=world.tenant, partner=world.partner)
    with scopes.staff(), pytest.raises(OfferChanged):
        offers.withdraw(tenant=elsewhere, offer=offer, by=world.agent, reason=str(uuid4()))
