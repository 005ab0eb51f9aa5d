"""How an operation of the facades is called: let in, counted and done by the API's own means, answered as Graph does.

What is at an address is a table: method, then whose application calls, then the function. Each has the API's `access`
and says which query options it takes.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse

from partners.applications import scope_of
from partners.models import Partner
from partners.offers.checks import NotOfferable
from portal.api.access import READS, Access, count_call, entered
from portal.api.answers import Answered, ApiRequest, in_correlation
from portal.api.auth import require_caller
from portal.api.bodies import body_of
from portal.api.calls import problem_of
from portal.api.keys import HEADER, answered_once
from portal.api.kinds import INVALID, NOT_ALLOWED, NOT_FOUND
from portal.api.problems import Problem, Wrong
from portal.graph import errors
from portal.graph.headers import echo, is_known, weak_tag
from portal.graph.operations import ORGANIZATION, PARTNER, Run, View, for_programs
from portal.graph.options import require_known
from subscriptions.access import ActingApplication
from subscriptions.applications.callers import Caller
from subscriptions.models import Tenant

FIELDS = {"name": "displayName", "days": "duration", "roles": "accessDetails/unifiedRoles", "terms": "terms"}


def resource(**methods: Mapping[str, Run]) -> View:
    """The view of an address: for each method, what it does for an organization's and for a partner's application."""

    def view(request: Any, **address: Any) -> HttpResponse:
        return answered(request, lambda: _called(request, methods, address))

    view.operations = methods  # type: ignore[attr-defined]
    return for_programs(view)


def answered(request: ApiRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """What `run` answers, or the problem that it raises."""
    request.answered, request.dry_run = Answered(), False
    try:
        return echo(request, run())
    except NotOfferable as error:
        told = [
            Wrong(each, "not-offerable", pointer=f"/{FIELDS.get(name, name)}")
            for name, each in error.problems.items()
        ]
        return errors.answer(request, Problem(INVALID, errors=told))
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        if problem.kind.status in (403, 404):
            request.refusal_code = problem.kind.code  # type: ignore[attr-defined]
        return errors.answer(request, problem)


def _called(request: ApiRequest, methods: Mapping[str, Mapping[str, Run]], address: dict[str, Any]) -> HttpResponse:
    method = "GET" if request.method == "HEAD" else str(request.method)
    if method not in methods:
        raise Problem(NOT_ALLOWED, headers={"Allow": ", ".join(sorted(methods))})
    request.caller = require_caller(request)
    place, owner = ({"slug": address.pop("slug")}, ORGANIZATION) if "slug" in address else place_of(request.caller)
    run = methods[method].get(owner)
    if run is None:
        count_call(request, Access(None))
        raise Problem(NOT_FOUND)
    return done(request, run, place, address)


def place_of(caller: Caller) -> tuple[dict[str, str], str]:
    """Where an application belongs, as the addresses of the API name it; the operator's belongs nowhere."""
    with scope_of(caller):
        if caller.tenant_id is not None:
            return {"slug": Tenant.objects.values_list("slug", flat=True).get(pk=caller.tenant_id)}, ORGANIZATION
        if caller.partner_id is not None:
            return {"number": Partner.objects.values_list("number", flat=True).get(pk=caller.partner_id)}, PARTNER
    return {}, ""


def done(request: ApiRequest, run: Run, place: dict[str, str], address: dict[str, Any]) -> HttpResponse:
    """In the scope of the place: an act in one transaction, and once where it comes with a key."""
    wanted: Access = run.access  # type: ignore[attr-defined]
    count_call(request, wanted)
    if wanted.kind != READS:
        body_of(request)
    with in_correlation(request), entered(request, wanted, place):
        if scope := getattr(run, "scope", None):
            application_of(request).may_use(scope).require()
        require_known(request, getattr(run, "options", frozenset()))
        if wanted.kind == READS:
            return _written(request, run(request, **address))
        with transaction.atomic():
            if HEADER not in request.headers:
                return _written(request, run(request, **address))
            return _weakened(answered_once(request, lambda: _written(request, run(request, **address))))


def _weakened(response: HttpResponse) -> HttpResponse:
    """An answer that was kept has the tag of the API."""
    tag = response.headers.get("ETag", "")
    if tag.startswith('"'):
        response.headers["ETag"] = f"W/{tag}"
    return response


def application_of(request: ApiRequest) -> ActingApplication:
    application = request.actor.application
    assert application is not None  # noqa: S101 - nobody else comes here
    return application


def _written(request: ApiRequest, told: Any) -> HttpResponse:
    """As JSON; a status other than 200 comes before what is told, and nothing is 204."""
    status, body = told if isinstance(told, tuple) else (204 if told is None else 200, told)
    response = HttpResponse(status=status, headers=request.answered.headers)
    version = request.answered.version
    if version is not None:
        if request.method == "GET" and is_known(request, version):
            response = HttpResponse(status=304)
            body = None
        response.headers["ETag"] = weak_tag(version)
    if body is None:
        response.headers.pop("Content-Type", None)
    else:
        response.content = json.dumps(body, ensure_ascii=False).encode()
        response.headers["Content-Type"] = "application/json"
    return response


@for_programs
def nothing_here(request: Any) -> HttpResponse:
    return errors.plain(request, 404)
