"""The partner of record by the API: named, taken off, undone; each with the version that was seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partners.models import ApprovedPartner, Partner, PartnerOfRecord
from subscriptions.clouds import Cloud
from subscriptions.mails.acts import compose
from subscriptions.models import AuditEvent, Mail
from tests.architecture.addresses.test_url_matrix import everything
from tests.database import as_owner
from tests.factories import make_partner, make_policy
from tests.facts import footprint, mails, periods, version
from tests.portal.api.client import make_program
from tests.worlds import make_world

CORRELATION = "5f0c3b1e-8f5f-4f5e-9a55-0d9f3c7a1b22"


def place(subscription) -> str:
    return f"/subscriptions/{subscription.uuid}/partner-of-record"


def named(robot, subscription, number="565380", seen=1, **headers):
    return robot.put(place(subscription), {"partner_id": number}, **{"If_Match": f'"{seen}"', **headers})


def test_a_program_names_a_partner_of_record(world, robot):
    answer = named(robot, world.named, "935287", X_Correlation_Id=CORRELATION)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.said["before"] == {"partner_id": "565380", "name": "Tailspin Consulting"}
    assert answer.said["after"] == {"partner_id": "935287", "name": "Adventure Works Advisors"}
    assert periods(world.named) == [("565380", False), ("935287", True)]
    with as_owner():
        event = AuditEvent.objects.get()
        assert (event.actor_kind, event.actor_name[:5], str(event.correlation)) == (
            "application",
            "Robot",
            CORRELATION,
        )
        assert PartnerOfRecord.objects.get(valid__upper_inf=True).source == "api"
    sent = mails()
    assert len(sent) == len(set(sent)) == 4  # both partners and both admins
    assert answer.headers["Request-Id"]


def test_mails_say_that_it_was_an_application(world, robot):
    named(robot, world.named, "935287")
    with as_owner():
        texts = [
            compose(mail).body for mail in Mail.objects.select_related("tenant", "event", "to_user", "invitation")
        ]
    assert len(texts) == 4
    assert all("(application)" in text for text in texts if "Changed by:" in text)
    assert any("Changed by: Robot" in text for text in texts)


def test_the_history_page_says_that_the_api_named_it(world, robot, sign_in):
    named(robot, world.bare)
    page = sign_in(world.admin).get(world.url(world.bare)).content.decode()
    assert "API" in page and "Robot" in page


def test_without_the_version_nothing_is_changed_and_a_stale_one_is_told_who_and_when(world, robot):
    before = footprint(world.named)
    assert robot.put(place(world.named), {"partner_id": "935287"}).said["code"] == "version-missing"
    blind = named(robot, world.named, "935287", If_Match="*")
    assert (blind.status_code, blind.said["code"]) == (428, "version-missing")
    assert footprint(world.named) == before
    assert named(robot, world.named, "935287").status_code == 200
    stale = named(robot, world.named)
    assert (stale.status_code, stale.said["code"], stale.said["current_version"]) == (412, "stale", 2)
    assert stale.said["changed_by"].startswith("Robot") and stale.said["changed_at"].endswith("Z")


def test_the_version_may_stand_in_the_body(world, robot):
    answer = robot.put(place(world.named), {"partner_id": "935287", "version": 1})
    assert (answer.status_code, version(world.named)) == (200, 2)


def test_the_partner_that_is_there_already_changes_nothing(world, robot):
    before = footprint(world.named)
    answer = named(robot, world.named)
    assert (answer.status_code, answer.said["changed"]) == (200, False)
    assert footprint(world.named) == before


def test_a_partner_that_is_not_on_the_approved_list_is_refused_as_on_the_page(world, robot):
    with as_owner():
        listed = Partner.objects.get(number="565380")
    make_policy(tenant=world.tenant, partner=listed)
    before = footprint(world.bare)
    answer = named(robot, world.bare, "935287")
    assert (answer.status_code, answer.said["code"]) == (409, "not-on-list")
    assert footprint(world.bare) == before


def test_it_is_taken_off_and_brought_back(world, robot):
    gone = robot.delete(place(world.named), If_Match='"1"')
    assert (gone.status_code, gone.content, gone.headers["ETag"]) == (204, b"", '"2"')
    back = robot.post(f"{place(world.named)}/undo", If_Match='"2"')
    assert (back.status_code, back.said["after"]["partner_id"]) == (200, "565380")
    assert periods(world.named) == [("565380", False), ("565380", True)]
    again = robot.post(f"{place(world.named)}/undo", If_Match='"3"')
    assert (again.status_code, again.said["code"]) == (409, "nothing-to-undo")
    assert robot.delete(place(world.bare), If_Match='"1"').status_code == 204
    assert version(world.bare) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"partner_id": None},
        b'{"partner_id": "565380", "partner_id": "935287"}',
        {"partner_id": 565380},
        {"partner_id": "abc"},
        {"partner_id": "1e6"},
        {"partner_id": "12345678901"},
        {"partner_id": "56\x005380"},
        b'{"partner_id": "\\ud800565380"}',
        {"partner_id": "5" * 10_000},
        {"partner_id": ""},
        {"partner_id": " "},
        {"partner_id": "​"},
        {"partner_id": "565380", "partner": "x"},
        {"partner_id": "565380", "reason": "x" * 501},
        {"partner_id": ["565380"]},
        ["565380"],
    ],
    ids=str,
)
def test_what_is_no_partner_id_is_told_at_its_place_and_removes_nothing(world, robot, body):
    before = footprint(world.named)
    answer = robot.put(place(world.named), body, If_Match='"1"')
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), answer.said
    assert answer.said["errors"] and all("pointer" in each for each in answer.said["errors"])
    assert footprint(world.named) == before


def test_full_width_digits_are_read(world, robot):
    assert named(robot, world.bare, "５６５ ３８０").status_code == 200
    assert periods(world.bare) == [("565380", True)]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "broken-json"),
        (b"\xff", {}, 400, "broken-json"),
        (b'{"partner_id": NaN}', {}, 400, "broken-json"),
        (b'{"partner_id": -Infinity}', {}, 400, "broken-json"),
        (b"[" * 200 + b"]" * 200, {}, 400, "broken-json"),
        (b"[" * 100_000, {}, 400, "broken-json"),
        (b" " * (1024 * 1024 + 1), {}, 413, "body-too-large"),
        (b" " * (3 * 1024 * 1024), {}, 413, "body-too-large"),
        (b"partner_id=565380", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "not-json"),
        (b"565380", {"Content_Type": "text/plain"}, 415, "not-json"),
    ],
    ids=range(10),
)
def test_a_body_that_is_no_json_changes_nothing(world, robot, body, headers, status, code):
    before = footprint(world.named)
    answer = robot.put(place(world.named), body, If_Match='"1"', Accept="text/html", **headers)
    assert (answer.status_code, answer.said["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert footprint(world.named) == before


@pytest.mark.parametrize("method", ["TRACE", "PATCH", "POST", "OPTIONS"])
def test_a_method_that_is_not_taken_is_a_problem_too(world, robot, method):
    answer = robot.ask(method, place(world.named))
    assert (answer.status_code, answer.said["code"]) == (405, "method-not-allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "PUT", "DELETE"}


def test_an_address_that_is_none_is_a_problem(robot):
    answer = robot.get("/nothing/here")
    assert (answer.status_code, answer.said["code"]) == (404, "not-found")


def test_an_id_that_cannot_be_used_says_why_and_names_nobody(world, robot):
    with as_owner():
        make_partner(number="700100", name="Sleeping Ltd", state="inactive")
    before = footprint(world.bare)
    for number, code in {"9999999": "partner-unknown", "700100": "partner-not-active"}.items():
        answer = named(robot, world.bare, number)
        assert (answer.status_code, answer.said["code"]) == (409, code)
        assert answer.said["next_step"] and "Sleeping" not in answer.content.decode()
    assert footprint(world.bare) == before


def test_the_eleventh_look_up_of_a_minute_waits_and_of_another_application_not(world, robot):
    other = make_program(tenant=world.tenant)
    for _ in range(10):
        assert named(robot, world.bare, "9999999").status_code == 409
    refused = named(robot, world.bare, "9999999")
    assert (refused.status_code, refused.said["code"]) == (429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) > 0
    assert named(other, world.bare).status_code == 200


def test_a_partner_of_another_name_than_expected_is_not_named(world, robot):
    body = {"partner_id": "565380", "expected_name": "Adventure Works Advisors"}
    answer = robot.put(place(world.bare), body, If_Match='"1"')
    assert (answer.status_code, answer.said["code"]) == (409, "partner-name-differs")
    assert periods(world.bare) == []
    meant = body | {"expected_name": "tailspin  consulting"}
    assert robot.put(place(world.bare), meant, If_Match='"1"').status_code == 200


def test_a_try_says_what_would_happen_and_leaves_nothing(world, robot):
    robot.get("/subscriptions")
    before = everything()
    answer = robot.put(f"{place(world.named)}?dry_run=true", {"partner_id": "935287"}, If_Match='"1"')
    assert (answer.status_code, answer.said["dry_run"], answer.said["status"]) == (200, True, 200)
    assert answer.said["answer"]["before"]["partner_id"] == "565380"
    assert answer.said["answer"]["after"]["partner_id"] == "935287"
    assert [event["kind"] for event in answer.said["events"]] == ["partner-of-record.changed"]
    assert {mail["kind"]: mail["number"] for mail in answer.said["mails"]} == {
        "partner-named": 1,
        "partner-removed": 1,
        "partner-of-record-receipt": 2,
    }
    assert everything() == before
    undo = robot.delete(f"{place(world.named)}?dry_run=true", If_Match='"1"')
    assert (undo.status_code, undo.said["status"]) == (200, 204)
    assert everything() == before


@pytest.mark.django_db
def test_where_partners_start_none_is_added_but_changed_and_deleted():
    world = make_world(Cloud.OPERATED_BY_21VIANET)
    robot = make_program(tenant=world.tenant)
    added = named(robot, world.bare, "880021")
    assert (added.status_code, added.said["code"]) == (404, "not-in-this-cloud")
    assert added.said["next_step"]
    assert named(robot, world.named, "880022").status_code == 200
    assert robot.delete(place(world.named), If_Match='"2"').status_code == 204


def test_the_history_is_read_with_as_of(world, robot):
    named(robot, world.named, "935287")
    rows = robot.get(f"{place(world.named)}/history?limit=1").said
    assert [row["partner"]["partner_id"] for row in rows["data"]] == ["935287"]
    rest = robot.get(rows["next"].partition("/api/v1")[2].join(["/api/v1", ""])).said
    assert [row["partner"]["partner_id"] for row in rest["data"]] == ["565380"]
    assert (rest["next"], rest["data"][0]["end_source"]) == (None, "api")
    with as_owner():
        moment = PartnerOfRecord.objects.get(partner=world.partner).valid.lower + timedelta(microseconds=1)
    then = robot.get(f"{place(world.named)}/history?as_of={moment.isoformat().replace('+', '%2B')}").said
    assert [row["partner"]["partner_id"] for row in then["data"]] == ["565380"]


@pytest.mark.parametrize("as_of", ["2026-02-30", "2999-01-01", "1999-12-31", "2026-01-01T00:00:00", "x", "", "later"])
def test_a_moment_that_is_none_is_told(world, robot, as_of):
    for path in (f"{place(world.named)}/history", "/subscriptions"):
        answer = robot.get(f"{path}?as_of={as_of}")
        assert (answer.status_code, answer.said["errors"][0]["parameter"]) == (422, "as_of")


def test_tomorrow_is_still_to_come(world, robot):
    tomorrow = (timezone.now() + timedelta(days=2)).date()
    answer = robot.get(f"/subscriptions?as_of={tomorrow}")
    assert answer.said["errors"][0]["code"] == "future"


def test_who_has_the_version_already_gets_no_body(world, robot):
    answer = robot.get(place(world.named))
    assert answer.headers["ETag"] == '"1"'
    again = robot.get(place(world.named), If_None_Match='"1"')
    assert (again.status_code, again.content) == (304, b"")
    assert robot.get(place(world.named), If_None_Match='"2"').status_code == 200


def test_a_partner_off_the_list_is_refused_or_asked_for_as_on_the_page(world, robot):
    """Who reads the policy reads which; the request that a program makes waits for a person."""
    with as_owner():
        approved = Partner.objects.get(number="565380")
        ApprovedPartner.objects.create(tenant=world.tenant, partner=approved, added_by="Alex")
    assert robot.get("/partner-policy").said["off_list"] == "refused"
    assert named(robot, world.named, "935287").said["code"] == "not-on-list"
    with as_owner():
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(asks_off_list=True)
    assert robot.get("/partner-policy").said["off_list"] == "asked-for"
    asked = named(robot, world.named, "935287")
    assert (asked.status_code, asked.said["waits_for_approval"]) == (202, True), asked.said
    assert periods(world.named) == [("565380", True)]
