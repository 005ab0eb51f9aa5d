"""A lock that somebody else holds: a conflict for who changes something, a moment's wait for who reads."""

import time

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from portal.faults import TRIES
from subscriptions.models import Subscription, User
from tests.factories import PASSWORD, make_partner, make_partner_of_record, make_subscription
from tests.facts import footprint
from tests.partners.partner_of_record import client as acts
from tests.portal.faults.client import held_for, impatient, row_held, table_held  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True)
AUDIT_LOG = "/t/alpha/settings/audit-log/"


@pytest.fixture
def subscription(alpha) -> Subscription:
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    make_partner(number="935287", name="Another")
    return subscription


@pytest.fixture
def client(global_admin, sign_in):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    return client


def test_a_row_that_somebody_holds_is_a_conflict_in_about_two_seconds(subscription, client):
    fields, before = acts.checked(client, subscription, "935287"), footprint(subscription)
    with row_held(subscription):
        asked_at = time.monotonic()
        answer = acts.submit(client, subscription, fields)
        waited = time.monotonic() - asked_at
    assert (answer.status_code, 1.9 < waited < 4) == (409, True)
    assert footprint(subscription) == before
    assert acts.submit(client, subscription, fields).status_code == 303


@pytest.mark.parametrize(
    "table", ["procrastinate_jobs", "subscriptions_mail", "subscriptions_requestcounter", "subscriptions_user"]
)
def test_a_table_is_as_well_also_that_of_the_jobs(subscription, client, impatient, table):  # noqa: F811
    fields, before = acts.checked(client, subscription, "935287"), footprint(subscription)
    with table_held(table):
        answer = acts.submit(client, subscription, fields)
    assert (answer.status_code, footprint(subscription)) == (409, before)
    assert acts.submit(client, subscription, fields).status_code == 303


@pytest.mark.parametrize("table", ["subscriptions_auditevent", "django_session", "subscriptions_user"])
def test_a_page_that_only_reads_waits_for_who_lets_go(client, alpha, impatient, table):  # noqa: F811
    with held_for(0.5, table):
        assert client.get(AUDIT_LOG).status_code == 200


@pytest.mark.parametrize("table", ["subscriptions_auditevent", "django_session"])
def test_a_page_that_only_reads_says_when_to_come_back_where_nobody_lets_go(client, alpha, impatient, table):  # noqa: F811
    with table_held(table):
        for answer in (client.get(AUDIT_LOG), client.head(AUDIT_LOG)):
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert client.get(AUDIT_LOG).status_code == 200


@pytest.mark.parametrize("cause", [DeadlockDetected, LockNotAvailable])
def test_a_page_that_only_reads_is_tried_so_often_and_no_more(client, alpha, monkeypatch, cause):
    tried = []

    def fail(*_, **__):
        tried.append(1)
        raise OperationalError("SELECT") from cause("SELECT")

    monkeypatch.setattr("subscriptions.audit.pages.AuditLog.found", fail)
    answer = client.get(AUDIT_LOG)
    assert (answer.status_code, len(tried)) == (503, TRIES)


def test_a_session_that_cannot_be_saved_is_judged_as_well(client, global_admin, impatient):  # noqa: F811
    """Django calls it a bad request of somebody who has signed out meanwhile."""
    with table_held("django_session"):
        answer = client.post("/accounts/sign-out/")
    assert answer.status_code == 409


def test_who_signs_in_does_not_wait_for_the_row_of_the_account(anonymous, global_admin, caplog):
    asked_at = time.monotonic()
    with row_held(global_admin):
        answer = anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": "x" * 12})
        assert answer.status_code == 200
        fields = {"login": global_admin.email, "password": PASSWORD}
        assert anonymous.post("/accounts/sign-in/", fields).status_code == 302
    assert time.monotonic() - asked_at < 2
    assert anonymous.get("/").status_code == 200
    (line,) = [record.msg for record in caplog.records if record.name == "portal.bookkeeping"]
    assert line["what"] == "last login"
    assert User.objects.get(pk=global_admin.pk).last_login is None
