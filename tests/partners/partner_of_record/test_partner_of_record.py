"""Naming a partner of record, one request at a time."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.utils import timezone

from partners.models import Partner
from partners.models.partner import PartnerState
from subscriptions.base import formats
from subscriptions.models.subscription import SubscriptionStatus
from tests.database import as_owner
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.facts import footprint, periods
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


def list_messages(client_answer) -> list[str]:
    return [str(message) for message in get_messages(client_answer.wsgi_request)]


def test_submit_without_check_shows_the_partner_and_changes_nothing(client, subscription):
    before = footprint(subscription)
    answer = acts.submit(client, subscription, acts.opened(client, subscription) | {"partner_id": "935287"})
    assert (answer.status_code, answer.context["ask_again"], answer.context["found"].name) == (200, True, "Adventure")
    assert footprint(subscription) == before


def test_a_second_submit_of_that_page_makes_it_so(client, subscription):
    fields = acts.opened(client, subscription) | {"partner_id": "935287"}
    shown = acts.submit(client, subscription, fields)
    assert acts.submit(client, subscription, fields | {"checked": shown.context["checked"]}).status_code == 303
    assert periods(subscription) == [("565380", False), ("935287", True)]


def test_another_id_than_the_one_checked_is_shown_first(client, subscription):
    make_partner(number="777", name="Third")
    before = footprint(subscription)
    fields = acts.checked(client, subscription, "935287") | {"partner_id": "777"}
    answer = acts.submit(client, subscription, fields)
    assert (answer.status_code, answer.context["found"].name) == (200, "Third")
    assert footprint(subscription) == before


def test_a_token_of_another_subscription_does_not_count(client, alpha, subscription):
    other = make_subscription(tenant=alpha)
    token = acts.checked(client, other, "935287")["checked"]
    answer = acts.submit(
        client, subscription, acts.opened(client, subscription) | {"partner_id": "935287", "checked": token}
    )
    assert answer.context["ask_again"]
    assert periods(subscription) == [("565380", True)]


def test_a_token_of_another_person_does_not_count(client, subscription, billing_admin, sign_in):
    token = acts.checked(sign_in(billing_admin), subscription, "935287")["checked"]
    fields = acts.opened(client, subscription) | {"partner_id": "935287", "checked": token}
    assert acts.submit(client, subscription, fields).context["ask_again"]
    assert periods(subscription) == [("565380", True)]


def test_a_token_counts_for_ten_minutes(client, subscription):
    fields = acts.checked(client, subscription, "935287")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert acts.submit(client, subscription, fields).context["ask_again"]
    assert periods(subscription) == [("565380", True)]
    assert acts.submit(client, subscription, fields).status_code == 303


def test_a_partner_suspended_after_the_check_is_refused(client, subscription, partners):
    fields, before = acts.checked(client, subscription, "935287"), footprint(subscription)
    with as_owner():
        Partner.objects.filter(number="935287").update(state=PartnerState.SUSPENDED)
    assert acts.submit(client, subscription, fields).status_code == 422
    assert footprint(subscription) == before


def test_a_stale_form_gets_409_with_who_and_when(client, subscription, billing_admin, sign_in):
    fields = acts.checked(client, subscription, "935287")
    assert acts.clear(sign_in(billing_admin), subscription).status_code == 303
    before = footprint(subscription)
    answer = acts.submit(client, subscription, fields)
    assert answer.status_code == 409
    assert answer.context["act"].last.by_name == "Bill Payer"
    assert "Bill Payer" in answer.content.decode()
    assert formats.moment(answer.context["act"].last.at) in answer.content.decode()
    assert footprint(subscription) == before


@pytest.mark.parametrize("sent", ["", "0", "-1", "99", "abc", "1e3", "9" * 40, "²"])
def test_a_version_that_was_never_shown_is_no_way_around(client, subscription, sent):
    fields, before = acts.checked(client, subscription, "935287"), footprint(subscription)
    assert acts.submit(client, subscription, fields | {"version": sent}).status_code in {409, 422}
    assert footprint(subscription) == before


def test_the_same_partner_again_changes_nothing(client, subscription):
    before = footprint(subscription)
    answer = acts.set_partner(client, subscription, "565380")
    assert answer.status_code == 303
    assert list_messages(answer) == ["No change: the partner of record stays as it was."]
    assert footprint(subscription) == before


def test_a_period_and_a_person_in_the_form_are_ignored(client, subscription, staff):
    fields = acts.checked(client, subscription, "935287")
    invented = {"valid": "[2001-01-01,)", "valid_0": "2001-01-01", "set_by": staff.pk, "set_by_name": "Nobody"}
    before = timezone.now()
    assert acts.submit(client, subscription, fields | invented).status_code == 303
    with as_owner():
        period = subscription.partners_of_record.in_force().get()
        assert (period.set_by_name, period.set_by.name) == ("Gloria Admin", "Gloria Admin")
        assert period.valid.lower > before


def test_a_disabled_subscription_shows_the_reason_and_refuses(client, subscription):
    fields = acts.checked(client, subscription, "935287")
    become(subscription, SubscriptionStatus.DISABLED)
    before = footprint(subscription)
    shown = client.get(f"/t/alpha/billing/subscriptions/{subscription.uuid}/")
    assert "This subscription is disabled, so its partner of record can only be read." in shown.content.decode()
    assert acts.submit(client, subscription, fields).status_code == 409
    assert acts.submit(client, subscription, fields | {"partner_id": ""}).status_code == 409
    assert footprint(subscription) == before


def test_a_deleted_subscription_is_not_found(client, subscription):
    fields = acts.checked(client, subscription, "935287")
    become(subscription, SubscriptionStatus.DELETED)
    assert acts.submit(client, subscription, fields).status_code == 404
    assert client.get(acts.edit_url(subscription)).status_code == 404
    assert client.get(f"/t/alpha/billing/subscriptions/{subscription.uuid}/").status_code == 404


@pytest.mark.parametrize("status", [SubscriptionStatus.TRIAL, SubscriptionStatus.EXPIRED])
def test_in_a_trial_and_in_grace_it_may_be_set(client, subscription, status):
    become(subscription, status)
    assert acts.set_partner(client, subscription, "935287").status_code == 303
    assert periods(subscription)[-1] == ("935287", True)


def become(subscription, status) -> None:
    with as_owner():
        type(subscription).objects.filter(pk=subscription.pk).update(status=status)
