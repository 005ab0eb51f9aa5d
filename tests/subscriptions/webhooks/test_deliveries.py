"""From the feed to a receiver: at least once, under one id, again at its time, and to its owner alone."""

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.formats.json import JSONFormat
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from partners.models import Partner
from subscriptions.db import housekeeping, scopes
from subscriptions.models import AuditEvent, Mail, WebhookDelivery, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import Outcome
from subscriptions.webhooks import deliveries, messages
from subscriptions.webhooks.ends import give_up_silent
from subscriptions.webhooks.retries import PAUSES, next_pause
from subscriptions.webhooks.secrets import seal
from subscriptions.webhooks.sending import Sent
from tests.database import as_owner
from tests.factories import make_audit_event, make_partner, make_subscription
from tests.partners.partner_of_record import client as acts
from tests.subscriptions.webhooks.conftest import SECRET, make_endpoint

pytestmark = pytest.mark.usefixtures("committed")
OTHER = "whsec_" + "C2FVsBQIhrscChlQIMV+b5sSYspob7oD"


@as_owner()
def rows(endpoint) -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.filter(endpoint=endpoint).order_by("pk"))


@as_owner()
def now(endpoint) -> WebhookEndpoint:
    return WebhookEndpoint.objects.get(pk=endpoint.pk)


@as_owner()
def put(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def body_of(got) -> dict:
    return json.loads(got.body)


def test_every_kind_of_event_is_a_signed_cloud_event(alpha, endpoint, receiver):
    events = [make_audit_event(tenant=alpha, kind=kind, subject_uuid=UUID(int=7)) for kind in AuditKind]
    deliveries.work_on(endpoint.pk)
    while len(receiver.got) < len(events):
        deliveries.work_on(endpoint.pk)
    assert receiver.messages == [str(event.uuid) for event in events]
    for event, got in zip(events, receiver.got, strict=True):
        Webhook(SECRET).verify(got.body, got.headers)
        parsed = from_http_event(HTTPMessage(got.headers, got.body), JSONFormat())
        assert parsed.get_type() == event.kind.replace("-", "_")
        assert parsed.get_id() == str(event.uuid)
        assert parsed.get_subject() == str(event.subject_uuid)
        assert parsed.get_time() == event.at
        assert parsed.get_source() == "http://127.0.0.1:8000/t/alpha"
        assert body_of(got)["timestamp"] == body_of(got)["time"]
    assert {each.outcome for each in rows(endpoint)} == {"delivered"}


def test_one_letter_more_is_not_verified(alpha, endpoint, receiver):
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(receiver.got[0].body + b" ", receiver.got[0].headers)


def test_what_is_delivered_is_not_sent_again(alpha, endpoint, receiver):
    make_audit_event(tenant=alpha)
    for _ in range(3):
        deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1


def test_only_the_kinds_that_it_asks_for_come(alpha, endpoint, receiver):
    put(endpoint, kinds=["offer.sent"])
    make_audit_event(tenant=alpha, kind="member.added")
    wanted = make_audit_event(tenant=alpha, kind="offer.sent")
    deliveries.work_on(endpoint.pk)
    assert receiver.messages == [str(wanted.uuid)]


def test_an_endpoint_gets_no_event_of_another_organization(alpha, beta, endpoint, receiver):
    make_audit_event(tenant=beta, subject_name="Secret")
    ours = make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert receiver.messages == [str(ours.uuid)]


def test_a_partners_endpoint_gets_only_what_is_about_its_own_ties(alpha, global_admin, sign_in, receiver):
    partner, other = make_partner(number="565380"), make_partner(number="935287", name="Adventure Works")
    endpoint = make_endpoint(partner=partner, url=receiver.url)
    subscription, client = make_subscription(tenant=alpha), sign_in(global_admin)
    for each in (partner, other):
        acts.set_partner(client, subscription, each.number)
    make_audit_event(tenant=alpha, kind="member.added")
    deliveries.work_on(endpoint.pk)
    assert [(body_of(got)["type"], body_of(got)["data"]["side"]) for got in receiver.got] == [
        ("partner_of_record.added", "gained"),
        ("partner_of_record.changed", "lost"),
    ]
    said = b"".join(got.body for got in receiver.got).decode()
    assert all(word not in said for word in ("Gloria", "935287", "Adventure", "reason"))


@pytest.mark.parametrize("attempt", range(1, 11))
def test_a_failed_try_comes_again_at_its_time(alpha, endpoint, receiver, attempt):
    receiver.status = 500
    make_audit_event(tenant=alpha)
    with scopes.worker():
        deliveries.take_up(WebhookEndpoint.objects.select_related("tenant", "partner").get(pk=endpoint.pk))
    put(rows(endpoint)[0], attempt=attempt)
    before = timezone.now()
    deliveries.work_on(endpoint.pk)
    first, *more = rows(endpoint)
    assert (first.outcome, first.status, first.attempt) == ("refused", 500, attempt)
    if attempt == 10:
        assert (more, first.next_due) == ([], None)
        return
    (again,) = more
    assert (again.message, again.attempt, again.tried) == (first.message, attempt + 1, None)
    pause, wanted = again.due - before, PAUSES[attempt - 1]
    assert wanted * 0.9 <= pause <= wanted * 1.1 + timedelta(seconds=5)


def test_the_pauses_are_those_of_the_specification():
    hours = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    assert [pause / timedelta(hours=1) for pause in PAUSES] == pytest.approx(hours)


@pytest.mark.parametrize("outcome", [Outcome.TIMED_OUT, Outcome.UNREACHABLE, Outcome.REDIRECTED, Outcome.REFUSED])
def test_each_kind_of_failure_is_tried_again(outcome):
    assert next_pause(1, Sent(outcome)) <= timedelta(seconds=5.5)


def test_how_long_a_receiver_asks_to_wait_is_kept_to_and_is_a_day_at_most():
    assert next_pause(1, Sent(Outcome.REFUSED, 503, wait=60)) == timedelta(seconds=60)
    assert next_pause(1, Sent(Outcome.REFUSED, 503, wait=99999999)) == timedelta(hours=24)
    assert next_pause(4, Sent(Outcome.REFUSED, 503, wait=60)) > timedelta(hours=1)


def test_a_receiver_that_asks_to_wait_gets_no_other_event_meanwhile(alpha, endpoint, receiver):
    receiver.status, receiver.headers = 429, {"Retry-After": "60"}
    make_audit_event(tenant=alpha)
    make_audit_event(tenant=alpha)
    for _ in range(3):
        deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1
    put(endpoint, held_until=timezone.now() - timedelta(seconds=1))
    receiver.status = 204
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 2


def turned_off() -> list[tuple[str, str]]:
    with as_owner():
        return list(AuditEvent.objects.filter(kind="webhook.turned-off").values_list("actor_kind", "detail__why"))


def test_a_receiver_that_is_gone_is_turned_off_at_once_and_its_admins_are_mailed(
    alpha, global_admin, endpoint, receiver
):
    receiver.status = 410
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert (now(endpoint).state, now(endpoint).why_off) == ("off", "gone")
    assert turned_off() == [("system", "gone")]
    with as_owner():
        assert list(Mail.objects.values_list("kind", "to_user__email")) == [
            ("webhook-turned-off", "admin@alpha.example")
        ]
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("days", "state"), [(4.99, "on"), (5.01, "off")])
def test_five_days_without_a_success_turn_it_off(alpha, global_admin, endpoint, receiver, days, state):
    put(endpoint, failing_since=timezone.now() - timedelta(days=days))
    with scopes.worker():
        give_up_silent()
    assert now(endpoint).state == state
    assert turned_off() == ([("system", "silent")] if state == "off" else [])
    with as_owner():
        assert Mail.objects.count() == (1 if state == "off" else 0)


