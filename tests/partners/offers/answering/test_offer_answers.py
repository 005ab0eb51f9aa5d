"""An answer is given once, to what was shown, and grants no more than was asked for."""

import math
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import OfferTerms, PartnerOffer, PartnerOfRecord, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_of_record import Source
from partners.models.partner_offer import CreditWanted, OfferState
from partners.offers.answers import NothingGranted, NotOffered, Shown, TermsChanged
from subscriptions.access import SignInTooOld
from subscriptions.models import AuditEvent, Mail
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.verdicts import Refused, VerdictCode
from tests.database import as_owner
from tests.factories import make_member, make_partner_offer, make_product, make_relationship, make_subscription
from tests.partners.offers.facts import accepted, declined, fresh, shown_of
from tests.worlds import PARTNER_STARTS, World, make_world

HELPDESK, LICENSES = DelegatedRole.HELPDESK_ADMINISTRATOR, DelegatedRole.LICENSE_ADMINISTRATOR


@pytest.fixture
def vianet(db) -> World:
    return make_world(PARTNER_STARTS)


def offer_of(world: World, **fields) -> PartnerOffer:
    return make_partner_offer(tenant=world.tenant, partner=world.partner, **fields)


def counts() -> tuple[int, int, int]:
    """Relationships, answers in the log, mails."""
    with as_owner():
        answers = AuditEvent.objects.filter(kind__in=["offer.accepted", "offer.declined"])
        return PartnerRelationship.objects.count(), answers.count(), Mail.objects.count()


def test_yes_makes_a_relationship_of_the_roles_and_days(vianet):
    offer = offer_of(vianet, roles=[HELPDESK, LICENSES], days=365)
    accepted(offer, vianet.admin)
    made = fresh(offer).relationship
    assert (made.name, made.roles, made.started_by) == (offer.name, [LICENSES, HELPDESK], "Alex Wilber")
    assert made.expires_on - made.started_at == timedelta(days=365)
    assert abs(made.started_at - timezone.now()) < timedelta(minutes=1)
    assert fresh(offer).state == OfferState.ACCEPTED


@pytest.mark.parametrize("proved_ago", [math.inf, 301])
def test_yes_itself_asks_for_a_sign_in_of_the_last_five_minutes_and_no_does_not(vianet, proved_ago):
    offer, before = offer_of(vianet), counts()
    with pytest.raises(SignInTooOld):
        accepted(offer, vianet.admin, proved_at=time.time() - proved_ago)
    assert (fresh(offer).state, counts()) == (OfferState.SENT, before)
    declined(offer, vianet.admin, proved_at=None)
    assert fresh(offer).state == OfferState.DECLINED


def test_the_answer_is_one_row_that_says_what_was_granted_to_whom_on_which_terms(vianet):
    offer = offer_of(vianet, roles=[HELPDESK, LICENSES], days=365)
    event = accepted(offer, vianet.admin, roles=[HELPDESK], days=30)
    asked = {name: event.detail[name] for name in ("partner", "roles", "days")}
    assert asked == {"partner": {"id": "880021", "name": "上海云伙伴"}, "roles": [HELPDESK, LICENSES], "days": 365}
    granted = {name: event.detail["granted"][name] for name in ("roles", "left_out", "days")}
    assert granted == {"roles": [HELPDESK], "left_out": [LICENSES], "days": 30}
    assert event.detail["terms"]["digest"] == shown_of(offer).terms
    assert fresh(offer).decided_terms == shown_of(offer).terms
    assert counts()[:2] == (1, 1)


def test_the_partner_and_each_global_admin_are_mailed_once(vianet):
    make_member(tenant=vianet.tenant, email="second@lanyun.example", name="Second Admin")
    accepted(offer_of(vianet), vianet.admin)
    with as_owner():
        mails = Mail.objects.values_list("kind", "to_user__email", "to_company_mailbox")
        assert set(mails) == {
            ("offer-answered", None, vianet.partner.mailbox),
            ("offer-answer-receipt", "admin@lanyun.example", ""),
            ("offer-answer-receipt", "second@lanyun.example", ""),
        }


def test_no_grants_nothing_and_stays_no(vianet):
    offer = offer_of(vianet)
    declined(offer, vianet.admin, reason="Not now")
    assert (fresh(offer).state, fresh(offer).decision_reason) == (OfferState.DECLINED, "Not now")
    assert counts() == (0, 1, 2)
    with pytest.raises(Refused) as later:
        accepted(offer, vianet.admin)
    assert later.value.verdict.code is VerdictCode.WRONG_STATE
    assert "Alex Wilber declined this offer" in later.value.verdict.reason
    assert counts() == (0, 1, 2)


@pytest.mark.parametrize(
    "shown", [Shown(version=1, terms="0" * 64), Shown(version=2, terms="")], ids=["terms", "version"]
)
def test_what_was_not_shown_is_not_accepted(vianet, shown):
    offer = offer_of(vianet)
    seen = shown if shown.terms else Shown(version=2, terms=shown_of(offer).terms)
    with pytest.raises(TermsChanged):
        accepted(offer, vianet.admin, shown=seen)
    assert counts() == (0, 0, 0)


def test_the_newest_terms_count(vianet):
    offer = offer_of(vianet)
    seen = shown_of(offer)
    with as_owner():
        OfferTerms.objects.create(
            tenant=vianet.tenant, offer=offer, number=2, html="<p>More</p>", digest="1" * 64, written_by="A"
        )
    with pytest.raises(TermsChanged):
        accepted(offer, vianet.admin, shown=seen)


