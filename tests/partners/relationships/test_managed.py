"""Which reseller manages a subscription: who says so, what it keeps from ending, and who reads it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from partners.models import ManagedSubscription
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.managed import NOTHING, blocking, set_reseller, unknown
from partners.relationships.releases.rules import may_leave
from partners.relationships.resellers import CannotResell
from subscriptions.access import Actor, staff_actor
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.models import Subscription
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import AgentRole
from tests.database import as_owner
from tests.desk import act, change_url, events, messages_of, rows_of
from tests.factories import make_partner, make_relationship, make_subscription

MODEL = "subscriptions_subscription"


@pytest.fixture
def reseller(alpha):
    return make_reseller(alpha, "935287", "Adventure Works")


@pytest.fixture
def other(alpha):
    return make_reseller(alpha, "565380", "Tailspin")


@pytest.fixture
def suite(alpha):
    return make_subscription(tenant=alpha, name="Suite")


def make_reseller(tenant, number, name):
    partner = make_partner(number=number, name=name)
    make_relationship(tenant=tenant, partner=partner, kind=RelationshipKind.RESELLER)
    return partner


@as_owner()
def managed_by(subscription, partner):
    Subscription.objects.filter(pk=subscription.pk).update(reseller_managed=True)
    return ManagedSubscription.objects.create(tenant=subscription.tenant, subscription=subscription, partner=partner)


def names(managed) -> list[str]:
    return [row.name for row in managed.rows]


def test_a_reseller_is_kept_by_its_own_subscriptions_only(alpha, reseller, other, suite):
    managed_by(suite, reseller)
    managed_by(make_subscription(tenant=alpha, name="Of the other"), other)
    make_subscription(tenant=alpha, name="Nobody's")
    with scopes.tenant(alpha.pk):
        assert names(blocking(alpha, reseller)) == ["Suite"]
        assert names(blocking(alpha, other)) == ["Of the other"]


OVER = timezone.localdate() - timedelta(days=3)


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "trial"},
        {"status": "expired", "term_ends_on": OVER},
        {"status": "disabled", "term_ends_on": OVER},
        {"status": "active", "term_ends_on": OVER, "recurring_billing": False},
    ],
)
def test_what_is_no_longer_paid_for_keeps_nobody(alpha, reseller, facts):
    managed_by(make_subscription(tenant=alpha, **facts), reseller)
    with scopes.tenant(alpha.pk):
        assert blocking(alpha, reseller) == NOTHING


def test_the_sentence_names_the_day_on_which_the_last_one_ends(alpha, reseller):
    ends = [timezone.localdate() + timedelta(days=days) for days in (90, 200, 30)]
    for number, day in enumerate(ends):
        managed_by(make_subscription(tenant=alpha, name=f"Suite {number}", term_ends_on=day), reseller)
    by = Actor(kind=ActorKind.PARTNER, name="Agatha", agent_role=AgentRole.ADMIN_AGENT, partner_key=reseller.pk)
    with scopes.tenant(alpha.pk):
        blocks = blocking(alpha, reseller)
        verdict = may_leave(by, status="active", blocks=blocks)
    assert (blocks.total, blocks.until) == (3, ends[1])
    assert formats.day(ends[1]) in verdict.next_step


def test_what_is_not_known_is_that_of_the_only_reseller(alpha, reseller):
    make_subscription(tenant=alpha, name="Whose", reseller_managed=True)
    with scopes.tenant(alpha.pk):
        assert names(blocking(alpha, reseller)) == ["Whose"]
        assert unknown(alpha, reseller) == NOTHING


def test_of_several_resellers_none_is_kept_by_what_is_not_known(alpha, reseller, other):
    make_subscription(tenant=alpha, name="Whose", reseller_managed=True)
    with scopes.tenant(alpha.pk):
        assert (blocking(alpha, reseller), blocking(alpha, other)) == (NOTHING, NOTHING)
        assert names(unknown(alpha, reseller)) == ["Whose"]


def test_staff_say_who_manages_it_and_both_facts_stay_equal(alpha, reseller, other, suite, staff):
    known = {"tenant": alpha, "subscription": suite, "by": staff_actor(staff), "reason": "By contract"}
    with scopes.staff():
        for partner in (reseller, other, None):
            event = set_reseller(partner=partner, **known)
            assert event.detail["after"] == (partner and {"id": partner.number, "name": partner.name})
            assert set_reseller(partner=partner, **known) is None
            rows = ManagedSubscription.objects.filter(subscription=suite)
            assert [row.partner for row in rows] == ([partner] if partner else [])
            assert Subscription.objects.get().reseller_managed is bool(partner)
    assert rows_of(Subscription)[0].version == 4
    assert len(events(AuditKind.SUBSCRIPTION_RESELLER_CHANGED)) == 3


def test_who_is_no_reseller_of_the_organization_manages_nothing_there(alpha, beta, suite, staff):
    elsewhere = make_reseller(beta, "935287", "Adventure Works")
    with scopes.staff(), pytest.raises(CannotResell):
        set_reseller(tenant=alpha, subscription=suite, partner=elsewhere, by=staff_actor(staff))
    assert rows_of(ManagedSubscription) == []


def test_staff_choose_among_the_organizations_resellers(desk, reseller, suite):
    make_partner(number="777001", name="Stranger")
    refused = act(desk, MODEL, "change_reseller", suite, reseller="", reason="By contract")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert ("Adventure Works" in page, "Stranger" in page) == (True, False)
    act(desk, MODEL, "change_reseller", suite, reseller=reseller.pk, reason="By contract")
    assert "935287 Adventure Works" in desk.get(change_url(MODEL, suite.pk)).content.decode()
    again = act(desk, MODEL, "change_reseller", suite, reseller=reseller.pk, reason="By contract")
    assert any("No change" in message for message in messages_of(again))
    act(desk, MODEL, "change_reseller", suite, reseller="none", reason="Moved away")
    assert rows_of(ManagedSubscription) == []


def test_an_organization_reads_its_own_rows_and_writes_none(alpha, beta, reseller, suite):
    managed_by(suite, reseller)
    with scopes.tenant(beta.pk):
        assert ManagedSubscription.objects.count() == 0
    with scopes.tenant(alpha.pk):
        assert ManagedSubscription.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            ManagedSubscription.objects.all().delete()


def test_a_partner_reads_none_of_it(reseller, suite):
    managed_by(suite, reseller)
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with scopes.partner(reseller.pk), denied, transaction.atomic():
        ManagedSubscription.objects.count()


def test_no_row_points_into_another_organization(beta, reseller, suite):
    refused = pytest.raises(IntegrityError, match="managedsubscription_subscription_same_tenant")
    with as_owner(), refused, transaction.atomic():
        ManagedSubscription.objects.create(tenant=beta, subscription=suite, partner=reseller)
