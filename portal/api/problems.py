"""Whatever is not done is answered as a problem (RFC 9457): what, why, who can change that, and what to do next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from partners.directory.reads import PartnerUnusable
from portal.api.kinds import BY_STATUS, FAILED, KINDS, UNUSABLE, Kind
from subscriptions.verdicts import Verdict
from subscriptions.web.responses import address_of

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True)
class Wrong:
    """What is wrong at one place of the request: a JSON pointer into its body, or a parameter by name."""

    detail: str
    code: str
    pointer: str | None = None
    parameter: str | None = None

    def told(self) -> dict[str, str]:
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass
class Problem(Exception):
    """Raised wherever a request is not done; nothing of it remains."""

    kind: Kind
    detail: str = ""
    who: str = ""
    next_step: str = ""
    next_url: str = ""
    errors: Sequence[Wrong] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def refusal(verdict: Verdict) -> Problem:
    """What a verdict says, in its own words."""
    kind = KINDS[verdict.code.code]
    headers = {"Retry-After": "60"} if kind.status == 503 else {}
    return Problem(kind, title=str(verdict.heading), headers=headers, **words_of(verdict))


def words_of(verdict: Verdict) -> dict[str, Any]:
    next_url = absolute(address_of(verdict.next_page)) if verdict.next_page else verdict.next_url
    return {
        "detail": str(verdict.reason),
        "who": str(verdict.who),
        "next_step": str(verdict.next_step),
        "next_url": next_url,
    }


def unusable_partner(unusable: PartnerUnusable) -> Problem:
    """Why a partner ID cannot be used; of a global ID the company's locations, of no other a name."""
    locations = [{"partner_id": each.number, "name": each.name} for each in unusable.locations]
    more = {"locations": locations} if locations else {}
    return Problem(UNUSABLE[unusable.problem], unusable.sentence, next_step=unusable.next_step, more=more)


def request_id() -> str:
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    kind = problem.kind
    body: dict[str, Any] = {
        "type": absolute(reverse("api-problem", args=[kind.code])),
        "title": problem.title or str(kind.title),
        "status": kind.status,
        "detail": problem.detail or str(kind.meaning),
        "instance": request_id(),
        "code": kind.code,
    }
    for name in ("who", "next_step", "next_url"):
        if value := getattr(problem, name):
            body[name] = value
    if problem.errors:
        body["errors"] = [wrong.told() for wrong in problem.errors]
    body |= problem.more
    return HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=kind.status,
        content_type=PROBLEM_JSON,
        headers={"Request-Id": request_id(), **problem.headers},
    )


def plain(request: HttpRequest, status: int) -> HttpResponse:
    """In the place of a page that says no more than the status does."""
    kind = BY_STATUS.get(status, FAILED)
    return answer(request, Problem(kind))
