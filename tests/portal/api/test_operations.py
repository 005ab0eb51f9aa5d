"""What holds for every operation of the API: who is let in, and what its document says."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from ninja import Schema

from portal.api.access import READS, Access
from portal.api.compared import removals
from portal.api.instance import api
from portal.api.kinds import KINDS
from portal.api.pages import text_of_document
from subscriptions.verdicts import VerdictCode
from tests.factories import make_partner, make_tenant
from tests.portal.api.client import Program, make_program

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.json"
NO_ID = "00000000-0000-4000-8000-000000000000"
ALWAYS = {"401", "403", "404", "422", "429", "503"}


def operations() -> list[tuple[str, str, Access]]:
    """Method, address and access of each."""
    found = []
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    place = "/".join(part for part in f"{bound.prefix}/{path}".split("/") if part)
                    found.append((method, f"/api/v1/{place}", operation.view_func.access))
    return found


def url_of(path: str, slug: str, number: str) -> str:
    path = path.replace("{slug:slug}", slug).replace("{slug:number}", number)
    return re.sub(r"{uuid\w*:\w+}", NO_ID, path)


def statuses(program: Program, slug: str, number: str) -> dict[tuple[str, str], int]:
    return {
        (method, path): program.ask(
            method, url_of(path, slug, number), None if method == "GET" else {}, Idempotency_Key="k"
        ).status_code
        for method, path, _access in operations()
    }


@pytest.fixture
def unlimited(settings):
    settings.LIMITS = {"api-read": {"application": (10_000, 60)}, "api-write": {"application": (10_000, 60)}}


def test_every_operation_says_who_may_call_it():
    assert all(isinstance(access, Access) for _method, _path, access in operations())
    for method, path, access in operations():
        assert (method == "GET") == (access.kind == READS), path
        assert ("{slug:" in path) == (access.permission is not None), path


def test_without_a_token_every_operation_answers_alike(db):
    assert set(statuses(Program("por_x"), "contoso", "565380").values()) == {401}


def test_to_programs_of_somebody_else_no_operation_is_there(world, unlimited):
    """One of another organization, one of a partner without a relationship, and one of another partner."""
    own = world.partner.number
    outside = {
        "other organization": make_program(tenant=make_tenant(slug="beta", name="Beta")),
        "partner": make_program(partner=make_partner(number="700200", name="Nobody here")),
    }
    for who, program in outside.items():
        found = statuses(program, world.tenant.slug, own)
        open_to_all = {status for (_method, path), status in found.items() if "{slug:" not in path}
        assert open_to_all == {200}, who
        assert {each: status for each, status in found.items() if "{slug:" in each[1] and status != 404} == {}, who


def test_a_program_that_was_given_one_scope_does_what_that_allows(world, unlimited):
    program = make_program(tenant=world.tenant, scopes=["events.read"])
    found = statuses(program, world.tenant.slug, world.partner.number)
    for method, path, access in operations():
        if "{slug:slug}" in path and access.permission.value not in ("read", "read-audit-log"):
            assert found[method, path] in (403, 404), (method, path, found[method, path])


def test_nothing_answers_with_a_fault(world, unlimited):
    """An empty body, and IDs that nothing has."""
    for program in (make_program(tenant=world.tenant), make_program(partner=world.partner)):
        found = statuses(program, world.tenant.slug, world.partner.number)
        assert {each: status for each, status in found.items() if status >= 500} == {}


def test_the_document_is_the_one_that_is_kept():
    assert text_of_document() == DOCUMENT.read_text(), "Write it anew: manage.py api_document"


def test_each_shape_of_the_document_has_a_name_of_its_own():
    """Of two that are called alike the document would have one, and say it of both."""
    named = Counter(each.__name__ for each in _shapes(Schema) if each.__module__.startswith("portal."))
    assert len(named) > 100
    assert {name: count for name, count in named.items() if count > 1} == {}


def _shapes(shape: type) -> set[type]:
    return {each for below in shape.__subclasses__() for each in {below, *_shapes(below)}}


def test_what_a_document_takes_away_is_found():
    """A path, a field, an answer, a parameter; and what is newly required."""
    before = json.loads(text_of_document())
    assert removals(before, json.loads(text_of_document())) == []
    after = json.loads(text_of_document())
    del after["paths"]["/api/v1/me"]
    listing = after["paths"]["/api/v1/t/{slug}/subscriptions"]["get"]
    listing["parameters"] = [each for each in listing["parameters"] if each.get("name") != "status"]
    next(each for each in listing["parameters"] if each.get("name") == "q")["required"] = True
    del listing["responses"]["429"]
    schemas = after["components"]["schemas"]
    del schemas["SubscriptionOut"]["properties"]["version"]
    schemas["SubscriptionOut"]["properties"]["name"] = {"type": "integer"}
    schemas["Naming"]["required"].append("reason")
    assert set(removals(before, after)) == {
        "get /api/v1/me",
        "get /api/v1/t/{slug}/subscriptions: parameter status",
        "get /api/v1/t/{slug}/subscriptions: parameter q is required",
        "get /api/v1/t/{slug}/subscriptions: answer 429",
        "SubscriptionOut.version",
        "SubscriptionOut.name: its type",
        "Naming.reason is required",
    }


def test_every_operation_documents_its_problems_and_headers():
    read = json.loads(text_of_document())
    for path, methods in read["paths"].items():
        for method, operation in methods.items():
            assert set(operation["responses"]) >= ALWAYS, (method, path)
            assert {"Bearer": []} in operation["security"]
            assert any("OAuth2" in each for each in operation["security"])
    for response in read["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]
    assert "Retry-After" in read["components"]["responses"]["Problem429"]["headers"]
    names = [operation["operationId"] for methods in read["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_every_refusal_of_a_verdict_has_a_page(client):
    assert {code.code for code in VerdictCode if code is not VerdictCode.ALLOWED} <= set(KINDS)
    for code in ("not-in-this-cloud", "partner-unknown", "stale", "applications-never"):
        page = client.get(f"/api/problems/{code}/")
        assert (page.status_code, code in page.content.decode()) == (200, True)
    assert client.get("/api/problems/nothing/").status_code == 404


def test_the_pages_of_the_api_have_no_script_and_nothing_from_elsewhere(client):
    for url in ("/api/docs/", "/api/problems/"):
        page = client.get(url).content.decode()
        assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/portal.js" defer>']
        assert "https://" not in page.replace(settings.SITE_URL, "")
    assert "set-partner-of-record" in client.get("/api/docs/").content.decode()


def test_the_document_can_be_fetched(client):
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["openapi"].startswith("3.1")
