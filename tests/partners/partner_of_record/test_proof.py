"""The domain itself refuses a person who has not proved within the hour to be it, whatever page asked."""

import time

import pytest

from partners.partner_of_record.acts import set_partner_of_record, undo_last_change
from subscriptions.access import Actor, SignInTooOld, the_portal
from subscriptions.db import scopes
from subscriptions.models import Subscription, Tenant
from tests.factories import make_actor, make_partner, make_partner_of_record, make_subscription
from tests.facts import footprint, periods


@pytest.fixture
def partner(db):
    return make_partner(number="565380")


@pytest.fixture
def credited(alpha, partner) -> Subscription:
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partner)
    return subscription


@pytest.fixture(params=[None, 60 * 60, 24 * 60 * 60])
def unproved(request, global_admin) -> Actor:
    """Alpha's Global admin, whose proof is missing or too old."""
    return make_actor(user=global_admin, proved_at=request.param and time.time() - request.param)


def act(verb, subscription: Subscription, by, **wanted) -> None:
    with scopes.tenant(subscription.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        seen = Subscription.objects.get(pk=subscription.pk)
        verb(tenant=tenant, subscription=seen, version=seen.version, by=by, **wanted)


def test_nobody_adds_a_partner_without_proof(alpha, partner, unproved):
    subscription = make_subscription(tenant=alpha)
    before = footprint(subscription)
    with pytest.raises(SignInTooOld):
        act(set_partner_of_record, subscription, unproved, partner=partner)
    assert footprint(subscription) == before


def test_nobody_changes_a_partner_without_proof(credited, unproved):
    other, before = make_partner(number="935287"), footprint(credited)
    with pytest.raises(SignInTooOld):
        act(set_partner_of_record, credited, unproved, partner=other)
    assert footprint(credited) == before


def test_nobody_deletes_a_partner_without_proof(credited, unproved):
    before = footprint(credited)
    with pytest.raises(SignInTooOld):
        act(set_partner_of_record, credited, unproved, partner=None)
    assert footprint(credited) == before


def test_nobody_undoes_a_change_without_proof(credited, global_admin, unproved):
    act(set_partner_of_record, credited, make_actor(user=global_admin), partner=None)
    before = footprint(credited)
    with pytest.raises(SignInTooOld):
        act(undo_last_change, credited, unproved)
    assert footprint(credited) == before


def test_a_proof_counts_for_an_hour(credited, global_admin):
    act(set_partner_of_record, credited, make_actor(user=global_admin, proved_at=time.time() - 59 * 60), partner=None)
    assert periods(credited) == [("565380", False)]


def test_a_job_needs_no_proof(credited):
    act(set_partner_of_record, credited, the_portal(), partner=None)
    assert periods(credited) == [("565380", False)]
