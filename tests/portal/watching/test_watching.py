"""What is answered to who watches the portal, and the ID that every request has."""

import json
import logging
import re
import uuid

import pytest
import structlog
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from portal.fitness import table
from portal.installation.events import SetUp
from portal.version import VERSION
from portal.watching import metrics
from subscriptions.access import the_installation
from subscriptions.audit import acts as audit
from subscriptions.models.audit_event import AuditKind
from tests.database import as_owner
from tests.factories import make_subscription, make_tenant


@pytest.fixture
def watch(settings) -> Client:
    settings.WATCH_PATH = "/watch/"
    return Client(headers={"host": "10.0.0.7:8000"})


def numbers(watch: Client) -> dict[str, float]:
    lines = watch.get("/watch/metrics").content.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))}


def test_livez_answers_without_a_database(watch, django_db_blocker):
    answer = watch.get("/watch/livez")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "no-store")


@pytest.mark.django_db
def test_readyz_says_each_check_of_the_table_and_no_worker_turns_nobody_away(watch):
    table.fitness(afresh=True)
    answer = watch.get("/watch/readyz")
    told = json.loads(answer.content)
    assert (answer.status_code, told["ready"]) == (200, True)
    assert set(told["checks"]) == {check.code for check in table.CHECKS}
    assert told["standby"] == "STANDBY_URL is not set, so all pages are read from the database itself."
    assert (told["checks"]["grants"], told["checks"]["worker"]) == ("good", "error")


@pytest.mark.django_db
def test_readyz_is_a_503_where_grants_are_missing(watch):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("REVOKE SELECT ON subscriptions_tenant FROM portal_staff")
    table.fitness(afresh=True)
    answer = watch.get("/watch/readyz")
    assert (answer.status_code, json.loads(answer.content)["ready"]) == (503, False)


@pytest.mark.django_db
def test_metrics_count_requests_by_view_and_status_and_say_what_waits(watch, anonymous):
    name = 'portal_requests_total{method="GET",status="200",view="account_login"}'
    before = numbers(watch).get(name, 0)
    anonymous.get("/accounts/sign-in/")
    after = numbers(watch)
    assert after[name] == before + 1
    assert after['portal_request_seconds_count{view="account_login"}'] >= 1
    assert (after["portal_database_up"], after["portal_workers"], after["portal_jobs_waiting"]) == (1, 0, 0)
    assert after['portal_mails{state="failed"}'] == 0
    assert abs(after["portal_clock_skew_seconds"]) < 2
    sessions = sum(value for name, value in after.items() if name.startswith("portal_database_sessions{"))
    assert 1 <= sessions < after["portal_database_sessions_most"]


@pytest.mark.django_db
def test_metrics_count_refusals_acts_and_the_time_of_the_database(watch, sign_in, reader, alpha):
    make_tenant(slug="beta")
    subscription = make_subscription(tenant=alpha)
    person, before = sign_in(reader), numbers(watch)
    assert person.get("/t/beta/").status_code == 404
    cancel = reverse("subscriptions:cancel", args=["alpha", subscription.uuid])
    assert person.post(cancel, {"version": "1"}).status_code == 403
    with as_owner():
        audit.record(AuditKind.INSTALLATION, by=the_installation(), tenant=None, subject_name="x", facts=SetUp())
    after = numbers(watch)
    told = {name: value for name, value in after.items() if name.startswith("portal_refusals_total")}
    assert {name: more for name, value in told.items() if (more := value - before.get(name, 0))} == {
        'portal_refusals_total{code="not-a-member",status="404"}': 1,
        'portal_refusals_total{code="role",status="403"}': 1,
    }
    assert after['portal_acts{kind="installation.set-up"}'] == 1
    assert after['portal_database_seconds_sum{view="subscriptions:cancel"}'] > 0


def test_metrics_without_a_database_say_so(watch, monkeypatch):
    def away(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr(metrics.transaction, "atomic", away)
    assert numbers(watch)["portal_database_up"] == 0


@pytest.mark.parametrize("name", ["livez", "readyz", "metrics"])
def test_what_came_through_a_proxy_and_what_is_not_asked_for_is_not_there(watch, settings, name):
    assert watch.get(f"/watch/{name}", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    assert watch.post(f"/watch/{name}").status_code == 404
    assert watch.get(f"/watch/{name}/").status_code == 404
    settings.WATCH_PATH = ""
    assert Client().get(f"/watch/{name}").status_code in (302, 404)


@pytest.mark.django_db
def test_every_answer_has_an_id_that_is_the_proxys_own_where_there_is_one(anonymous, settings):
    given = {"X-Request-ID": "proxy-0123456789"}
    first = anonymous.get("/accounts/sign-in/", headers=given)["X-Request-ID"]
    assert uuid.UUID(first).version == 4
    settings.BEHIND_PROXY = True
    assert anonymous.get("/accounts/sign-in/", headers=given)["X-Request-ID"] == given["X-Request-ID"]
    for wrong in ("short", "x" * 65, "a b c d e f g h", "<script>alert"):
        uuid.UUID(anonymous.get("/nowhere/", headers={"X-Request-ID": wrong})["X-Request-ID"])


@pytest.mark.django_db
def test_a_page_of_a_fault_names_the_request_and_one_that_is_missing_does_not(anonymous, monkeypatch):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    anonymous.raise_request_exception = False
    missing = anonymous.get("/nowhere/", follow=True)
    assert missing["X-Request-ID"] not in missing.content.decode()
    monkeypatch.setattr("portal.accounts.pages.SignInView.get_context_data", broken)
    fault = anonymous.get("/accounts/sign-in/")
    assert fault.status_code == 500
    assert f"name this request: {fault['X-Request-ID']}" in fault.content.decode()


@pytest.mark.django_db
def test_each_request_is_a_line_of_the_log_without_what_a_link_is_good_for(anonymous, settings, caplog):
    settings.ACCESS_LOG = True
    answer = anonymous.get("/invitations/a-secret-token/")
    line = next(record.msg for record in caplog.records if record.name == "portal.requests")
    assert (line["event"], line["request_id"], line["status"]) == (
        "request",
        answer["X-Request-ID"],
        answer.status_code,
    )
    settings.ACCESS_LOG = False
    caplog.clear()
    anonymous.get("/accounts/sign-in/")
    assert not re.search("portal.requests", str([record.name for record in caplog.records]))


@pytest.mark.django_db
def test_staff_the_log_and_who_watches_are_told_the_version(watch, sign_in, staff):
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    assert json.loads(watch.get("/watch/readyz").content)["version"] == VERSION
    assert f'portal_build_info{{version="{VERSION}"}} 1.0' in watch.get("/watch/metrics").content.decode()
    assert f"Version {VERSION}" in sign_in(staff).get("/staff/").content.decode()
    line = logging.LogRecord("portal", logging.INFO, "", 0, "word", None, None)
    made = {name: each for name, each in settings.LOGGING["formatters"]["json"].items() if name != "()"}
    assert json.loads(structlog.stdlib.ProcessorFormatter(**made).format(line))["version"] == VERSION


@pytest.mark.parametrize("is_demo", [True, False])
def test_only_a_demo_tells_the_browser_what_took_how_long(settings, sign_in, global_admin, is_demo):
    settings.DEMO = is_demo
    told = sign_in(global_admin).get("/t/alpha/").headers.get("Server-Timing", "")
    assert bool(re.fullmatch(r"db;dur=[0-9.]+, total;dur=[0-9.]+", told)) is is_demo
