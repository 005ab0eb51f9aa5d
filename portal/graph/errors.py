"""Problems in the shape that Graph's clients read; what the API says beyond it stands in `innerError`."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.api.kinds import BY_STATUS, FAILED, INVALID
from portal.api.problems import Problem, Wrong, request_id
from portal.graph.headers import echo

BAD_REQUEST = 400
# A request that is not valid has this one status in Graph
STATUS = {422: BAD_REQUEST}
CODES = {
    400: "Request_BadRequest",
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "Request_ResourceNotFound",
    405: "Request_MethodNotAllowed",
    409: "Request_Conflict",
    410: "Request_Gone",
    412: "Request_PreconditionFailed",
    413: "Request_TooLarge",
    415: "Request_UnsupportedMediaType",
    428: "Request_PreconditionRequired",
    429: "TooManyRequests",
    500: "generalException",
    503: "serviceNotAvailable",
}


def wrong(told: str, code: str, place: str) -> Problem:
    """What is not valid at one place: a property by its path, or a query option by its name."""
    if place.startswith("$"):
        return Problem(INVALID, errors=[Wrong(told, code, parameter=place)])
    return Problem(INVALID, errors=[Wrong(told, code, pointer=f"/{place}")])


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    kind = problem.kind
    status = STATUS.get(kind.status, kind.status)
    details = [_detail(each) for each in problem.errors]
    error: dict[str, Any] = {
        "code": CODES.get(status, CODES[500]),
        "message": details[0]["message"] if details else problem.detail or str(kind.meaning or kind.title),
    }
    if details and details[0].get("target"):
        error["target"] = details[0]["target"]
    if details:
        error["details"] = details
    error["innerError"] = _inner(request, problem)
    response = HttpResponse(
        json.dumps({"error": error}, ensure_ascii=False),
        status=status,
        content_type="application/json",
        headers=dict(problem.headers),
    )
    return echo(request, response)


def _detail(found: Wrong) -> dict[str, str]:
    target = found.parameter or (found.pointer or "").lstrip("/")
    return {"code": found.code, "message": found.detail} | ({"target": target} if target else {})


def _inner(request: HttpRequest, problem: Problem) -> dict[str, Any]:
    inner: dict[str, Any] = {
        "date": timezone.now().isoformat(timespec="seconds").replace("+00:00", ""),
        "request-id": request_id(),
        "client-request-id": request.headers.get("client-request-id", request_id())[:100],
        "reasonCode": problem.kind.code,
        "title": problem.title or str(problem.kind.title),
    }
    for name, value in (("who", problem.who), ("nextStep", problem.next_step), ("nextUrl", problem.next_url)):
        if value:
            inner[name] = value
    return inner | {_camel(name): value for name, value in problem.more.items()}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def plain(request: HttpRequest, status: int) -> HttpResponse:
    """In the place of a page that says no more than the status does."""
    return answer(request, Problem(BY_STATUS.get(status, FAILED)))
