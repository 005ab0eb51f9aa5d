"""A session that the server ends: before COMMIT nothing was done; at COMMIT nobody knows, and the form goes again."""

import json
import logging

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import resolve, reverse
from django.utils import translation
from psycopg.errors import AdminShutdown

from portal.database.backend.base import base
from portal.errors import fault_page
from subscriptions.db.faults import Fault
from subscriptions.models import Subscription
from tests.database import owner_session
from tests.factories import PASSWORD, make_partner, make_partner_of_record, make_subscription
from tests.facts import footprint, periods
from tests.page import fields_of, inside, parse
from tests.partners.partner_of_record import client as acts

pytestmark = pytest.mark.django_db(transaction=True)
KILL_AT_COMMIT = """
    CREATE FUNCTION kill_at_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
    CREATE CONSTRAINT TRIGGER kill_at_commit AFTER INSERT ON subscriptions_idempotencykey
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kill_at_commit()
"""


@pytest.fixture
def subscription(alpha) -> Subscription:
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    make_partner(number="935287", name="Another")
    return subscription


@pytest.fixture
def client(global_admin, sign_in) -> Client:
    client = sign_in(global_admin)
    client.raise_request_exception = False
    return client


@pytest.fixture
def fields(client, subscription) -> dict[str, str]:
    return acts.checked(client, subscription, "935287")


@pytest.fixture
def killed_at_commit(fields):
    """The server ends the session after COMMIT has come and before it is carried out."""
    with owner_session() as owner:
        owner.execute(KILL_AT_COMMIT)
    yield
    with owner_session() as owner:
        owner.execute("DROP FUNCTION IF EXISTS kill_at_commit() CASCADE")


def committed_without_an_answer(monkeypatch) -> None:
    """The server has carried out COMMIT, and its answer is lost."""
    commit = base.DatabaseWrapper._commit

    def lose_the_answer(self):
        commit(self)
        if self.alias == "default":
            self.connection.close()
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(base.DatabaseWrapper, "_commit", lose_the_answer)


def form(answer) -> tuple[str, dict[str, str]]:
    (form,) = inside(parse(answer.content.decode()), "form")
    return form.get("action"), fields_of(form)


def assert_nobody_knows(answer) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "We do not know whether this was done" in answer.content.decode()
    assert "Nothing was changed" not in answer.content.decode()


def kill() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        with owner_session() as owner:
            owner.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])


def test_a_session_killed_before_its_commit_is_a_503_and_nothing_was_done(subscription, client, fields, monkeypatch):
    before = footprint(subscription)
    monkeypatch.setattr("partners.partner_of_record.acts.tell", lambda *_, **__: kill())  # the last that it does
    answer = acts.submit(client, subscription, fields)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "We do not know" not in answer.content.decode()
    monkeypatch.undo()
    assert footprint(subscription) == before
    assert acts.submit(client, subscription, fields).status_code == 303


def test_a_lost_commit_that_was_not_carried_out_is_done_by_the_same_form(
    subscription, client, fields, killed_at_commit
):
    client.handler.enforce_csrf_checks = True
    answer = client.post(acts.edit_url(subscription), fields | {"csrfmiddlewaretoken": client.cookies["csrf"].value})
    assert_nobody_knows(answer)
    with owner_session() as owner:
        owner.execute("DROP FUNCTION kill_at_commit() CASCADE")
    assert periods(subscription) == [("565380", True)]
    action, sent = form(answer)
    assert {name: sent[name] for name in fields} == fields
    assert client.post(action, sent).status_code == 303
    assert periods(subscription) == [("565380", False), ("935287", True)]


def test_a_lost_commit_that_was_carried_out_is_not_done_twice(subscription, client, fields, monkeypatch):
    committed_without_an_answer(monkeypatch)
    answer = acts.submit(client, subscription, fields)
    monkeypatch.undo()
    assert_nobody_knows(answer)
    after = footprint(subscription)
    assert periods(subscription) == [("565380", False), ("935287", True)]
    action, sent = form(answer)
    outcome = client.post(action, sent, follow=True)
    assert (outcome.status_code, footprint(subscription)) == (200, after)
    assert acts.edit_url(subscription).startswith(outcome.redirect_chain[-1][0])


