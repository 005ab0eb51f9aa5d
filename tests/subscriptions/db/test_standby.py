"""When a page may be read from a standby, and what is asked of the primary all the same."""

import copy
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core import signing
from django.db import DatabaseError, connection, connections
from django.http import Http404, HttpResponse

from subscriptions.db import scopes, standby
from subscriptions.db.bookkeeping import beside_the_act, unless_read_only
from subscriptions.db.standby import Place
from subscriptions.exports.acts import NOT_RECORDED
from subscriptions.models import AuditEvent, Membership
from subscriptions.verdicts import Refused
from subscriptions.web import own_writes
from tests.factories import make_subscription

LIST = "/t/alpha/billing/subscriptions/"


class Servers:
    """How far the primary and its standby say that they are, and what time it is."""

    def __init__(self) -> None:
        self.written, self.replayed, self.now, self.looks = Place(1, 100), Place(1, 100), 1000.0, 0

    def look(self) -> Place:
        self.looks += 1
        return self.written


@pytest.fixture
def servers(monkeypatch) -> Servers:
    servers = Servers()
    monkeypatch.setattr(standby, "floor", standby.Floor())
    monkeypatch.setattr(standby, "_away_until", 0.0)
    monkeypatch.setattr(standby, "written", servers.look)
    monkeypatch.setattr(standby, "replayed", lambda: servers.replayed)
    monkeypatch.setattr(standby.time, "monotonic", lambda: servers.now)
    monkeypatch.setitem(connections.settings, "standby", copy.deepcopy(connections["default"].settings_dict))
    return servers


@pytest.fixture
def second(servers, transactional_db, monkeypatch) -> Iterator[Servers]:
    """A session that takes no change, in the place of a standby's."""
    options = connections.settings["standby"]["OPTIONS"]
    options["options"] += " -c default_transaction_read_only=on"
    session = connections["standby"]  # Django lets tests open only what was there before them
    monkeypatch.setattr(session, "ensure_connection", lambda: session.connection or session.connect())
    yield servers
    connections["standby"].close()
    del connections["standby"]


def test_a_standby_is_asked_while_it_has_what_the_primary_had_some_seconds_ago(servers, settings):
    settings.STANDBY_MOST_SECONDS = 5
    assert standby.why_not(0) == ""
    servers.written = Place(1, 200)
    servers.now += 4.5
    assert standby.why_not(0) == ""  # what was written since is not older than that
    servers.now += 1
    assert standby.why_not(0) == "behind"
    servers.replayed = Place(1, 200)
    assert standby.why_not(0) == ""
    assert standby.why_not(201) == "behind"  # what this reader has written


def test_the_primary_is_asked_how_far_it_is_once_a_second(servers):
    for _ in range(20):
        standby.why_not(0)
        servers.now += 0.1
    assert servers.looks == 2


@pytest.mark.parametrize("replayed", [None, Place(2, 100)])
def test_a_server_that_is_no_standby_of_this_primary_is_not_read(servers, replayed):
    servers.replayed = replayed
    assert standby.why_not(0) == "away"


def test_one_that_does_not_answer_is_tried_by_one_thread_now_and_then(servers, monkeypatch):
    tries = []

    def refuse() -> None:
        tries.append(servers.now)
        raise DatabaseError

    monkeypatch.setattr(standby, "replayed", refuse)
    for _ in range(25):
        assert standby.why_not(0) == "away"
        servers.now += 1
    assert tries == [1000, 1010, 1020]


def test_without_a_setting_nothing_is_asked_and_no_cookie_is_given(db, sign_in, billing_admin, alpha):
    client = sign_in(billing_admin)
    assert client.get(LIST).status_code == 200
    assert own_writes.COOKIE not in client.post("/account/theme/", {"theme": "dark"}).cookies


