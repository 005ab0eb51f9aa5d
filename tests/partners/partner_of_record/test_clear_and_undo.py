"""An empty box removes the partner, *Undo* brings it back, and a box that is missing does neither."""

from uuid import uuid4

import pytest

from partners.models import Partner
from partners.models.partner import PartnerState
from partners.models.partner_of_record import Source
from partners.partner_of_record.acts import set_partner_of_record
from subscriptions.access import staff_actor
from subscriptions.clouds import CloudStatus
from subscriptions.db import scopes
from subscriptions.models import CloudState, Tenant
from tests.database import as_owner
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.facts import audit_kinds, footprint, mails, periods, version
from tests.partners.partner_of_record import client as acts


@pytest.fixture
def partners():
    return make_partner(number="565380", name="Tailspin"), make_partner(number="935287", name="Adventure")


@pytest.fixture
def subscription(alpha, partners):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partners[0])
    return subscription


@pytest.fixture
def client(global_admin, sign_in):
    return sign_in(global_admin)


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\u200b \u3000"], ids=ascii)
def test_a_cleared_box_removes_the_partner(client, subscription, text):
    answer = acts.submit(client, subscription, acts.opened(client, subscription) | {"partner_id": text})
    assert answer.status_code == 303
    assert periods(subscription) == [("565380", False)]
    assert audit_kinds() == ["partner-of-record.removed"]
    assert ("partner-removed", "partner-565380@partners.example") in mails()


def test_undo_restores_the_partner_as_a_new_row(client, subscription):
    acts.clear(client, subscription)
    offered = acts.undo_offered(client, subscription)
    assert acts.undo(client, subscription, offered).status_code == 303
    assert periods(subscription) == [("565380", False), ("565380", True)]
    assert version(subscription) == 3


def test_undo_restores_the_partner_in_a_closed_cloud_where_nobody_can_be_added(client, alpha, subscription):
    with as_owner():
        CloudState.objects.create(cloud=alpha.cloud, status=CloudStatus.CLOSED)
    acts.clear(client, subscription)
    assert client.get(acts.edit_url(subscription)).status_code == 409
    assert acts.undo(client, subscription, acts.undo_offered(client, subscription)).status_code == 303
    assert periods(subscription) == [("565380", False), ("565380", True)]


def test_undo_of_an_addition_removes_it_again(client, alpha, partners):
    subscription = make_subscription(tenant=alpha)
    acts.set_partner(client, subscription, "935287")
    assert acts.undo(client, subscription, acts.undo_offered(client, subscription)).status_code == 303
    assert periods(subscription) == [("935287", False)]


def test_a_second_undo_is_refused(client, subscription):
    acts.clear(client, subscription)
    offered = acts.undo_offered(client, subscription)
    acts.undo(client, subscription, offered)
    before = footprint(subscription)
    again = offered | {"version": "3", "key": "11111111-2222-4333-8444-555555555555"}
    assert acts.undo(client, subscription, again).status_code == 409
    assert footprint(subscription) == before


def test_undo_after_another_change_is_refused(client, subscription, billing_admin, sign_in):
    acts.clear(client, subscription)
    offered = acts.undo_offered(client, subscription)
    acts.set_partner(sign_in(billing_admin), subscription, "935287")
    before = footprint(subscription)
    assert acts.undo(client, subscription, offered).status_code == 409
    assert footprint(subscription) == before


def test_undo_refuses_a_partner_that_is_no_longer_usable(client, subscription):
    acts.clear(client, subscription)
    offered = acts.undo_offered(client, subscription)
    with as_owner():
        Partner.objects.update(state=PartnerState.INACTIVE)
    assert acts.undo(client, subscription, offered).status_code == 409
    assert periods(subscription) == [("565380", False)]


def test_a_missing_box_is_no_removal(client, subscription):
    fields, before = acts.opened(client, subscription), footprint(subscription)
    del fields["partner_id"]
    assert acts.submit(client, subscription, fields).status_code == 422
    assert footprint(subscription) == before


@pytest.mark.parametrize("sent", [["", ""], ["565380", ""], ["", "935287"]])
def test_a_box_sent_twice_is_refused(client, subscription, sent):
    fields, before = acts.opened(client, subscription), footprint(subscription)
    assert acts.submit(client, subscription, fields | {"partner_id": sent}).status_code == 422
    assert footprint(subscription) == before


def test_what_staff_changed_a_tenant_cannot_undo(alpha, client, subscription, staff):
    with scopes.staff():
        set_partner_of_record(
            tenant=Tenant.objects.get(pk=alpha.pk),
            subscription=subscription,
            partner=None,
            version=version(subscription),
            by=staff_actor(staff),
            source=Source.STAFF,
        )
    answer = acts.undo(client, subscription, {"version": version(subscription), "key": str(uuid4())})
    assert answer.status_code == 409
    assert "made by the operator" in answer.content.decode()
    assert periods(subscription) == [("565380", False)]


def test_too_many_changes_in_a_short_time_are_told_to_wait(client, subscription, settings):
    settings.LIMITS = {"change-partner": {"person": (1, 60)}}
    acts.clear(client, subscription)
    answer = acts.undo(client, subscription, acts.undo_offered(client, subscription))
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
    assert periods(subscription) == [("565380", False)]