def test_a_lost_commit_shows_no_message_of_what_it_may_have_done(subscription, client, fields, monkeypatch):
    committed_without_an_answer(monkeypatch)
    answer = acts.submit(client, subscription, fields)
    monkeypatch.undo()
    assert "messages" not in answer.cookies


def test_a_form_with_a_secret_leads_back_to_its_page(client, global_admin, monkeypatch):
    wanted = {"oldpassword": PASSWORD, "password1": "another-horse-2026", "password2": "another-horse-2026"}
    page = "/accounts/password/change/"
    committed_without_an_answer(monkeypatch)
    answer = client.post(page, wanted, headers={"Referer": f"http://testserver{page}"})
    monkeypatch.undo()
    assert_nobody_knows(answer)
    text = answer.content.decode()
    assert f'href="{page}"' in text
    assert {secret for secret in wanted.values() if secret in text} == set()
    assert list(inside(parse(text), "form")) == []


@pytest.mark.parametrize("before", ["https://evil.example/account/", "http://testserver//evil.example/", ""])
def test_no_page_leads_to_where_another_site_wants(client, monkeypatch, before):
    committed_without_an_answer(monkeypatch)
    answer = client.post("/account/", {"language": "", "time_zone": "", "theme": "dark"}, headers={"Referer": before})
    monkeypatch.undo()
    assert_nobody_knows(answer)
    assert '<a class="button primary" href="/account/">' in answer.content.decode()


def test_a_page_that_only_reads_has_nothing_to_be_unsure_of(client, alpha, monkeypatch):
    committed_without_an_answer(monkeypatch)
    answer = client.get("/t/alpha/")
    monkeypatch.undo()
    assert answer.status_code == 503
    assert "We do not know" not in answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("de", "Wir wissen nicht"), ("zh-hans", "我们不知道")])
def test_a_lost_commit_is_told_in_the_readers_language(subscription, client, fields, monkeypatch, language, words):
    committed_without_an_answer(monkeypatch)
    with translation.override(None):
        answer = client.post(acts.edit_url(subscription), fields, headers={"Accept-Language": language})
    monkeypatch.undo()
    assert words in answer.content.decode()


def codes(caplog) -> list[int]:
    """The codes that the lines of the request tell."""
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    lines = [json.loads(handler.format(record)) for record in caplog.records]
    return [line["code"] for line in lines if "code" in line]


def test_the_log_tells_the_code_of_the_answer(subscription, client, fields, caplog, monkeypatch):
    committed_without_an_answer(monkeypatch)
    acts.submit(client, subscription, fields)
    assert set(codes(caplog)) == {503}


def test_the_log_tells_it_where_the_session_cannot_be_read(client, caplog, monkeypatch):
    def fail(*_):
        raise OperationalError("x") from AdminShutdown("x")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    assert client.get("/").status_code == 503
    assert set(codes(caplog)) == {503}


def test_the_log_tells_it_where_something_else_than_a_page_fails(client, caplog, monkeypatch):
    def fail(*_):
        raise OperationalError("x") from AdminShutdown("x")

    monkeypatch.setattr("portal.middleware.AccountLanguageMiddleware.__call__", fail)
    assert client.get("/").status_code == 503
    assert set(codes(caplog)) == {503}


def test_a_form_of_how_somebody_pays_leads_back_to_its_page(alpha, client, monkeypatch):
    url = reverse("subscriptions:payment-method", args=["alpha", make_subscription(tenant=alpha).uuid])
    request = RequestFactory().post(url, {"key": "1", "purchase_order_number": "PO-4711"})
    request.resolver_match = resolve(url)
    page = fault_page(request, Fault.COMMIT_LOST).content.decode()
    assert (f'href="{url}"' in page, "PO-4711" in page, "<form" in page) == (True, False, False)
