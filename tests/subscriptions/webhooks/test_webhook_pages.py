"""Settings > Webhooks and the same in a workspace: added, tried, sent again, and whose secret is shown once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse_lazy
from django.utils import timezone
from standardwebhooks import Webhook

from subscriptions.db import scopes
from subscriptions.models import AuditEvent, WebhookDelivery, WebhookEndpoint
from subscriptions.webhooks import deliveries, dispatch
from subscriptions.webhooks.secrets import unseal
from tests.database import as_owner
from tests.factories import make_audit_event, make_delivery, make_partner, make_partner_person, make_webhook
from tests.personas import open_session

PUBLIC = "https://93.184.215.14/hook"
HOME = "/t/alpha/settings/webhooks/"
CONFIRM = reverse_lazy("account_reauthenticate")


@pytest.fixture
def admin(global_admin, sign_in):
    return sign_in(global_admin)


def form(version: int | None = None, **typed) -> dict:
    return {"key": str(uuid4()), **({"version": version} if version else {}), **typed}


def added(client, home: str = HOME, **typed):
    return client.post(f"{home}add/", form(**{"label": "Billing", "url": PUBLIC, **typed}))


@as_owner()
def endpoints() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.order_by("pk"))


@as_owner()
def tries(endpoint) -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk"))


@as_owner()
def kinds() -> list[str]:
    return list(AuditEvent.objects.filter(kind__startswith="webhook").order_by("pk").values_list("kind", flat=True))


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_webhook_is_added_and_its_secret_is_shown_once(admin):
    answer = added(admin, kinds=["offer.sent", "member.added"])
    (endpoint,) = endpoints()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}{endpoint.uuid}/")
    assert (endpoint.label, endpoint.url, endpoint.kinds) == ("Billing", PUBLIC, ["offer.sent", "member.added"])
    shown = text(admin.get(answer.headers["Location"]))
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", shown)[0]
    assert secret == unseal(endpoint.secret)
    assert "whsec_" not in text(admin.get(answer.headers["Location"]))
    assert kinds() == ["webhook.added"]


def test_who_asks_for_many_names_is_counted(admin, settings):
    """The answer tells where a name leads, also one of the operator's own network; a typing error asks for none."""
    settings.LIMITS = {"find-receiver": {"person": (2, 60)}}
    said = [added(admin, url=url).status_code for url in ("http://x", "https://10.0.0.5/", "https://127.0.0.1/")]
    assert said == [422, 422, 422]
    answer = added(admin)
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0, endpoints()) == (429, True, [])


def test_no_secret_stands_in_the_database_as_it_is(admin):
    answer = added(admin)
    secret = unseal(endpoints()[0].secret)
    with as_owner(), connection.cursor() as cursor:
        for table in ("subscriptions_webhookendpoint", "subscriptions_auditevent", "django_session"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            assert all(secret not in row for (row,) in cursor.fetchall())
    assert answer.status_code == 303


def test_it_asks_for_a_recent_sign_in_but_for_a_test(global_admin, client, alpha):
    open_session(client, global_admin, proved_ago=6 * 60)
    endpoint = make_webhook(tenant=alpha)
    for act in ("change", "secret", "switch", "replay", "delete"):
        fields = form(1, label="New", url=PUBLIC, since="2026-11-01")
        answer = client.post(f"{HOME}{endpoint.uuid}/{act}/", fields)
        assert (act, answer.status_code, answer.headers["Location"].startswith(str(CONFIRM))) == (act, 303, True)
    assert added(client).headers["Location"].startswith(str(CONFIRM))
    assert kinds() == []
    assert client.post(f"{HOME}{endpoint.uuid}/test/", form()).headers["Location"] == f"{HOME}{endpoint.uuid}/"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://93.184.215.14/", "begins with https://"),
        ("https://user:pass@93.184.215.14/", "Leave out the name and password"),
        ("https://93.184.215.14:22/", "Use port 443"),
        ("https://0x7f000001/", "in its usual form"),
        ("https://[::ffff:10.0.0.1]/", "private network"),
        ("https://169.254.169.254/", "private network"),
        ("\0", "Null characters"),
        ("https://" + "a" * 600, "500"),
    ],
)
def test_an_address_that_may_not_be_is_told_at_its_field_and_nothing_is_lost(admin, url, words):
    answer = added(admin, url=url, label="Kept")
    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="Kept"' in text(answer)
    assert endpoints() == []


def test_an_eleventh_webhook_is_refused_with_what_to_do(admin, alpha):
    for number in range(10):
        make_webhook(tenant=alpha, label=str(number))
    answer = added(admin)
    assert answer.status_code == 409
    assert "Change or delete one" in text(answer)
    assert len(endpoints()) == 10


def test_a_third_test_in_a_minute_is_too_many(admin, endpoint):
    statuses = [admin.post(f"{HOME}{endpoint.uuid}/test/", form()).status_code for _ in range(3)]
    assert statuses == [303, 303, 429]
    assert len(tries(endpoint)) == 2