@pytest.mark.parametrize(
    "wanted", [{"roles": [DelegatedRole.GLOBAL_ADMINISTRATOR]}, {"days": 366}, {"days": -1}], ids=str
)
def test_more_than_offered_is_refused(vianet, wanted):
    offer = offer_of(vianet, roles=[HELPDESK], days=365)
    with pytest.raises(NotOffered):
        accepted(offer, vianet.admin, **wanted)
    assert counts() == (0, 0, 0)


def test_a_yes_that_grants_nothing_is_refused(vianet):
    with pytest.raises(NothingGranted):
        accepted(offer_of(vianet), vianet.admin, roles=[])
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"expires_in": timedelta(seconds=-1)}, VerdictCode.OFFER_DEAD),
        (
            {"state": OfferState.WITHDRAWN, "withdrawn_at": timezone.now(), "withdrawn_by": "A"},
            VerdictCode.OFFER_DEAD,
        ),
        ({"state": OfferState.EXPIRED}, VerdictCode.OFFER_DEAD),
    ],
    ids=["time is up", "withdrawn", "expired"],
)
def test_a_dead_offer_grants_nothing(vianet, fields, code):
    offer = offer_of(vianet, **fields)
    for answer in (accepted, declined):
        with pytest.raises(Refused) as refused:
            answer(offer, vianet.admin)
        assert refused.value.verdict.code is code
    assert counts() == (0, 0, 0)


def test_only_no_is_possible_to_a_partner_that_was_suspended_meanwhile(vianet):
    offer = offer_of(vianet)
    with as_owner():
        type(vianet.partner).objects.update(state=PartnerState.SUSPENDED)
    with pytest.raises(Refused) as refused:
        accepted(offer, vianet.admin)
    assert refused.value.verdict.code is VerdictCode.PARTNER_NOT_USABLE
    declined(offer, vianet.admin)
    assert fresh(offer).state == OfferState.DECLINED


def test_a_second_relationship_stands_beside_the_first(vianet):
    earlier = make_relationship(tenant=vianet.tenant, partner=vianet.partner)
    accepted(offer_of(vianet), vianet.admin)
    with as_owner():
        assert PartnerRelationship.objects.live().count() == 2
        assert PartnerRelationship.objects.get(pk=earlier.pk).ended_at is None


def credited() -> dict[str, tuple[str, str]]:
    """Who is credited now on what, and where that comes from."""
    with as_owner():
        rows = PartnerOfRecord.objects.in_force().values_list("subscription__name", "partner__number", "source")
        return {name: (number, source) for name, number, source in rows}


def test_the_named_subscriptions_are_credited_and_the_partner_before_is_told(vianet):
    offer = make_partner_offer(
        tenant=vianet.tenant,
        partner=vianet.other,
        credit=CreditWanted.NAMED,
        subscriptions=[vianet.named, vianet.bare],
    )
    accepted(offer, vianet.admin, roles=[])
    assert credited() == {
        "Office 365 E5": ("880022", Source.OFFER),
        "Office 365 E3": ("880022", Source.OFFER),
    }
    with as_owner():
        assert PartnerRelationship.objects.count() == 0
        assert Mail.objects.filter(kind="partner-removed", to_company_mailbox=vianet.partner.mailbox).count() == 1


def test_a_subscription_that_cannot_take_the_credit_is_left_out_and_said(vianet):
    disabled = make_subscription(tenant=vianet.tenant, name="Visio", status=SubscriptionStatus.DISABLED)
    deleted = make_subscription(tenant=vianet.tenant, name="Project", status=SubscriptionStatus.DELETED)
    other = make_product(cloud=vianet.tenant.cloud, name="Dynamics", family="dynamics")
    unauthorized = make_subscription(tenant=vianet.tenant, name="Dynamics", product=other)
    with as_owner():
        type(vianet.other).objects.filter(pk=vianet.other.pk).update(
            authorized_families=["office"], authorized_for_all=False
        )
    offer = make_partner_offer(
        tenant=vianet.tenant,
        partner=vianet.other,
        credit=CreditWanted.NAMED,
        subscriptions=[vianet.bare, disabled, deleted, unauthorized],
    )
    event = accepted(offer, vianet.admin)
    assert [entry["name"] for entry in event.detail["granted"]["credited"]] == ["Office 365 E3"]
    assert {entry["name"]: entry["why"] for entry in event.detail["granted"]["skipped"]} == {
        "Visio": "state",
        "Project": "state",
        "Dynamics": "partner",
    }
    assert credited()["Office 365 E3"] == ("880022", Source.OFFER)


def test_a_yes_to_credit_alone_that_no_subscription_can_take_is_refused(vianet):
    disabled = make_subscription(tenant=vianet.tenant, name="Visio", status=SubscriptionStatus.DISABLED)
    offer = offer_of(vianet, roles=[], days=None, credit=CreditWanted.NAMED, subscriptions=[disabled])
    with pytest.raises(NothingGranted):
        accepted(offer, vianet.admin)
    assert fresh(offer).state == OfferState.SENT


def test_credit_on_what_is_bought_later_is_granted_by_the_yes_alone(vianet):
    offer = offer_of(vianet, roles=[], days=None, credit=CreditWanted.BOUGHT)
    assert accepted(offer, vianet.admin).detail["credit"] == CreditWanted.BOUGHT
    assert counts()[:2] == (0, 1)


def test_a_relationship_from_an_offer_has_a_beginning_in_its_history(vianet):
    offer = offer_of(vianet, roles=[HELPDESK], days=30)
    accepted(offer, vianet.admin)
    made = fresh(offer).relationship
    with as_owner():
        (event,) = AuditEvent.objects.filter(subject_uuid=made.uuid)
    assert (event.kind, event.actor_name) == ("partner-relationship.added", vianet.admin.name)
    assert event.detail["roles"] == ["helpdesk-administrator"]
    assert event.detail["ends_on"]
    assert (event.at - made.started_at).total_seconds() < 5
