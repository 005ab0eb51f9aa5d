"""Who calls: a token in the header and nothing else, and what is somebody else's does not exist."""

from datetime import timedelta

import pytest
from django.db.models import F

from subscriptions.models import Application, ApplicationToken, RefusalRecord
from tests.database import as_owner
from tests.factories import make_partner, make_relationship
from tests.portal.api.client import Program, make_program

CHALLENGE = 'Bearer realm="portal"'


def without_times(answer) -> dict:
    return answer.said | {"instance": ""}


def test_what_is_not_the_callers_does_not_exist_and_is_noted(world, robot, elsewhere):
    partners = make_program(partner=world.partner)
    foreign = [
        robot.get("/api/v1/t/beta/subscriptions"),
        robot.get("/api/v1/t/nowhere/subscriptions"),
        robot.get(f"/api/v1/t/beta/subscriptions/{elsewhere.uuid}"),
        robot.get(f"/subscriptions/{elsewhere.uuid}"),
        partners.get(f"/api/v1/t/{world.tenant.slug}/subscriptions"),
    ]
    assert {answer.status_code for answer in foreign} == {404}
    assert all(without_times(answer) == without_times(foreign[0]) for answer in foreign)
    assert foreign[0].headers["Content-Type"] == "application/problem+json"
    with as_owner():
        assert RefusalRecord.objects.filter(code="not-found", status=404).count() == len(foreign)


@pytest.mark.parametrize(
    "header", ["", "Basic eDp5", "Bearer", "Bearer ", "Bearer por_x", "Token {token}", "{token}"]
)
def test_without_a_valid_token_nothing_opens(world, robot, header):
    answer = robot.ask("GET", "/subscriptions", Authorization=header.format(token=robot.token))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, CHALLENGE)
    assert answer.said["code"] == "not-authenticated"


def test_a_token_that_is_changed_over_or_revoked_is_answered_alike(world, robot):
    last = "a" if robot.token[-1] != "a" else "b"
    answers = [Program(robot.token[:-1] + last, robot.base).get("/subscriptions")]
    with as_owner():
        earlier = F("made_at") - timedelta(days=2)
        ApplicationToken.objects.update(made_at=earlier, expires_on=F("made_at") - timedelta(seconds=1))
    answers.append(robot.get("/subscriptions"))
    with as_owner():
        ApplicationToken.objects.all().delete()
    answers.append(robot.get("/subscriptions"))
    assert {answer.status_code for answer in answers} == {401}
    assert without_times(answers[0]) == without_times(answers[1]) == without_times(answers[2])


def test_a_token_in_the_address_or_a_session_opens_nothing(world, robot, sign_in):
    signed_in = Program("", robot.base, sign_in(world.admin))
    answers = [
        signed_in.ask("GET", "/subscriptions", Authorization=""),
        robot.ask("GET", f"/subscriptions?access_token={robot.token}", Authorization=""),
    ]
    assert {answer.status_code for answer in answers} == {401}


def test_a_scope_that_is_missing_is_named(world):
    reads = make_program(tenant=world.tenant, scopes=["subscriptions.read"])
    answer = reads.put(
        f"/subscriptions/{world.bare.uuid}/partner-of-record", {"partner_id": "565380"}, If_Match='"1"'
    )
    assert (answer.status_code, answer.said["code"]) == (403, "insufficient-scope")
    assert "partner-of-record.write" in answer.said["detail"]


def test_a_role_that_may_not_is_told_what_its_page_tells(world, sign_in):
    reader = make_program(tenant=world.tenant, role="global-reader")
    place = f"/subscriptions/{world.bare.uuid}/partner-of-record"
    answer = reader.put(place, {"partner_id": "565380"}, If_Match='"1"')
    assert (answer.status_code, answer.said["code"]) == (403, "role")
    page = sign_in(world.reader).post(world.url(world.bare, "partner-of-record/"))
    assert answer.said["detail"] in page.content.decode()


def test_a_partners_program_reads_by_its_roles_and_never_names_a_partner(world):
    make_relationship(tenant=world.tenant, partner=world.partner, roles=("global-administrator",))
    program = make_program(partner=world.partner)
    base = f"/api/v1/t/{world.tenant.slug}/subscriptions"
    assert program.get(base).status_code == 200
    answer = program.put(f"{base}/{world.bare.uuid}/partner-of-record", {"partner_id": "565380"}, If_Match='"1"')
    assert (answer.status_code, answer.said["code"]) == (403, "partners-never")


def test_a_lowered_role_a_suspended_organization_and_a_deleted_application_count_at_once(world, robot):
    put = f"/subscriptions/{world.bare.uuid}/partner-of-record"

    def tried() -> tuple[int, str]:
        answer = robot.put(put, {"partner_id": "565380"}, If_Match='"1"')
        return answer.status_code, answer.said["code"]

    with as_owner():
        Application.objects.update(role="global-reader")
    assert tried() == (403, "role")
    with as_owner():
        Application.objects.update(role="billing-admin")
        type(world.tenant).objects.filter(pk=world.tenant.pk).update(state="suspended", state_since=F("state_since"))
    assert tried() == (403, "organization-suspended")
    with as_owner():
        Application.objects.all().delete()
    assert tried() == (401, "not-authenticated")


def test_a_program_asks_who_it_is(world, robot):
    own = robot.get("/api/v1/me").said
    assert own["owner"] == {"kind": "organization", "name": "Contoso Ltd", "slug": "contoso", "partner_id": None}
    assert (own["role"], "subscriptions.read" in own["scopes"]) == ("billing-admin", True)
    partners = make_program(partner=make_partner(number="777777", name="Other")).get("/api/v1/me").said
    assert partners["owner"] == {"kind": "partner", "name": "Other", "slug": None, "partner_id": "777777"}


def test_the_last_use_of_a_token_is_kept_with_its_address(world, robot):
    robot.get("/subscriptions")
    with as_owner():
        used = ApplicationToken.objects.get()
    assert (used.last_address, used.last_used is not None) == ("127.0.0.1", True)


def test_one_call_too_many_in_a_minute_waits_and_another_application_does_not(world, robot, settings):
    settings.LIMITS = {"api-read": {"application": (2, 60)}}
    answers = [robot.get("/subscriptions") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert make_program(tenant=world.tenant).get("/subscriptions").status_code == 200