def test_what_came_of_a_test_is_read_in_words(admin, endpoint, receiver):
    receiver.status = 500
    page = f"{HOME}{endpoint.uuid}/"
    admin.post(f"{page}test/", form())
    assert "A test is on its way" in text(admin.get(page))
    deliveries.send_test(tries(endpoint)[0].pk)
    shown = text(admin.get(page))
    assert "The receiver answered with an error" in shown
    assert "HTTP 500" in shown
    assert "A test is on its way" not in shown
    assert [row.attempt for row in tries(endpoint)] == [1]  # a test is not tried again


def test_a_test_that_hangs_is_told_within_ten_seconds(endpoint, receiver, monkeypatch):
    assert deliveries.TEST_SECONDS <= 8
    receiver.pause = 5
    monkeypatch.setattr(deliveries, "TEST_SECONDS", 0.3)
    with as_owner():
        row = WebhookDelivery.objects.create(endpoint=endpoint, message=uuid4(), kind="webhook.test", cause="test")
    deliveries.send_test(row.pk)
    assert [(each.outcome, each.status) for each in tries(endpoint)] == [("timed-out", None)]


def test_a_test_is_sent_while_it_is_off_too(admin, endpoint, receiver):
    with as_owner():
        WebhookEndpoint.objects.update(state="off", why_off="gone", off_since=timezone.now())
    admin.post(f"{HOME}{endpoint.uuid}/test/", form())
    deliveries.send_test(tries(endpoint)[0].pk)
    assert len(receiver.got) == 1


def test_sent_again_it_is_the_same_message_with_a_new_signature(admin, alpha, endpoint, receiver, committed):
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    with as_owner():
        WebhookDelivery.objects.update(tried=timezone.now() - timedelta(hours=1))
    page = f"{HOME}deliveries/{tries(endpoint)[0].uuid}/again/"
    assert admin.get(page).status_code == 200
    assert admin.post(page, form()).headers["Location"] == f"{HOME}{endpoint.uuid}/"
    admin.post(page, form())  # it waits already
    monotonic = receiver.got[0].headers["webhook-timestamp"]
    while len(receiver.got) < 2:
        deliveries.work_on(endpoint.pk)
    first, second = receiver.got
    assert (first.message, first.body) == (second.message, second.body)
    assert int(second.headers["webhook-timestamp"]) >= int(monotonic)
    Webhook(unseal(endpoint.secret)).verify(second.body, second.headers)
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 2


def test_a_replay_brings_each_event_once_in_the_order_of_the_feed(admin, alpha, endpoint, receiver, committed):
    events = [make_audit_event(tenant=alpha, subject_name=str(number)) for number in range(4)]
    receiver.status = 500
    deliveries.work_on(endpoint.pk)  # each of them waits for another try now
    receiver.status = 204
    receiver.got.clear()
    today = timezone.localdate()
    answer = admin.post(f"{HOME}{endpoint.uuid}/replay/", form(1, since=str(today)))
    assert answer.status_code == 303
    deliveries.work_on(endpoint.pk)
    wanted = [str(event.uuid) for event in events]
    assert receiver.messages[:4] == wanted
    assert len(receiver.messages) == 5  # and that there was a replay
    assert kinds() == ["webhook.replayed"]


def test_deleted_while_a_try_waits_it_is_over(admin, alpha, endpoint, receiver, committed):
    receiver.status = 500
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert admin.post(f"{HOME}{endpoint.uuid}/delete/", form(1)).headers["Location"] == HOME
    assert (endpoints(), kinds()) == ([], ["webhook.deleted"])
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1
    assert admin.get(f"{HOME}{endpoint.uuid}/").status_code == 404


def test_a_new_secret_is_shown_once_and_the_old_one_is_good_for_a_day(admin, endpoint):
    before = unseal(endpoint.secret)
    answer = admin.post(f"{HOME}{endpoint.uuid}/secret/", form(1))
    (row,) = endpoints()
    assert unseal(row.secret) != before
    assert unseal(row.old_secret) == before
    assert timedelta(hours=23, minutes=59) < row.old_secret_until - timezone.now() <= timedelta(hours=24)
    assert unseal(row.secret) in text(admin.get(answer.headers["Location"]))
    assert unseal(row.secret) not in text(admin.get(answer.headers["Location"]))
    assert admin.post(f"{HOME}{endpoint.uuid}/secret/", form(1)).status_code == 409  # as it was seen before


def test_off_and_on_again_nothing_that_happened_is_lost(admin, alpha, endpoint, receiver, committed):
    admin.post(f"{HOME}{endpoint.uuid}/switch/", form(1))
    missed = make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert receiver.got == []
    admin.post(f"{HOME}{endpoint.uuid}/switch/", form(2))
    deliveries.work_on(endpoint.pk)
    assert str(missed.uuid) in receiver.messages
    assert kinds() == ["webhook.switched"] * 2


def test_the_log_says_number_attempt_and_duration_and_nothing_that_the_receiver_said(
    admin, alpha, endpoint, receiver, committed
):
    receiver.status = 500
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    shown = text(admin.get(f"{HOME}{endpoint.uuid}/"))
    assert all(words in shown for words in ("HTTP 500", "Partner of record added", " ms", "Waiting"))
    assert ">secret<" not in shown


