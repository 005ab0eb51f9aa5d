"""The feed by API: each event once and in order, as webhooks send it, and nobody else's."""

import json

import pytest

from tests.factories import make_audit_event, make_partner, make_relationship
from tests.portal.api.client import make_program

pytestmark = pytest.mark.usefixtures("committed")


def test_events_are_read_on_from_the_last_cursor_and_none_is_missed(world, robot):
    made = [str(make_audit_event(tenant=world.tenant, kind="offer.sent").uuid) for _ in range(5)]
    first = robot.get("/events?limit=3&type=offer.sent")
    assert [each["id"] for each in first.said["data"]] == made[:3]
    assert (first.said["more"], 'rel="next"' in first.headers["Link"]) == (True, True)
    rest = robot.get(first.headers["Link"].partition(">")[0].removeprefix("<http://127.0.0.1:8000"))
    assert [each["id"] for each in rest.said["data"]] == made[3:]
    assert (rest.said["more"], "Link" in rest.headers) == (False, False)
    later = str(make_audit_event(tenant=world.tenant, kind="offer.sent").uuid)
    after = robot.get(f"/events?type=offer.sent&after={rest.said['cursor']}").said
    assert [each["id"] for each in after["data"]] == [later]
    same = robot.get(f"/events?type=offer.sent&after={after['cursor']}").said
    assert (same["data"], same["cursor"]) == ([], after["cursor"])


def test_the_address_in_an_event_is_that_of_the_event(world, robot):
    event = make_audit_event(tenant=world.tenant, kind="partner-of-record.changed")
    told = robot.get(f"/events/{event.uuid}").said
    assert (told["type"], told["id"]) == ("partner_of_record.changed", str(event.uuid))
    assert robot.get(told["data"]["url"].removeprefix("http://127.0.0.1:8000")).said == told


def test_what_is_not_of_the_feed_is_refused(world, robot, elsewhere):
    make_audit_event(tenant=world.tenant)
    theirs = make_audit_event(tenant=elsewhere.tenant)
    beta = make_program(tenant=elsewhere.tenant)
    cursor = beta.get("/events").said["cursor"]
    wrong = [f"after={cursor}", "after=x", "type=no.such", "limit=0", "limit=201", "limit=abc", "cursor=x"]
    assert [robot.get(f"/events?{query}").status_code for query in wrong] == [422] * len(wrong)
    assert robot.get(f"/events/{theirs.uuid}").status_code == 404
    assert str(theirs.uuid) not in json.dumps(robot.get("/events?limit=200").said)
    assert make_program(tenant=world.tenant, scopes=["subscriptions.read"]).get("/events").status_code == 403


def test_a_partner_reads_of_its_own_ties_and_not_inside_a_customer(world):
    make_relationship(tenant=world.tenant, partner=world.partner, roles=("global-administrator",))
    program = make_program(partner=world.partner)
    organization = make_program(tenant=world.tenant)
    put = f"/subscriptions/{world.bare.uuid}/partner-of-record"
    assert organization.put(put, {"partner_id": world.partner.number}, If_Match='"1"').status_code == 200
    (told,) = program.get("/events").said["data"]
    assert (told["type"], told["data"]["partner_id"]) == ("partner_of_record.added", world.partner.number)
    assert program.get(told["data"]["url"].removeprefix("http://127.0.0.1:8000")).said == told
    assert organization.base not in json.dumps(told)
    assert program.get(f"/api/v1/t/{world.tenant.slug}/events").status_code == 404
    other = make_program(partner=make_partner(number="777777", name="Other"))
    assert other.get("/events").said["data"] == []
    assert make_program(partner=world.partner, scopes=["workspace.read"]).get("/events").status_code == 403
