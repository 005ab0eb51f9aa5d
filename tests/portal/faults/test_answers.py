"""Each family of SQLSTATE, raised by the server in the middle of an act and of a page that only reads."""

import pytest
from django.db import connection, connections

from subscriptions.models import Subscription
from tests.database import as_owner
from tests.factories import PASSWORD, make_partner, make_subscription
from tests.facts import footprint
from tests.partners.partner_of_record import client as acts

RAISE = "DO $$ BEGIN RAISE EXCEPTION 'SELECT' USING ERRCODE = '{}'; END $$"
# (of an act, of a page that only reads)
ANSWERS = {
    "55P03": (409, 503),
    "40P01": (409, 503),
    "40001": (409, 503),
    "25006": (503, 503),
    "25P03": (503, 503),
    "25P04": (503, 503),
    "57014": (503, 503),
    "57P01": (503, 503),
    "57P02": (503, 503),
    "57P03": (503, 503),
    "08006": (503, 503),
    "53100": (503, 503),
    "53200": (503, 503),
    "53300": (503, 503),
    "XX001": (500, 500),
    "22012": (500, 500),
}
EACH = pytest.mark.parametrize(("state", "of_act", "of_page"), [(state, *both) for state, both in ANSWERS.items()])


@pytest.fixture
def client(global_admin, sign_in):
    client = sign_in(global_admin)
    client.raise_request_exception = False
    return client


@pytest.fixture
def subscription(alpha) -> Subscription:
    make_partner()
    return make_subscription(tenant=alpha)


def raising(state: str):
    def fail(*_, **__):
        with connection.cursor() as cursor:
            cursor.execute(RAISE.format(state))

    return fail


def assert_answered(answer, status: int) -> None:
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("10" if status == 503 else None)
    assert "Nothing was changed" not in answer.content.decode()


@EACH
def test_an_act_is_answered_by_the_state_and_nothing_of_it_is_done(
    subscription, client, monkeypatch, state, of_act, of_page
):
    fields, before = acts.checked(client, subscription, "565380"), footprint(subscription)
    monkeypatch.setattr("partners.partner_of_record.acts.tell", raising(state))
    assert_answered(acts.submit(client, subscription, fields), of_act)
    assert footprint(subscription) == before


@EACH
def test_a_page_that_only_reads_is_never_a_conflict(alpha, client, monkeypatch, state, of_act, of_page):
    monkeypatch.setattr("subscriptions.audit.pages.AuditLog.found", raising(state))
    assert_answered(client.get("/t/alpha/settings/audit-log/"), of_page)


def test_a_part_of_a_page_gets_the_same_code(subscription, client, monkeypatch):
    fields = acts.opened(client, subscription) | {"partner_id": "565380"}
    monkeypatch.setattr("partners.directory.reads.count_request", raising("55P03"))
    assert_answered(acts.check(client, subscription, fields, headers={"HX-Request": "true"}), 409)


def test_where_the_counters_of_attempts_are_gone_nobody_gets_on(global_admin, anonymous):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE portal_cache")
    answer = anonymous.post("/accounts/password/reset/", {"email": global_admin.email})
    assert answer.status_code == 429


def test_where_the_limits_cannot_be_counted_no_password_is_tried_and_nothing_is_looked_up(
    subscription, client, global_admin, anonymous, caplog
):
    with as_owner("counters"), connections["counters"].cursor() as cursor:
        cursor.execute("ALTER TABLE subscriptions_requestcounter RENAME TO gone")
    answer = anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "session" not in anonymous.cookies
    fields = acts.opened(client, subscription) | {"partner_id": "565380"}
    assert acts.check(client, subscription, fields).status_code == 429
    assert "counters_gone" in caplog.text
    assert client.get("/t/alpha/").status_code == 200


def test_who_tries_a_password_that_cannot_be_counted_is_not_signed_in(global_admin, anonymous, monkeypatch):
    monkeypatch.setattr("portal.accounts.attempts.count_request", raising("55P03"))
    answer = anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": PASSWORD})
    assert_answered(answer, 409)
    assert "session" not in anonymous.cookies
