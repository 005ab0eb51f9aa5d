"""Acts on many by the API: one call decides, a job does it, and its progress is read."""

import pytest

from subscriptions.bulk.runs import work_off
from subscriptions.models import Application, BulkAct
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner
from tests.factories import make_partner, make_policy
from tests.facts import audit_kinds, periods
from tests.portal.api.client import make_program


def many(world, **more) -> dict:
    ids = [str(world.named.uuid), str(world.bare.uuid)]
    return {"kind": "partner-of-record", "subscriptions": ids, "wanted": {"partner_id": "935287"}, **more}


def work(world) -> None:
    with as_owner():
        act = BulkAct.objects.latest("pk")
    work_off(tenant_id=world.tenant.pk, act_id=act.pk)


def test_many_are_changed_by_one_call_and_taken_back_by_another(world, robot):
    begun = robot.post("/bulk-acts", many(world))
    assert (begun.status_code, begun.said["planned"], begun.said["state"]) == (202, 2, "queued"), begun.said
    assert begun.headers["Retry-After"] == "5"
    place = "/api/v1" + begun.headers["Location"].partition("/api/v1")[2]
    assert robot.get(place).said["waiting"] == 2
    work(world)
    done = robot.get(place)
    assert (done.said["state"], done.said["changed"], "Retry-After" in done.headers) == ("done", 2, False)
    assert periods(world.bare) == [("935287", True)]
    rows = robot.get(f"{place}/rows").said["data"]
    assert {row["outcome"] for row in rows} == {"changed"}
    undone = robot.post(f"{place}/undo")
    assert undone.status_code == 202, undone.said
    work(world)
    assert periods(world.bare) == [("935287", False)]
    assert periods(world.named)[-1] == ("565380", True)


def test_a_try_of_many_begins_nothing(world, robot):
    robot.get("/operations")
    before = everything()
    answer = robot.post("/bulk-acts?dry_run=true", many(world))
    assert (answer.status_code, answer.said["status"], answer.said["answer"]["planned"]) == (200, 202, 2)
    assert everything() == before


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"kind": "nothing"}, "/kind"),
        ({"subscriptions": []}, "/subscriptions"),
        ({"subscriptions": ["x"]}, "/subscriptions/0"),
        ({"subscriptions": ["00000000-0000-4000-8000-000000000000"]}, "/subscriptions/0"),
        ({"wanted": {}}, "/wanted/partner_id"),
        ({"wanted": {"partner_id": "abc"}}, "/wanted/partner_id"),
        ({"wanted": {"partner_id": "565380", "x": "y"}}, "/wanted/x"),
        ({"wanted": {"partner_id": None}}, "/wanted/partner_id"),
    ],
    ids=str,
)
def test_what_is_wrong_with_many_is_told_at_its_place(world, robot, more, pointer):
    answer = robot.post("/bulk-acts", many(world) | more)
    assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, pointer), answer.said
    assert audit_kinds() == []


def test_those_of_another_organization_are_none(world, robot, elsewhere):
    answer = robot.post("/bulk-acts", many(world) | {"subscriptions": [str(elsewhere.uuid)]})
    assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, "/subscriptions/0")


def test_many_wait_for_a_second_person_and_a_deleted_application_changes_nothing(world, robot):
    with as_owner():
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(second_person=True)
    answer = robot.post("/bulk-acts", many(world))
    assert (answer.status_code, answer.said["state"]) == (202, "asked"), answer.said
    with as_owner():
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(second_person=False)
    other = make_program(tenant=world.tenant)
    assert other.post("/bulk-acts", many(world)).status_code == 202
    with as_owner():
        Application.objects.all().delete()
    work(world)
    assert periods(world.bare) == []


def test_a_change_for_a_day_is_made_by_a_program(world, robot):
    place = f"/subscriptions/{world.bare.uuid}/scheduled-changes"
    for wrong in ({}, {"remove": True, "partner_id": "935287"}, {"partner_id": "935287", "on": "x"}):
        assert robot.post(place, wrong, If_Match='"1"').status_code == 422
    answer = robot.post(place, {"partner_id": "935287", "on": "2027-06-01"}, If_Match='"1"')
    assert (answer.status_code, answer.said["changed"]) == (200, True), answer.said
    row = robot.get("/scheduled-changes").said["data"][0]
    assert (row["id"], row["state"], row["partner"]["partner_id"]) == (answer.said["id"], "waiting", "935287")
    assert robot.post(f"/scheduled-changes/{row['id']}/cancel").status_code == 200
    assert robot.get(f"/scheduled-changes/{row['id']}").said["state"] == "canceled"


def test_what_waits_is_told_beforehand_where_only_partners_off_the_list_are_asked_for(world, robot):
    with as_owner():
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(asks_off_list=True)
    make_policy(tenant=world.tenant, partner=make_partner(number="717171", name="On the list"))
    place = f"/subscriptions/{world.named.uuid}"
    asked = robot.put(f"{place}/partner-of-record", {"partner_id": "935287"}, If_Match='"1"')
    assert asked.said["waits_for_approval"] is True
    told = robot.get(f"{place}?expand=actions").said["actions"]["partner-of-record"]
    again = robot.put(f"{place}/partner-of-record", {"partner_id": "717171"}, If_Match='"1"')
    assert (told["allowed"], told["code"]) == (False, again.said["code"])


def test_a_program_asks_a_second_person_and_takes_that_back(world, robot):
    with as_owner():
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(second_person=True)
    place = f"/subscriptions/{world.named.uuid}/partner-of-record"
    asked = robot.put(place, {"partner_id": "935287"}, If_Match='"1"')
    assert (asked.status_code, asked.said["waits_for_approval"]) == (202, True), asked.said
    request = "/api/v1" + asked.headers["Location"].partition("/api/v1")[2]
    assert robot.get(request).said["state"] == "waiting"
    assert robot.post(f"{request}/approve").said["code"] == "applications-never"
    other = make_program(tenant=world.tenant)
    assert other.post(f"{request}/withdraw").said["code"] == "role"
    assert robot.post(f"{request}/withdraw").status_code == 200
    assert robot.get(request).said["state"] == "withdrawn"
    assert periods(world.named) == [("565380", True)]
