"""Error pages that need neither a person nor a database: they are drawn without the request."""

import re
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from structlog.contextvars import get_contextvars

from portal.addresses import local_path
from subscriptions.db.faults import Fault, fault_of

RETRY_AFTER_SECONDS = 10
READING = ("GET", "HEAD", "OPTIONS")
# Fields that no page of ours repeats: passwords, codes, and how somebody pays
SECRET = re.compile("password|code$|payment|fapiao|purchase_order")


# By the beginning of an address that programs ask for: how an answer with that status is written there
FOR_PROGRAMS: dict[str, Callable[[HttpRequest, int], HttpResponse]] = {}


def is_for_programs(request: HttpRequest) -> bool:
    return any(request.path.startswith(beginning) for beginning in FOR_PROGRAMS)


def static_page(template: str, status: int, **more: Any) -> HttpResponse:
    """A page that is the same for everybody who reads the same language; one of a fault names the request, by which
    the log is found.
    """
    context = {"request_id": _request_id()} if status >= 500 else more
    return HttpResponse(render_to_string(template, context), status=status)


def _request_id() -> str:
    return get_contextvars().get("request_id", "")


def error_answer(request: HttpRequest, template: str, status: int, **more: Any) -> HttpResponse:
    """That page, or to a program what says the same."""
    for beginning, answer in FOR_PROGRAMS.items():
        if request.path.startswith(beginning):
            return answer(request, status)
    return static_page(template, status, **more)


def csrf_failure(request, reason=""):
    return static_page("403_csrf.html", 403)


def not_found(request, exception=None):
    return error_answer(request, "404.html", 404)


def forbidden(request, exception=None):
    return error_answer(request, "403.html", 403)


def bad_request(request, exception=None):
    """Django calls a session that could not be saved a bad request, also where it was the database that failed."""
    fault = exception and fault_of(exception)
    return fault_page(request, fault) if fault else error_answer(request, "400.html", 400)


def server_error(request):
    """A fault of the database says what it is; the rest is our fault.

    Django calls this with the exception at hand, wherever it was raised: in a view or in a middleware before it.
    """
    error = sys.exc_info()[1]
    fault = error and fault_of(error)
    return fault_page(request, fault) if fault else error_answer(request, "500.html", 500)


def status_of(request, fault: Fault | None) -> int:
    """Somebody else's lock is a conflict to who changes something; who only reads can but come back later."""
    if fault is None:
        return 500
    return 409 if fault is Fault.LOCKED and request.method not in READING else 503


def fault_page(request, fault: Fault) -> HttpResponse:
    if status_of(request, fault) == 409:
        return error_answer(request, "409.html", 409)
    if is_for_programs(request):
        response = error_answer(request, "503.html", 503)
    elif fault is Fault.COMMIT_LOST and request.method not in READING:
        response = _commit_lost(request)
    else:
        response = static_page("503_read_only.html" if fault is Fault.READ_ONLY else "503.html", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _commit_lost(request) -> HttpResponse:
    """With a form that is sent again as it was: by its key it is done once, however often it is sent."""
    match = request.resolver_match
    act = getattr(match and match.func, "act", None)
    context = {
        "sent": _sent(request) if _may_be_repeated(request, act) else [],
        "action": request.get_full_path(),
        "back": act(request, **match.kwargs).page_url if act else _page_before(request),
        "csrf_token": get_token(request),
        "request_id": _request_id(),
    }
    return HttpResponse(render_to_string("503_commit_lost.html", context), status=503)


def _may_be_repeated(request, act) -> bool:
    if act is not None and (act.is_secret or not act.is_keyed):
        return False
    return bool(request.POST.get("key")) and not any(SECRET.search(name) for name in request.POST)


def _sent(request) -> list[tuple[str, list[str]]]:
    return [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]


def _page_before(request) -> str:
    """The page on which the form stood, as far as the browser tells."""
    before = urlsplit(request.headers.get("Referer", ""))
    path = before._replace(scheme="", netloc="").geturl()
    return local_path(path if before.netloc == request.get_host() else None)
