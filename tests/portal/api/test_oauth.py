"""OAuth 2 client credentials: an application's ID and token for a token of some minutes, which opens no more."""

import json
from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from subscriptions.applications.short_tokens import PREFIX, seal
from subscriptions.models import Application, ApplicationToken, AuditEvent
from tests.database import as_owner
from tests.portal.api.client import Program, make_program

ADDRESS, FORM = "/api/oauth/token", "application/x-www-form-urlencoded"
PARTNERS = "providers/Microsoft.ManagementPartner/partners"


@as_owner()
def client_of(program: Program) -> str:
    return str(Application.objects.get(tokens__hint__endswith=program.token[-4:]).uuid)


def ask(fields: Any, *, type_: str = FORM, method: str = "POST", path: str = ADDRESS, **headers: str) -> Any:
    body = urlencode(fields) if isinstance(fields, dict | list) else fields
    answer = Client().generic(method, path, body, content_type=type_, headers=headers)
    answer.said = json.loads(answer.content)
    return answer


def basic(client: str, secret: str) -> str:
    return f"Basic {b64encode(f'{client}:{secret}'.encode()).decode()}"


@pytest.fixture
def fields(robot) -> dict[str, str]:
    grant = {"grant_type": "client_credentials"}
    return grant | {"client_id": client_of(robot), "client_secret": robot.token}


def test_a_token_for_some_minutes_is_the_same_actor_with_the_same_scopes(world, robot, fields):
    answer = ask(fields)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    said = answer.said
    assert (said["token_type"], said["expires_in"], said["access_token"][:4]) == ("Bearer", 900, PREFIX)
    short, own = Program(said["access_token"], robot.base), robot.get("/api/v1/me").said
    me = short.get("/api/v1/me").said
    assert {**me, "expires": ""} == {**own, "expires": ""}
    assert said["scope"].split() == me["scopes"]
    assert me["expires"] < own["expires"]
    put = f"/subscriptions/{world.bare.uuid}/partner-of-record"
    assert short.put(put, {"partner_id": world.partner.number}, If_Match='"1"').status_code == 200
    with as_owner():
        event = AuditEvent.objects.get(subject_uuid=world.bare.uuid)
    assert (event.actor_kind, str(event.actor_application)) == ("application", me["id"])


def test_basic_authentication_and_the_words_of_microsofts_clients_are_taken(fields):
    secret = basic(fields["client_id"], fields["client_secret"])
    grant = {"grant_type": "client_credentials", "scope": "https://portal.example/.default"}
    answer = ask(grant, Authorization=secret)
    assert (answer.status_code, "subscriptions.read" in answer.said["scope"].split()) == (200, True)


def test_a_narrower_token_has_what_was_asked_for_alone(world, robot, fields):
    answer = ask({**fields, "scope": "events.read subscriptions.read"})
    assert answer.said["scope"] == "events.read subscriptions.read"
    short = Program(answer.said["access_token"], robot.base)
    assert short.get("/subscriptions").status_code == 200
    put = f"/subscriptions/{world.bare.uuid}/partner-of-record"
    refused = short.put(put, {"partner_id": world.partner.number}, If_Match='"1"')
    assert (refused.status_code, refused.said["code"]) == (403, "insufficient-scope")


def test_what_the_application_loses_its_short_token_loses_at_once(robot, fields):
    short = Program(ask(fields).said["access_token"], robot.base)
    with as_owner():
        Application.objects.update(scopes=["orders.read"])
    assert short.get("/subscriptions").status_code == 403
    with as_owner():
        ApplicationToken.objects.all().delete()
    assert short.get("/subscriptions").status_code == 401


def test_a_short_token_ends_and_makes_no_other_one(robot, fields):
    now = timezone.now()
    over = seal(robot.token, scopes=["subscriptions.read"], ends=now - timedelta(seconds=1))
    good = seal(robot.token, scopes=["subscriptions.read"], ends=now + timedelta(minutes=1))
    assert Program(good, robot.base).get("/subscriptions").status_code == 200
    assert Program(over, robot.base).get("/subscriptions").status_code == 401
    assert Program(f"{good[:-2]}AA", robot.base).get("/subscriptions").status_code == 401
    assert ask({**fields, "client_secret": good}).said["error"] == "invalid_client"


def test_no_short_token_outlives_the_one_that_it_is_given_for(fields):
    with as_owner():
        ApplicationToken.objects.update(expires_on=timezone.now() + timedelta(seconds=90))
    assert 80 <= ask(fields).said["expires_in"] <= 90


REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "wrong secret": ({"client_secret": "por_x"}, 401, "invalid_client"),
    "no secret": ({"client_secret": None}, 401, "invalid_client"),
    "wrong id": ({"client_id": "00000000-0000-4000-8000-000000000000"}, 401, "invalid_client"),
    "NUL": ({"client_secret": "por_\0"}, 401, "invalid_client"),
    "no grant": ({"grant_type": None}, 400, "invalid_request"),
    "password": ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    "refresh": ({"grant_type": "refresh_token"}, 400, "unsupported_grant_type"),
    "code": ({"grant_type": "authorization_code", "code": "x"}, 400, "unsupported_grant_type"),
    "device": ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant_type"),
    "unknown scope": ({"scope": "everything"}, 400, "invalid_scope"),
    "scope beyond": ({"scope": "subscriptions.read openid"}, 400, "invalid_scope"),
    "all and more": ({"scope": "x/.default subscriptions.read"}, 400, "invalid_scope"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_is_that_of_the_standard(case, fields):
    change, status, error = REFUSED[case]
    answer = ask({name: value for name, value in {**fields, **change}.items() if value is not None})
    assert (answer.status_code, answer.said["error"]) == (status, error)
    assert ("access_token" in answer.said, answer.headers["Cache-Control"]) == (False, "no-store")
    assert answer.headers.get("WWW-Authenticate") == ('Basic realm="portal"' if status == 401 else None)


def test_what_is_no_single_form_is_refused(fields):
    known = basic(fields["client_id"], fields["client_secret"])
    answers = [
        ask([*fields.items(), ("grant_type", "password")]),
        ask([*fields.items(), ("client_id", fields["client_id"])]),
        ask(json.dumps(fields), type_="application/json"),
        ask("ä".encode()),
        ask({**fields, "padding": "x" * 9000}),
        ask(fields, path=f"{ADDRESS}?client_id=x"),
        ask(fields, Authorization=known),
    ]
    assert [(answer.status_code, answer.said["error"]) for answer in answers] == [(400, "invalid_request")] * 7
    got = ask("", method="GET")
    assert (got.status_code, got.headers["Allow"], got.said["error"]) == (405, "POST", "invalid_request")
    broken = [ask({"grant_type": "client_credentials"}, Authorization=each) for each in ("Basic !", "Bearer x")]
    assert {answer.status_code for answer in broken} == {401}


@pytest.mark.parametrize(
    "query", ["", "client_id=x", "a", "%zz", "[", "//[", "a=b&&", "%00", "client_secret={secret}"]
)
def test_nothing_is_read_from_the_address(fields, query):
    """Also what is no query at all is told as the standard says it, and not as a fault of ours."""
    answer = ask(fields, path=f"{ADDRESS}?{query.format(secret=fields['client_secret'])}")
    expected = (400, "invalid_request") if query else (200, None)
    assert (answer.status_code, answer.said.get("error")) == expected


def test_how_often_an_application_asks_is_limited(world, robot, fields, settings):
    settings.LIMITS = {"api-token": {"application": (2, 60)}}
    other = make_program(tenant=world.tenant)
    statuses = [ask(fields).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    answer = ask(fields)
    assert (answer.said["error"], int(answer.headers["Retry-After"]) > 0) == ("temporarily_unavailable", True)
    assert ask({**fields, "client_id": client_of(other), "client_secret": other.token}).status_code == 200


def test_clients_find_the_endpoint(db):
    said = json.loads(Client().get("/api/.well-known/oauth-authorization-server").content)
    assert said["token_endpoint"].endswith(ADDRESS)
    assert said["grant_types_supported"] == ["client_credentials"]


def test_a_token_of_minutes_opens_the_other_doors_too_and_changed_none(world, robot, fields):
    """Microsoft Graph's addresses and Azure's."""
    short = ask(fields).said["access_token"]
    place = f"/azure/t/{world.tenant.slug}/subscriptions/{world.named.uuid}"
    doors = ("/graph/v1.0/organization", f"{place}/{PARTNERS}/565380?api-version=2018-02-01")
    for token, status in ((short, 200), (f"{short[:-1]}{'A' if short[-1] != 'A' else 'B'}", 401)):
        found = [Client().get(door, headers={"Authorization": f"Bearer {token}"}).status_code for door in doors]
        assert found == [status, status]