def test_a_success_begins_the_days_anew(alpha, endpoint, receiver):
    put(endpoint, failing_since=timezone.now() - timedelta(days=4))
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert now(endpoint).failing_since is None


def test_a_partner_is_mailed_at_its_mailbox_that_its_webhook_was_turned_off(db, receiver):
    partner = make_partner(number="565380", mailbox="desk@tailspin.example")
    endpoint = make_endpoint(partner=partner, url=receiver.url, failing_since=timezone.now() - timedelta(days=6))
    with scopes.worker():
        give_up_silent()
    assert now(endpoint).state == "off"
    with as_owner():
        assert list(Mail.objects.values_list("kind", "to_company_mailbox")) == [
            ("webhook-turned-off", "desk@tailspin.example")
        ]


def test_deleted_while_a_try_waits_nothing_more_is_sent(alpha, endpoint, receiver):
    receiver.status = 500
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    with as_owner():
        WebhookDelivery.objects.filter(tried=None).update(due=timezone.now())
        WebhookEndpoint.objects.filter(pk=endpoint.pk).delete()
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1
    assert rows(endpoint) == []


def test_an_answer_to_what_was_deleted_meanwhile_changes_nothing(alpha, endpoint, receiver):
    with scopes.worker():
        deliveries.keep_outcome(endpoint.pk, 4711, Sent(Outcome.DELIVERED, 204))
    assert rows(endpoint) == []


def test_nothing_is_sent_for_a_suspended_organization_until_it_is_active_again(alpha, endpoint, receiver):
    put(alpha, state="suspended")
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    assert receiver.got == []
    put(alpha, state="active")
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("state", ["suspended", "inactive", "pending"])
def test_nothing_is_sent_to_a_partner_that_is_not_active_until_it_is_again(
    alpha, global_admin, sign_in, receiver, state
):
    partner = make_partner(number="565380")
    endpoint = make_endpoint(partner=partner, url=receiver.url)
    acts.set_partner(sign_in(global_admin), make_subscription(tenant=alpha), partner.number)
    put(partner, state=state)
    deliveries.work_on(endpoint.pk)
    assert receiver.got == []
    put(partner, state="active")
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1


