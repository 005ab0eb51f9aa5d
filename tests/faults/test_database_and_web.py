"""A session killed, a database crashed, a web worker killed: nothing half done, and the next request is fine."""

import time
import urllib.error
from http.client import RemoteDisconnected

import pytest

from tests.faults.client import Browser, Program
from tests.faults.facts import Submitting, wait_until

pytestmark = pytest.mark.cluster
AT_ONCE = 5  # seconds, on a machine that does much else
LIST = "/api/v1/t/contoso/subscriptions"
KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_app'"


@pytest.fixture
def submitting(installation) -> Submitting:
    return Submitting(installation)


def test_a_session_killed_mid_request_is_a_503_and_nothing_is_committed(installation, submitting):
    before = submitting.state
    with submitting.in_the_middle() as (future, session):
        installation.ask("SELECT pg_terminate_backend(%s)", session)
        answer = future.result()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert submitting.state == before
    assert submitting.submit().path == submitting.detail
    assert submitting.state[0] == before[0] + 1


def test_sessions_killed_between_requests_are_noticed_by_nobody(installation, submitting):
    for _ in range(3):
        assert submitting.browser.open(submitting.detail).status == 200
        assert installation.ask(KILL)
    assert submitting.browser.open(submitting.detail).status == 200
    installation.ask(KILL)
    assert submitting.submit().path == submitting.detail


def test_a_killed_web_worker_leaves_nothing_half_done_and_is_replaced(installation, submitting):
    before, worker = submitting.state, installation.web_worker()
    with submitting.in_the_middle() as (future, _session):
        worker.kill()
        with pytest.raises((urllib.error.URLError, RemoteDisconnected, ConnectionError)):
            future.result()
    assert submitting.state == before
    wait_until(lambda: submitting.browser.open(submitting.detail).status == 200)
    assert submitting.submit().path == submitting.detail
    assert submitting.state[0] == before[0] + 1


def test_a_form_sent_twice_acts_once(submitting):
    before = submitting.state
    answers = [submitting.submit() for _ in range(2)]
    assert [(answer.status, answer.path) for answer in answers] == [(200, submitting.detail)] * 2
    assert submitting.state[0] == before[0] + 1


def test_a_crashed_database_is_a_503_at_once_and_its_return_is_enough(installation, submitting):
    worker = installation.web_worker()
    program = Program(installation.site, installation.token_of("contoso"))
    assert program.ask(LIST).status == 200
    installation.crash_database()
    asked_at = time.monotonic()
    told = program.ask(LIST)
    assert time.monotonic() - asked_at < AT_ONCE
    assert (told.status, told.headers["Content-Type"]) == (503, "application/problem+json")
    assert told.headers["Retry-After"] == "10"
    asked_at = time.monotonic()
    answer = submitting.browser.open(submitting.detail)
    assert time.monotonic() - asked_at < AT_ONCE
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert "Traceback" not in answer.text
    stranger = Browser(installation.site)  # the page of the sign-in asks the database nothing; signing in does
    assert stranger.open(submitting.detail).status == 200
    assert stranger.sign_in("admin@contoso.example", "demo-portal-2026").status == 503
    assert submitting.submit().status == 503
    installation.server.start()
    assert submitting.browser.open(submitting.detail).status == program.ask(LIST).status == 200
    assert submitting.submit().path == submitting.detail
    assert installation.web_worker() == worker
