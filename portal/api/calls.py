"""Around every operation, in one order.

who calls · limits · the scope, 404 and 403 · unknown parameters · once: key · body, version, the act · headers

A problem ends the scope by raising, so that nothing of a refused call remains; it is answered outside.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError, ValidationError

from partners.directory.reads import PartnerUnusable
from portal.api import problems
from portal.api.access import LOOKS_UP, READS, Access, count_call, entered
from portal.api.answers import Answered, ApiRequest, finished, in_correlation
from portal.api.auth import require_caller
from portal.api.bodies import body_of, pointer
from portal.api.files.uploads import require_form
from portal.api.keys import answered_once
from portal.api.kinds import INVALID, KEY_REUSED, NOT_FOUND, STALE, TOO_MANY
from portal.api.problems import Problem, Wrong
from subscriptions.db.idempotency import KeyReused
from subscriptions.db.limits import TooManyRequests
from subscriptions.verdicts import Refused, Stale
from subscriptions.web.responses import begun

Run = Callable[..., HttpResponse]
DRY_RUN = "dry_run"


def around(run: Run) -> Run:
    """Decorates what runs an operation, whose view says in `access` who may call it."""
    operation: Any = run.__self__  # type: ignore[attr-defined]
    wanted: Access = operation.view_func.access
    query = parameters_of(operation) | ({DRY_RUN} if wanted.kind != READS else set())
    takes = Takes(wanted, query, parameters_of(operation, "form", "file"))

    @wraps(run)
    def inner(request: ApiRequest, **address: Any) -> HttpResponse:
        request.answered = Answered()
        try:
            response = finished(request, _taken(request, takes, run, address))
            return begun(response) if isinstance(response, StreamingHttpResponse) else response
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            if problem.kind.status in (403, 404):
                request.refusal_code = problem.kind.code  # type: ignore[attr-defined]
            return problems.answer(request, problem)

    return inner


def parameters_of(operation: Any, *sources: str) -> set[str]:
    """The names that an operation's query may have, or its form."""
    models = [model for model in operation.models if model.__ninja_param_source__ in (sources or ("query",))]
    return {name for model in models for name in getattr(model, "__ninja_flatten_map__", model.model_fields)}


@dataclass(frozen=True)
class Takes:
    """What an operation takes: whose calls, and the names in its query and, where a file comes, in its form."""

    access: Access
    query: set[str]
    form: set[str]


def _taken(request: ApiRequest, takes: Takes, run: Run, address: dict[str, Any]) -> HttpResponse:
    wanted = takes.access
    request.caller = require_caller(request)
    count_call(request, wanted)
    if wanted.kind != READS and not wanted.takes_file:
        body_of(request)
    with in_correlation(request), entered(request, wanted, address):
        _require_known(request, takes.query)
        request.dry_run = _is_dry(request)
        if wanted.kind in (READS, LOOKS_UP):
            return run(request, **address)
        if wanted.takes_file:
            require_form(request, takes.form)
        with transaction.atomic():
            return answered_once(request, lambda: run(request, **address))


def _require_known(request: HttpRequest, allowed: set[str]) -> None:
    """A parameter that is not known here is never ignored; nor one that comes twice."""
    told = _("There is no such parameter here. Those that there are: %(names)s.")
    names = ", ".join(sorted(allowed)) or "-"
    wrong = [
        Wrong(told % {"names": names}, "unknown-parameter", parameter=name[:100])
        for name in request.GET
        if name not in allowed
    ]
    wrong += [
        Wrong(_("This parameter was sent twice."), "duplicate", parameter=name)
        for name, values in request.GET.lists()
        if name in allowed and len(values) > 1
    ]
    wrong += [
        Wrong(_("This has characters that no text has."), "not-text", parameter=name)
        for name, value in request.GET.items()
        if name in allowed and "\0" in value
    ]
    if wrong:
        raise Problem(INVALID, errors=wrong)


def _is_dry(request: HttpRequest) -> bool:
    asked = request.GET.get(DRY_RUN, "false")
    if asked not in ("true", "false"):
        raise Problem(INVALID, errors=[Wrong(_("Say true or false."), "not-true-or-false", parameter=DRY_RUN)])
    return asked == "true"


def problem_of(error: Exception) -> Problem | None:
    """None for a fault of ours or of the database, which the portal answers for every page alike."""
    match error:
        case Problem():
            return error
        case Refused():
            return problems.refusal(error.verdict)
        case PartnerUnusable():
            return problems.unusable_partner(error)
        case TooManyRequests():
            return Problem(TOO_MANY, headers={"Retry-After": str(error.retry_after)})
        case KeyReused():
            return Problem(KEY_REUSED)
        case Stale():
            return Problem(STALE)
        case Http404():
            return Problem(NOT_FOUND)
        case ValidationError():
            return Problem(INVALID, errors=[_wrong(each) for each in error.errors])
        case HttpError() if isinstance(error.__cause__, Problem):
            return error.__cause__
    return None


def _wrong(error: dict[str, Any]) -> Wrong:
    """Of what pydantic found: where, and what, in the reader's words for what is common."""
    source, *place = error["loc"]
    code = str(error["type"]).replace("_", "-")
    told = _WORDS[error["type"]]() if error["type"] in _WORDS else str(error["msg"])
    if source == "body":
        return Wrong(told, code, pointer=pointer(place[1:]))
    if source in ("form", "file"):
        return Wrong(told, code, pointer=pointer(place[-1:]))
    return Wrong(told, code, parameter=str(place[-1]) if place else source)


_WORDS: dict[str, Callable[[], str]] = {
    "missing": lambda: _("This is missing."),
    "extra_forbidden": lambda: _("There is no such field here."),
    "string_type": lambda: _("This has to be a text, in quotation marks."),
    "int_type": lambda: _("This has to be a whole number."),
    "int_parsing": lambda: _("This has to be a whole number."),
    "bool_type": lambda: _("Say true or false."),
    "bool_parsing": lambda: _("Say true or false."),
    "date_from_datetime_parsing": lambda: _("This has to be a day, such as 2026-12-31."),
    "date_parsing": lambda: _("This has to be a day, such as 2026-12-31."),
}