@pytest.mark.parametrize("owner", ["organization", "partner"])
def test_nor_is_a_test_that_waited(alpha, receiver, owner):
    whose = {"tenant": alpha} if owner == "organization" else {"partner": make_partner(number="565380")}
    (held,) = whose.values()
    endpoint = make_endpoint(**whose, url=receiver.url)
    with as_owner():
        test = WebhookDelivery.objects.create(endpoint=endpoint, message=uuid4(), kind="webhook.test", cause="test")
    put(held, state="suspended")
    deliveries.send_test(test.pk)
    assert receiver.got == []
    put(held, state="active")
    deliveries.send_test(test.pk)
    assert len(receiver.got) == 1


def test_two_workers_do_not_send_to_the_same_receiver_at_once(alpha, endpoint, receiver):
    make_audit_event(tenant=alpha)
    put(endpoint, busy_until=timezone.now() + timedelta(seconds=20))
    deliveries.work_on(endpoint.pk)
    assert receiver.got == []
    put(endpoint, busy_until=timezone.now() - timedelta(seconds=1))  # whoever it was, was killed
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got) == 1


def test_the_log_keeps_the_number_of_the_answer_and_nothing_of_its_body(alpha, endpoint, receiver):
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    (row,) = rows(endpoint)
    assert (row.status, row.attempt, row.outcome) == (204, 1, "delivered")
    assert "secret" not in str({name: value for name, value in vars(row).items() if name != "_state"})


def test_deliveries_are_kept_for_thirty_days(alpha, endpoint, receiver):
    event = make_audit_event(tenant=alpha)
    with as_owner():
        for days in (29, 31):
            due = timezone.now() - timedelta(days=days)
            WebhookDelivery.objects.create(
                endpoint=endpoint, event=event, message=event.uuid, kind=event.kind, due=due, tried=due,
                outcome="delivered",
            )  # fmt: skip
    with scopes.worker():
        assert housekeeping.remove_deliveries() == 1
    assert len(rows(endpoint)) == 1


def test_for_a_day_both_secrets_are_good_and_then_the_new_one_alone(alpha, endpoint, receiver):
    put(endpoint, secret=seal(OTHER), old_secret=seal(SECRET), old_secret_until=timezone.now() + timedelta(hours=24))
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    for secret in (SECRET, OTHER):
        Webhook(secret).verify(receiver.got[0].body, receiver.got[0].headers)
    put(endpoint, old_secret_until=timezone.now() - timedelta(seconds=1))
    make_audit_event(tenant=alpha)
    deliveries.work_on(endpoint.pk)
    Webhook(OTHER).verify(receiver.got[1].body, receiver.got[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(receiver.got[1].body, receiver.got[1].headers)


@pytest.mark.parametrize("name", ["a\nb", "\u202eevil", "😀 \U0001f468\u200d\U0001f469", 'quote"\\', "蓝云科技"])
def test_any_name_makes_valid_json_with_a_valid_signature(alpha, endpoint, receiver, name):
    make_audit_event(tenant=alpha, subject_name=name)
    deliveries.work_on(endpoint.pk)
    Webhook(SECRET).verify(receiver.got[0].body, receiver.got[0].headers)
    assert body_of(receiver.got[0])["data"]["subject"]["name"] == name


def test_no_mail_address_is_sent_whoever_is_called_so(alpha, endpoint, receiver):
    make_audit_event(
        tenant=alpha, kind="member.added", subject_name="bob@alpha.example", actor_name="eve@alpha.example",
        detail={"changes": {"mailbox": ["old@alpha.example", "new@alpha.example"]}, "wish": "Ask ann@alpha.example"},
    )  # fmt: skip
    deliveries.work_on(endpoint.pk)
    assert b"@" not in receiver.got[0].body


def test_a_body_stays_small_and_says_what_is_left_out(alpha, endpoint, receiver):
    detail = {"changes": {f"field-{number}": ["蓝" * 150, "x" * 400] for number in range(200)}}
    make_audit_event(tenant=alpha, detail=detail)
    deliveries.work_on(endpoint.pk)
    assert len(receiver.got[0].body) <= messages.LONGEST_BODY
    assert body_of(receiver.got[0])["data"]["detail_left_out"] is True


def test_an_act_that_is_rolled_back_is_not_delivered(alpha, endpoint, receiver):
    with pytest.raises(RuntimeError), as_owner(savepoint=True):
        make_audit_event(tenant=alpha)
        raise RuntimeError
    deliveries.work_on(endpoint.pk)
    assert receiver.got == []


def test_the_partner_of_an_endpoint_is_a_row_of_the_directory():
    assert WebhookEndpoint._meta.get_field("partner").related_model is Partner
