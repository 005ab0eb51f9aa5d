"""One file at a time for each person, and no reader holds a thread or a connection for long."""

import socket
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from partners.overview.credited_subscriptions import COLUMNS, credits_listed
from portal import web_server
from subscriptions.db import scopes
from subscriptions.db.limits import TooManyRequests
from subscriptions.web.files import list_file
from subscriptions.web.files.list_file import FileTookTooLong, read_again
from tests.database import at_once, owner_session
from tests.factories import make_partner, make_partner_of_record, make_partner_person, make_subscription
from tests.partners.client import get


@pytest.fixture
def partner(alpha):
    partner = make_partner()
    make_partner_of_record(subscription=make_subscription(tenant=alpha), partner=partner)
    return partner


@pytest.fixture
def person(partner):
    return make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha Agent")


@pytest.fixture
def running(person):
    """Another process sends this person a file."""
    with owner_session() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"export:{person.pk}"])
        yield other


def rows(partner, person):
    with scopes.partner(partner.pk):
        found = credits_listed(partner).order_by("pk").values(*COLUMNS)
        return read_again(found, filled=list, person_id=person.pk)


def test_a_second_file_of_a_person_waits_for_the_first(running, partner, person, sign_in):
    answer = get(sign_in(person), "partner-of-record", file="csv")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    with pytest.raises(TooManyRequests):
        next(rows(partner, person))
    running.execute("SELECT pg_advisory_unlock_all()")
    assert get(sign_in(person), "partner-of-record", file="csv").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_files_asked_for_at_once_one_is_whole_and_the_other_a_429(partner, person, sign_in, monkeypatch):
    """Both are answered before either is sent to its end."""
    monkeypatch.setattr("subscriptions.web.files.copied_rows.LINES_A_CHUNK", 1)
    monkeypatch.setattr(list_file, "FIRST_CHUNKS", 1)
    clients, answered, sent = [sign_in(person), sign_in(person)], Barrier(2, timeout=20), Barrier(2, timeout=20)

    def ask(client: Client) -> tuple[int, int]:
        answer = get(client, "partner-of-record", file="csv")
        answered.wait()
        lines = len(answer.getvalue().splitlines())
        sent.wait()
        return answer.status_code, lines if answer.streaming else 0

    assert sorted(at_once(*[partial(ask, client) for client in clients])) == [(200, 2), (429, 0)]


def test_another_person_does_not_wait(running, partner, sign_in):
    colleague: Client = sign_in(make_partner_person(partner=partner, email="other@tailspin.example"))
    assert len(get(colleague, "partner-of-record", file="csv").getvalue().splitlines()) == 2


def test_a_file_has_an_end(partner, person, monkeypatch):
    monkeypatch.setattr(list_file, "MOST_FILE_SECONDS", -1)
    with pytest.raises(FileTookTooLong):
        list(rows(partner, person))


def test_a_reader_that_waits_loses_the_connection_after_a_minute(partner, person):
    reading = rows(partner, person)
    next(reading)
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)
    reading.close()


def test_a_socket_that_takes_nothing_is_given_up():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        web_server.pre_request(None, SimpleNamespace(unreader=SimpleNamespace(sock=ours)))
        assert ours.gettimeout() == 60
