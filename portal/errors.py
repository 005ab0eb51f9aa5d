"""Error pages that need neither a person nor a database: they are drawn without the request."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from psycopg.errors import DeadlockDetected, IdleInTransactionSessionTimeout, LockNotAvailable, TransactionTimeout

RETRY_AFTER_SECONDS = 10
HELD_BY_OTHERS = (LockNotAvailable, DeadlockDetected)
# The server ended the session because it waited for us too long; psycopg calls that an internal error.
SESSION_ENDED = (IdleInTransactionSessionTimeout, TransactionTimeout)


def static_page(template: str, status: int) -> HttpResponse:
    """A page that is the same for everybody who reads the same language."""
    return HttpResponse(render_to_string(template), status=status)


def csrf_failure(request, reason=""):
    return static_page("403_csrf.html", 403)


def not_found(request, exception=None):
    return static_page("404.html", 404)


def forbidden(request, exception=None):
    return static_page("403.html", 403)


def bad_request(request, exception=None):
    return static_page("400.html", 400)


def server_error(request):
    """A database that is away is a clear 503 and a lock held by another request a 409; the rest is our fault.

    Django calls this with the exception at hand, wherever it was raised: in a view or in a middleware before it.
    """
    error = sys.exc_info()[1]
    cause = error and error.__cause__
    if not isinstance(error, (OperationalError, InterfaceError)) and not isinstance(cause, SESSION_ENDED):
        return static_page("500.html", 500)
    if isinstance(cause, HELD_BY_OTHERS):
        return static_page("409.html", 409)
    response = static_page("503.html", 503)
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
