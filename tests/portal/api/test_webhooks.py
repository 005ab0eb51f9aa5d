"""Webhooks kept by a program: as its owner's page keeps them, with a secret that is said once and never kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from subscriptions.models import AuditEvent, WebhookDelivery, WebhookEndpoint
from subscriptions.webhooks.secrets import unseal
from tests.database import as_owner
from tests.factories import make_audit_event, make_delivery, make_webhook
from tests.portal.api.client import Program, make_program

PUBLIC = "https://93.184.215.14/hook"
BODY = {"label": "Billing", "url": PUBLIC, "kinds": ["partner_of_record.changed", "offer.sent"]}
KEYED = {"Idempotency_Key": "the same"}


@as_owner()
def endpoints() -> list[WebhookEndpoint]:
    return list(WebhookEndpoint.objects.order_by("pk"))


@as_owner()
def tries() -> list[WebhookDelivery]:
    return list(WebhookDelivery.objects.order_by("pk"))


def added(program: Program, **changed: Any) -> Any:
    return program.post("/webhooks", {**BODY, **changed})


def test_one_is_added_and_its_secret_is_in_the_first_answer_alone(world, robot):
    first = robot.post("/webhooks", BODY, **KEYED)
    (endpoint,) = endpoints()
    assert (first.status_code, first.said["secret"]) == (201, unseal(endpoint.secret))
    assert first.headers["Location"].endswith(f"/webhooks/{endpoint.uuid}")
    assert (endpoint.kinds, endpoint.added_by[:5]) == (["partner-of-record.changed", "offer.sent"], "Robot")
    again = robot.post("/webhooks", BODY, **KEYED)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert (again.said["secret"], again.said["id"], len(endpoints())) == (None, first.said["id"], 1)
    assert "once" in again.said["note"]
    assert first.said["secret"] not in robot.get("/webhooks").content.decode()
    with as_owner(), connection.cursor() as cursor:
        for table in ("subscriptions_idempotencykey", "subscriptions_auditevent", "django_session"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{first.said['secret']}%"])
            assert cursor.fetchone() == (0,)
    with as_owner():
        event = AuditEvent.objects.get(kind="webhook.added")
    assert event.actor_kind == "application"


def test_a_try_says_no_secret_and_adds_nothing(world, robot):
    answer = robot.post("/webhooks?dry_run=true", BODY)
    assert (answer.said["status"], answer.said["answer"]["secret"], endpoints()) == (201, None, [])


def test_one_is_changed_switched_renewed_and_deleted_by_its_version(world, robot):
    made = added(robot)
    place, secret = f"/webhooks/{made.said['id']}", made.said["secret"]
    assert robot.put(place, BODY | {"label": "Sales"}).status_code == 428
    changed = robot.put(place, BODY | {"label": "Sales", "kinds": []}, If_Match=made.headers["ETag"])
    assert (changed.said["label"], changed.said["kinds"], changed.headers["ETag"]) == ("Sales", [], '"2"')
    assert robot.put(place, BODY, If_Match='"1"').status_code == 412
    off = robot.post(f"{place}/switch", {"on": False, "version": 2})
    assert (off.said["state"], off.said["why_off"]) == ("off", "by-person")
    assert robot.post(f"{place}/switch", {"on": False, "version": 2}).said["version"] == 3
    renewed = robot.post(f"{place}/secret", {"version": 3})
    assert renewed.said["secret"].startswith("whsec_")
    assert renewed.said["secret"] != secret
    assert robot.get(place).said["old_secret_until"] is not None
    assert robot.delete(place, If_Match='"4"').status_code == 204
    assert (endpoints(), robot.get(place).status_code) == ([], 404)


def test_what_was_sent_is_read_tried_and_sent_again(world, robot):
    endpoint = make_webhook(tenant=world.tenant)
    event = make_audit_event(tenant=world.tenant, kind="offer.sent")
    sent = make_delivery(endpoint=endpoint, event=event, tried=timezone.now(), outcome="refused", status=500)
    place = f"/webhooks/{endpoint.uuid}"
    test = robot.post(f"{place}/test")
    assert (test.status_code, test.said["kind"], test.said["outcome"]) == (202, "webhook.test", "")
    assert robot.get(test.headers["Location"].removeprefix("http://127.0.0.1:8000")).said == test.said
    failed = robot.get(f"{place}/deliveries?outcome=failed").said["data"]
    assert [(each["id"], each["status"]) for each in failed] == [(str(sent.uuid), 500)]
    assert robot.post(f"/webhook-deliveries/{sent.uuid}/send-again").status_code == 204
    again = tries()[-1]
    assert (again.message, again.cause, again.tried) == (sent.message, "redelivery", None)
    assert [robot.post(f"{place}/test").status_code for _ in range(2)] == [202, 429]


@pytest.mark.usefixtures("committed")
def test_events_come_once_more_from_a_day_or_behind_a_cursor(world, robot):
    for _ in range(3):
        make_audit_event(tenant=world.tenant, at=timezone.now() - timedelta(days=3))
    cursor = robot.get("/events?limit=1").said["cursor"]
    place = f"/webhooks/{added(robot).said['id']}"
    before = endpoints()[0]
    assert robot.post(f"{place}/replay", {"after": cursor, "version": 1}).status_code == 200
    (behind,) = endpoints()
    assert (behind.epoch, behind.tx, behind.last_event) < (before.epoch, before.tx, before.last_event)
    day = str(timezone.localdate() - timedelta(days=9))
    assert robot.post(f"{place}/replay", {"since": day, "version": 2}).status_code == 200
    (earlier,) = endpoints()
    assert earlier.last_event < behind.last_event
    wrong = [{"version": 3}, {"since": day, "after": cursor, "version": 3}, {"after": "x", "version": 3}]
    assert [robot.post(f"{place}/replay", body).status_code for body in wrong] == [422, 422, 422]


# An address, and where the problem is
REFUSED = (
    "http://receiver.example/hook",
    "https://user:pass@receiver.example/hook",
    "https://receiver.example:22/hook",
    "https://127.0.0.1/",
    "https://0x7f000001/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
    "x" * 2001,
)


def test_an_address_that_may_not_be_is_refused_with_its_place(world, robot):
    """W39, at the door of programs."""
    for url in REFUSED:
        answer = added(robot, url=url)
        assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, "/url"), url
    assert endpoints() == []
    assert added(robot, kinds=["no.such"]).said["errors"][0]["pointer"] == "/kinds"


@pytest.mark.parametrize("owner", ["beta", "partner", "without the scope", "a reader"])
def test_nobody_elses_webhook_is_there(owner, world, elsewhere):
    endpoint = make_webhook(tenant=world.tenant)
    others = {
        "beta": lambda: (make_program(tenant=elsewhere.tenant), 404),
        "partner": lambda: (make_program(partner=world.partner), 404),
        "without the scope": lambda: (make_program(tenant=world.tenant, scopes=["events.read"]), 403),
        "a reader": lambda: (make_program(tenant=world.tenant, role="global-reader"), 403),
    }
    program, status = others[owner]()
    place = f"{program.base}/webhooks/{endpoint.uuid}"
    answers = [
        program.get(place),
        program.put(place, BODY, If_Match='"1"'),
        program.delete(place, If_Match='"1"'),
        program.post(f"{place}/secret", {"version": 1}),
        program.post(f"{place}/test"),
        program.get(f"{place}/deliveries"),
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert [each.version for each in endpoints()] == [1]


def test_a_partners_program_keeps_its_own(world):
    program = make_program(partner=world.partner)
    made = added(program, kinds=["offer.accepted"])
    assert (made.status_code, endpoints()[0].partner_id) == (201, world.partner.pk)
    assert [each["id"] for each in program.get("/webhooks").said["data"]] == [made.said["id"]]
