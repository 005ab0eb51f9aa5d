"""Pages about the API, for everybody: its document, read as pages of our own, and what each kind of problem means."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from portal.api.instance import api
from portal.api.kinds import KINDS, Kind
from subscriptions.base import formats

TONES = {"get": "neutral", "post": "info", "put": "warn", "delete": "bad"}  # of a method's tag; the word says it
WIDE = "wide"  # the class of a page that is broader than a card


@require_safe
@login_not_required
@transaction.non_atomic_requests
def problem_list(request: HttpRequest) -> HttpResponse:
    kinds = sorted(KINDS.values(), key=lambda kind: (kind.status, kind.code))
    return render(request, "api/problem_list.html", {"kinds": kinds, "width": WIDE})


@require_safe
@login_not_required
@transaction.non_atomic_requests
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Where the `type` of a problem leads."""
    kind: Kind | None = KINDS.get(code)
    if kind is None:
        raise Http404
    return render(request, "api/problem_detail.html", {"kind": kind, "width": WIDE})


@require_safe
@login_not_required
@transaction.non_atomic_requests
def document(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document."""
    return HttpResponse(text_of_document(), content_type="application/json")


@require_safe
@login_not_required
@transaction.non_atomic_requests
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page: no script and nothing from elsewhere."""
    read = json.loads(text_of_document())
    facts = {"info": read["info"], "groups": list(_groups(read)), "file_name": "openapi.json"}
    return render(request, "api/docs.html", {**facts, "width": f"{WIDE} docs"})


@lru_cache(maxsize=1)
def text_of_document() -> str:
    with override("en"):
        return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"


def _groups(read: dict[str, Any]) -> Iterator[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in read["paths"].items():
        for method, operation in operations.items():
            told = _told(read, path, method, operation)
            groups.setdefault(operation["tags"][0], []).append(told)
    for number, (name, operations) in enumerate(groups.items(), 1):
        yield {"name": name, "id": f"group-{number}", "operations": operations}


def _told(read: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = next((each["schema"] for each in operation.get("requestBody", {}).get("content", {}).values()), None)
    answers = [
        {"status": status, "told": answer["description"], "fields": _fields_of_answer(read, answer)}
        for status, answer in sorted(operation["responses"].items())
        if status.startswith("2")
    ]
    return {
        "id": operation["operationId"].replace("_", "-"),
        "method": method.upper(),
        "tone": TONES[method],
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "parameters": [_parameter(_resolved(read, each)) for each in operation["parameters"]],
        "fields": _fields(read, body) if body else [],
        "answers": answers,
        "problems": formats.join_list(status for status in sorted(operation["responses"]) if status[0] in "45"),
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    kinds = {"path": _("path"), "query": _("query"), "header": _("header")}
    return {
        "name": parameter["name"],
        "place": kinds[parameter["in"]],
        "type": _type(parameter["schema"]),
        "required": parameter.get("required", False),
        "told": parameter.get("description", ""),
    }


def _fields_of_answer(read: dict[str, Any], answer: dict[str, Any]) -> list[dict[str, Any]]:
    content = answer.get("content", {}).get("application/json")
    return _fields(read, content["schema"]) if content else []


def _resolved(read: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        _components, group, name = schema["$ref"].removeprefix("#/").split("/")
        return read["components"][group][name]
    for choice in schema.get("anyOf", ()):
        if choice.get("type") != "null":
            return _resolved(read, choice)
    return schema


def _fields(read: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    found = _resolved(read, schema)
    required = found.get("required", [])
    return [
        {"name": name, "type": _type(each), "required": name in required, "told": each.get("description", "")}
        for name, each in found.get("properties", {}).items()
    ]


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(each) for each in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{_type(schema['items'])}]"
    return str(schema.get("format") or schema.get("type", ""))