@pytest.mark.parametrize(("outcome", "count"), [("", 3), ("waiting", 1), ("failed", 1), ("delivered", 1), ("x", 0)])
def test_the_log_is_filtered_by_what_came_of_a_try(admin, alpha, endpoint, outcome, count):
    event = make_audit_event(tenant=alpha)
    make_delivery(endpoint=endpoint, event=event)
    make_delivery(endpoint=endpoint, event=event, outcome="delivered", status=200)
    make_delivery(endpoint=endpoint, event=event, outcome="", status=None, tried=None)
    answer = admin.get(f"{HOME}{endpoint.uuid}/?outcome={outcome}")
    assert answer.status_code == (422 if outcome == "x" else 200)
    assert text(answer).count('<th scope="row"') == count


def test_a_log_of_any_length_costs_the_same_statements(admin, alpha, endpoint):
    event, counts = make_audit_event(tenant=alpha), []
    for number in (1, 5):
        for _ in range(number):
            make_delivery(endpoint=endpoint, event=event)
        with CaptureQueriesContext(connection) as statements:
            admin.get(f"{HOME}{endpoint.uuid}/")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_what_the_portal_turned_off_stands_on_the_home_page(admin, alpha, endpoint):
    with as_owner():
        WebhookEndpoint.objects.update(state="off", why_off="silent", off_since=timezone.now())
    make_webhook(tenant=alpha, label="Works")
    assert "webhook was turned off by the portal" in text(admin.get("/t/alpha/"))
    listed = text(admin.get(f"{HOME}?state=given-up"))
    assert "took nothing for days" in listed
    assert "Works" not in listed


@pytest.fixture
def partner(db):
    return make_partner(number="565380")


@pytest.fixture
def agent(partner, sign_in):
    return sign_in(make_partner_person(partner=partner, email="agent@tailspin.example"))


def test_a_partner_has_webhooks_of_its_own(agent, partner):
    home = f"/p/{partner.number}/webhooks/"
    answer = added(agent, home)
    (endpoint,) = endpoints()
    assert answer.headers["Location"] == f"{home}{endpoint.uuid}/"
    assert endpoint.partner_id == partner.pk
    assert "whsec_" in text(agent.get(f"{home}{endpoint.uuid}/"))
    with as_owner():
        event = AuditEvent.objects.get(kind="webhook.added")
    assert (event.tenant, event.subject_uuid) == (None, partner.uuid)


def test_whose_webhook_it_is_alone_finds_it(admin, agent, partner, alpha, beta):
    ours, theirs, partners = (
        make_webhook(**whose) for whose in ({"tenant": alpha}, {"tenant": beta}, {"partner": partner})
    )
    event = make_audit_event(tenant=beta)
    sent = make_delivery(endpoint=theirs, event=event)
    assert admin.get(f"{HOME}{ours.uuid}/").status_code == 200
    for other in (theirs, partners):
        assert admin.get(f"{HOME}{other.uuid}/").status_code == 404
        assert agent.get(f"/p/565380/webhooks/{other.uuid}/").status_code == (200 if other == partners else 404)
    assert admin.get(f"{HOME}deliveries/{sent.uuid}/again/").status_code == 404
    assert agent.get(f"/p/565380/webhooks/{ours.uuid}/").status_code == 404
    for scope in (scopes.tenant(alpha.pk), scopes.partner(partner.pk)):
        with scope:
            assert WebhookEndpoint.objects.count() == 1
            assert WebhookDelivery.objects.count() == 0


@as_owner()
def queued() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_lock, lock FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [dispatch.WORK_ON]
        )
        return cursor.fetchall()


def test_whoever_has_something_to_be_sent_is_woken_once(alpha, beta, receiver, monkeypatch, committed):
    monkeypatch.setattr(dispatch, "OLDEST_RUNNING", "(pg_current_xact_id()::text::bigint + 1)::text::xid8")
    partner = make_partner()
    new, late, slow, of_nobody, _idle, _off = (
        make_webhook(tenant=alpha),
        make_webhook(partner=partner),
        make_webhook(tenant=alpha, is_slow=True),
        make_webhook(partner=make_partner(number="717171", state="suspended")),
        make_webhook(tenant=beta),
        make_webhook(tenant=alpha, state="off", why_off="gone", off_since=timezone.now()),
    )
    event = make_audit_event(tenant=alpha)
    for endpoint in (late, of_nobody):
        make_delivery(endpoint=endpoint, event=event, tried=None, outcome="", status=None)
    for _ in range(2):
        with scopes.worker():
            dispatch.wake()
    lane = f"webhooks-slow-{slow.pk % dispatch.SLOW_LANES}"
    assert sorted(queued()) == sorted(
        [
            (f"webhook-{new.pk}", f"webhook-{new.pk}"),
            (f"webhook-{late.pk}", f"webhook-{late.pk}"),
            (f"webhook-{slow.pk}", lane),
        ]
    )
