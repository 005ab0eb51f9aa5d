"""An error page tells nothing of the inside, and a log line is one line without secrets."""

import json
import logging
import time

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import InternalError, OperationalError, ProgrammingError, connection
from django.test import Client
from django.utils import translation
from psycopg.errors import DataCorrupted, IdleInTransactionSessionTimeout

from partners.directory.forms import CHECKED_SALT
from portal.log_lines import without_links
from subscriptions.models import RefusalRecord
from tests.database import as_owner
from tests.factories import PASSWORD, make_member, make_partner, make_subscription
from tests.partners.partner_of_record import client as acts

INSIDE = ("Traceback", "SELECT", "psycopg", "Django", "SECRET", "DEBUG", "subscriptions_", "File &quot;", "5.2")
FAILURES = {
    500: ZeroDivisionError("division by SECRET_KEY"),
    503: OperationalError("SELECT * FROM subscriptions_user"),
    400: SuspiciousOperation("SELECT"),
}


@pytest.fixture
def client(global_admin, sign_in) -> Client:
    client = sign_in(global_admin)
    client.raise_request_exception = False
    return client


def inside(answer) -> set[str]:
    return {word for word in INSIDE if word in answer.content.decode()}


@pytest.mark.parametrize("status", FAILURES)
def test_a_failure_tells_nothing(alpha, client, monkeypatch, status):
    def fail(*_, **__):
        raise FAILURES[status]

    monkeypatch.setattr("subscriptions.audit.pages.AuditLog.found", fail)
    answer = client.get("/t/alpha/settings/audit-log/")
    assert answer.status_code == status
    assert inside(answer) == set()
    assert "alpha" not in answer.content.decode()


def test_a_forgotten_scope_is_a_plain_500(alpha, client, monkeypatch):
    monkeypatch.setattr(
        "subscriptions.audit.pages.AuditLog.found", lambda *_: (_ for _ in ()).throw(ProgrammingError("SELECT"))
    )
    answer = client.get("/t/alpha/settings/audit-log/")
    assert (answer.status_code, inside(answer)) == (500, set())


def test_a_database_that_is_away_says_when_to_come_back(alpha, client, monkeypatch):
    monkeypatch.setattr(
        "subscriptions.audit.pages.AuditLog.found", lambda *_: (_ for _ in ()).throw(OperationalError("gone"))
    )
    assert client.get("/t/alpha/settings/audit-log/").headers["Retry-After"] == "10"


@pytest.mark.django_db(transaction=True)
def test_a_session_ended_while_its_request_did_something_else_is_a_503(alpha, client, monkeypatch):
    """The server itself ends it; the next statement says so by an InternalError."""

    def think_too_long(*_):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
            time.sleep(0.1)
            cursor.execute("SELECT 1")

    monkeypatch.setattr("subscriptions.audit.pages.AuditLog.found", think_too_long)
    answer = client.get("/t/alpha/settings/audit-log/")
    assert (answer.status_code, answer.headers["Retry-After"], inside(answer)) == (503, "10", set())
    monkeypatch.undo()
    assert client.get("/t/alpha/settings/audit-log/").status_code == 200


@pytest.mark.parametrize(("cause", "status"), [(IdleInTransactionSessionTimeout, 503), (DataCorrupted, 500)])
def test_an_internal_error_of_the_database_is_our_fault_unless_it_ended_the_session(
    alpha, client, monkeypatch, cause, status
):
    def fail(*_, **__):
        raise InternalError("SELECT") from cause("SELECT")

    monkeypatch.setattr("subscriptions.audit.pages.AuditLog.found", fail)
    answer = client.get("/t/alpha/settings/audit-log/")
    assert (answer.status_code, inside(answer)) == (status, set())


@pytest.mark.parametrize("path", ["/nowhere/", "/t/beta/", "/t/alpha/billing/subscriptions/not-a-uuid/", "/%00/"])
def test_not_found_tells_nothing(client, path):
    answer = client.get(path)
    assert (answer.status_code, inside(answer)) == (404, set())


def test_a_missing_token_and_a_refusal_tell_nothing(alpha, global_admin, reader, sign_in):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(global_admin)
    for answer in (
        strict.post("/account/theme/"),
        sign_in(reader).get(acts.edit_url(make_subscription(tenant=alpha))),
    ):
        assert (answer.status_code, inside(answer)) == (403, set())


def test_a_strange_host_tells_nothing(client):
    answer = client.get("/", headers={"Host": "evil.example"})
    assert (answer.status_code, inside(answer)) == (400, set())


def test_a_failure_before_the_person_is_known_speaks_the_language_of_the_browser(anonymous, monkeypatch, db):
    """Not that of whom the thread has served before."""

    def fail(*_):
        raise OperationalError("SELECT")

    anonymous.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    anonymous.cookies["session"] = "of-somebody"
    for host, status in {"testserver": 503, "evil.example": 400}.items():
        with translation.override("zh-hans"):
            answer = anonymous.get("/", headers={"Accept-Language": "de", "Host": host})
        assert (answer.status_code, '<html lang="de"' in answer.content.decode()) == (status, True)