def test_who_writes_is_remembered_by_a_signed_cookie_for_longer_than_a_standby_may_be_behind(servers, settings):
    response = HttpResponse()
    own_writes.remember_write(response)
    cookie = response.cookies[own_writes.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 60)
    assert cookie["max-age"] > settings.STANDBY_MOST_SECONDS

    def asked(value: str) -> str:
        request = SimpleNamespace(method="GET", COOKIES={own_writes.COOKIE: value})
        own_writes.may_ask_standby(request)
        return request.read_from

    assert asked(cookie.value) == ""
    servers.replayed = Place(1, 99)
    servers.now += 100
    assert asked(cookie.value) == "behind"
    assert asked(signing.dumps(0, salt="another")) == "unknown"
    assert asked("x") == "unknown"
    servers.written = None  # as where the database has gone during the act
    own_writes.remember_write(response)
    assert asked(response.cookies[own_writes.COOKIE].value) == "unknown"


def test_a_page_is_read_there_in_the_same_scope_and_a_file_is_not(second, sign_in, billing_admin, alpha, beta):
    for name in ("Of alpha", "Of alpha as well"):
        make_subscription(tenant=alpha, name=name)
    make_subscription(tenant=beta, name="Of beta")
    client = sign_in(billing_admin)
    asked = []
    with connections["standby"].execute_wrapper(lambda run, sql, *more: asked.append(sql) or run(sql, *more)):
        page = client.get(LIST)
        assert page.wsgi_request.read_from == "standby"
        assert "Of alpha" in page.content.decode() and "Of beta" not in page.content.decode()
        assert any("subscriptions_subscription" in sql for sql in asked)
        assert not any("subscriptions_membership" in sql for sql in asked)
        file = client.get(f"{LIST}?file=csv")
        assert b"Of alpha" in b"".join(file.streaming_content)
    assert file.wsgi_request.read_from == "writes"
    with scopes.staff():
        assert AuditEvent.objects.filter(kind="list.exported").count() == 1


def test_after_an_act_the_browser_asks_the_primary_until_the_standby_has_it(second, sign_in, billing_admin, alpha):
    client = sign_in(billing_admin)
    assert client.get(LIST).wsgi_request.read_from == "standby"
    second.written = Place(1, 300)
    client.post("/account/theme/", {"theme": "dark", "next": "/"})
    assert client.get(LIST).wsgi_request.read_from == "behind"
    second.replayed = Place(1, 300)
    assert client.get(LIST).wsgi_request.read_from == "standby"


def test_whose_access_has_ended_reads_nothing_from_there(second, sign_in, billing_admin, alpha):
    client = sign_in(billing_admin)
    with scopes.staff():
        Membership.objects.filter(user=billing_admin).delete()
    assert client.get(LIST).status_code == 404


def a_refusal() -> Refused:
    return Refused(NOT_RECORDED)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Http404, "missing"),
        (a_refusal, "missing"),
        (DatabaseError, "failed"),
        (standby.NeedsPrimary, "writes"),
    ],
)
def test_what_the_standby_does_not_show_the_primary_is_asked(second, rf, fault, outcome):
    request = rf.get("/")

    def page() -> HttpResponse:
        assert "left_over" not in vars(request)
        request.left_over = True
        if connection.alias == "standby":
            raise fault()
        assert scopes.current() == scopes.Setting(scopes.ScopeRole.PERSON, user_id="7")
        return HttpResponse("shown")

    setting = scopes.Setting(scopes.ScopeRole.PERSON, user_id="7")
    assert own_writes.read_page(request, setting, page).content == b"shown"
    assert request.read_from == outcome
    assert connection.alias == "default"


def test_what_a_page_writes_beside_is_not_lost_there(second):
    for writes in (beside_the_act, unless_read_only):
        with pytest.raises(standby.NeedsPrimary), standby.reading(), writes("anything"):
            pass
    with standby.reading(), pytest.raises(DatabaseError, match="read-only"), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('subscriptions_auditevent_id_seq')")
