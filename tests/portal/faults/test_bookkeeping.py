"""The trace of a refusal stands beside the answer: where it cannot be kept, the answer is what it was."""

import json
import logging
import time
from urllib.parse import quote_plus

import pytest
from django.db import Error, connection, transaction
from django.urls import reverse

from subscriptions.db.bookkeeping import beside_the_act
from tests.database import as_owner, owner_session
from tests.factories import make_subscription
from tests.personas import open_session
from tests.portal.faults.client import table_held
from tests.portal.faults.test_read_only import become_read_only

TABLE = "subscriptions_refusalrecord"


@pytest.fixture
def client(beta, global_admin, sign_in):
    return sign_in(global_admin)


def assert_not_found_and_said(client, caplog) -> None:
    assert client.get("/t/beta/").status_code == 404
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    written = [handler.format(record) for record in caplog.records if record.name == "portal.bookkeeping"]
    (line,) = written
    assert (json.loads(line)["what"], "\n" in line) == ("refusal", False)


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_holds_delays_the_answer_for_a_moment(client, caplog):
    with table_held(TABLE):
        asked_at = time.monotonic()
        assert_not_found_and_said(client, caplog)
        assert time.monotonic() - asked_at < 1.5


def test_a_table_that_is_gone_changes_no_answer(client, caplog):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {TABLE}")
    assert_not_found_and_said(client, caplog)


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        return cursor.fetchone()[0]


def test_the_act_around_it_goes_on_with_its_own_patience(db):
    with transaction.atomic():
        with beside_the_act("something"):
            assert limit() == "300ms"
        assert limit() == "2s"
        with beside_the_act("something"), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")
        assert limit() == "2s"


@pytest.mark.django_db(transaction=True)
def test_an_act_that_cannot_go_on_is_not_taken_back_in_silence(db):
    with pytest.raises(Error), transaction.atomic(), beside_the_act("something"), connection.cursor() as cursor:
        with owner_session() as owner:
            owner.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        cursor.execute("SELECT 1")


@pytest.fixture
def cancel(alpha, global_admin, sign_in):
    """The form of an act, open, in a browser whose session has ended since."""
    client, subscription = sign_in(global_admin), make_subscription(tenant=alpha)
    url = reverse("subscriptions:cancel", args=["alpha", subscription.uuid])
    form = client.get(url).context["form"]
    fields = {field.name: str(field.value() or "") for field in form} | {"when": "now", "reason": "We merge"}
    del client.cookies["session"]
    return client, url, fields


def test_what_cannot_be_kept_over_a_sign_in_still_leads_there(cancel):
    client, url, fields = cancel
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE subscriptions_keptform")
    answer = client.post(url, fields)
    assert answer.url == f"/accounts/sign-in/?next={quote_plus(url)}"
    assert "kept" not in client.cookies


def test_what_was_kept_is_shown_where_nothing_can_be_written(cancel, global_admin):
    client, url, fields = cancel
    assert client.post(url, fields).status_code == 302
    open_session(client, global_admin, proved_ago=0)
    become_read_only()
    answer = client.get(url)
    assert (answer.status_code, answer.context["form"]["reason"].value()) == (200, "We merge")