def lines(caplog) -> list[str]:
    """Each record as the portal's own handler writes it."""
    (handler,) = [each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler]
    return [handler.format(record) for record in caplog.records]


def test_a_line_break_in_what_is_logged_stays_one_line(alpha, client, caplog):
    client.get("/t/alpha/billing/%0Alevel=INFO%0D%0A%E2%80%A8/")
    logging.getLogger("portal.test").warning("name: %s", "a\nlevel=INFO")
    written = lines(caplog)
    assert written
    assert [line for line in written if "\n" in line or "\r" in line] == []
    assert all(json.loads(line)["level"] == "warning" for line in written)


def test_secrets_are_in_no_line(alpha, caplog, anonymous, global_admin):
    caplog.set_level(logging.DEBUG)
    sentinel = "sentinel-password-1234"
    anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": sentinel})
    anonymous.post("/accounts/sign-in/", {"login": global_admin.email, "password": PASSWORD})
    subscription, partner = make_subscription(tenant=alpha), make_partner()
    fields = acts.checked(anonymous, subscription, partner.number)
    acts.submit(anonymous, subscription, fields)
    written = "\n".join(line for line in lines(caplog) if '"django.db' not in line)
    secrets = {sentinel, PASSWORD, anonymous.cookies["session"].value, fields["checked"], CHECKED_SALT}
    assert anonymous.cookies["session"].value
    assert {secret for secret in secrets if secret in written} == set()


def test_a_failure_logs_no_password_that_was_typed(alpha, caplog, anonymous, monkeypatch):
    person = make_member(tenant=alpha, email="typed@alpha.example")
    anonymous.raise_request_exception = False
    monkeypatch.setattr("portal.accounts.pages.SignInView.form_valid", lambda *_: 1 / 0)
    answer = anonymous.post("/accounts/sign-in/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 500
    assert PASSWORD not in "\n".join(lines(caplog))


TOKENS = [
    "por_{}-ABC_def",
    "x?access_token={}",
    "x?a=b&client_secret={}&c=d",
    "x?token=pot_{}==",
    "x?next=%2Fapi%3Fclient_secret%3D{}",
    "x?secret=whsec_{}%2B%2F%3D",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_in_an_address_is_in_no_line(token, caplog, anonymous, db):
    caplog.set_level(logging.INFO, logger="django_structlog")
    anonymous.get(f"/api/v1/{token.format('SENTINEL')}")
    written = "\n".join(lines(caplog))
    assert '"event": "request_finished"' in written
    assert ("SENTINEL" in written, "[left out]" in written) == (False, True)


LINKS = [
    "/accounts/password/reset/key/1-{}/",
    "/accounts/password/reset/key/1-{}/more/",
    "/offers/{}/",
    "/p/565380/offers/new/{}/",
    "/accounts/sign-in/?next=%2Fp%2F565380%2Foffers%2Fnew%2F{}%2F",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_that_is_good_for_something_is_in_no_line(link, caplog, anonymous, db):
    caplog.set_level(logging.INFO, logger="django_structlog")
    anonymous.get(link.format("SENTINEL"))
    written = "\n".join(lines(caplog))
    assert '"event": "request_finished"' in written
    assert "SENTINEL" not in written


@pytest.mark.parametrize("link", LINKS)
def test_nor_while_the_database_is_away(link, caplog, anonymous, monkeypatch, db):
    def fail(*_):
        raise OperationalError("SELECT")

    anonymous.raise_request_exception = False
    anonymous.cookies["session"] = "of-somebody"
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", fail)
    answer, written = anonymous.get(link.format("SENTINEL")), "\n".join(lines(caplog))
    assert (answer.status_code, "Service Unavailable" in written) == (503, True)
    assert "SENTINEL" not in written


def test_nor_in_the_record_of_a_refusal(global_admin, sign_in):
    assert sign_in(global_admin).get("/p/565380/offers/new/SENTINEL/").status_code == 404
    with as_owner():
        (record,) = RefusalRecord.objects.all()
    assert record.path == "/p/565380/offers/new/[left out]/"


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/reset/key/done/",
        "/p/565380/offers/",
        "/p/565380/offers/new/",
        "/p/565380/offers/0c5b0a4e-9c0f-4b4e-8f0a-3d1b5f0f6a11/terms/",
        "/t/alpha/settings/partner-relationships/offers/0c5b0a4e-9c0f-4b4e-8f0a-3d1b5f0f6a11/",
    ],
)
def test_a_line_tells_every_other_address(path):
    line = json.dumps({"event": f"Not Found: {path}"})
    assert without_links(None, "warning", line) == line
