"""One POST to a receiver, and every way in which it can go wrong."""

import socket
import ssl
import time

import pytest

from subscriptions.models.webhook import Outcome
from subscriptions.webhooks import sending
from subscriptions.webhooks.sending import send


def post(url: str, **more):
    return send(url, b'{"a":1}', {"webhook-id": "1"}, **more)


def test_a_receiver_that_takes_it_is_delivered_to(receiver):
    sent = post(receiver.url)
    assert (sent.outcome, sent.status) == (Outcome.DELIVERED, 204)
    assert [(each.path, each.body) for each in receiver.got] == [("/hook", b'{"a":1}')]
    assert receiver.got[0].headers["host"] == f"127.0.0.1:{receiver.port}"


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
def test_an_error_is_one(receiver, status):
    receiver.status = status
    sent = post(receiver.url)
    assert (sent.outcome, sent.status) == (Outcome.REFUSED, status)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, status):
    receiver.status, receiver.headers = status, {"Location": "http://169.254.169.254/latest/"}
    sent = post(receiver.url)
    assert (sent.outcome, sent.status) == (Outcome.REDIRECTED, status)
    assert len(receiver.got) == 1


def test_a_receiver_that_hangs_is_left_in_time(receiver):
    receiver.pause = 3
    began = time.monotonic()
    assert post(receiver.url, seconds=0.4).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - began < 2


def test_a_receiver_that_answers_letter_by_letter_is_left_in_time_too(receiver):
    receiver.drip = True
    began = time.monotonic()
    assert post(receiver.url, seconds=0.4).outcome is Outcome.TIMED_OUT
    assert time.monotonic() - began < 2


def test_nobody_there_is_no_connection(settings):
    settings.WEBHOOKS_TO_THIS_MACHINE = True
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/").outcome is Outcome.UNREACHABLE


def test_a_certificate_that_nobody_vouches_for_is_refused(receiver):
    """The receiver speaks no TLS at all, which is no certificate either."""
    assert post(receiver.url.replace("http:", "https:")).outcome is Outcome.INSECURE
    assert receiver.got == []
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED


def test_an_answer_that_is_no_http_is_broken(receiver, monkeypatch):
    receiver.headers = {"X": "1"}
    monkeypatch.setattr(sending.http.client.HTTPResponse, "begin", _broken)
    assert post(receiver.url).outcome is Outcome.BROKEN


def _broken(self):
    raise sending.http.client.BadStatusLine("x")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("60", 60), ("99999999", 99999999), ("0", 0), ("-5", 0), ("soon", 0), ("", 0), ("1" * 400, 111111111111)],
)
def test_how_long_to_wait_is_read_as_seconds(receiver, said, seconds):
    receiver.status, receiver.headers = 503, {"Retry-After": said}
    assert post(receiver.url).wait == seconds


def test_how_long_to_wait_is_read_as_a_moment_too(receiver):
    receiver.status = 503
    receiver.headers = {"Retry-After": time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + 90))}
    assert 85 <= post(receiver.url).wait <= 90


def test_nothing_of_the_environment_leads_it_elsewhere(receiver, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    assert post(receiver.url).outcome is Outcome.DELIVERED
