"""What is said of an operation beside the API's `access`: query options and scope. And the view that programs get."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse

from subscriptions.models.people.application import ApplicationScope

Run = Callable[..., Any]
View = Callable[..., HttpResponse]
V = TypeVar("V", bound=Run)
ORGANIZATION, PARTNER = "organization", "partner"  # whose application calls


def takes(*options: str) -> Callable[[V], V]:
    """Decorates an operation with the names of what its query may say."""

    def decorate(run: V) -> V:
        run.options = frozenset(options)  # type: ignore[attr-defined]
        return run

    return decorate


def needs(scope: ApplicationScope) -> Callable[[V], V]:
    """Decorates an operation whose permission many scopes have, with the one that it needs."""

    def decorate(run: V) -> V:
        run.scope = scope  # type: ignore[attr-defined]
        return run

    return decorate


def for_programs(view: View) -> View:
    """Takes a token and no session, opens its own transaction, and is answered without a page."""

    @login_not_required
    @transaction.non_atomic_requests
    @wraps(view)
    def inner(request: Any, **address: Any) -> HttpResponse:
        return view(request, **address)

    inner.csrf_exempt = True  # type: ignore[attr-defined]
    inner.is_api = True  # type: ignore[attr-defined]
    return inner
