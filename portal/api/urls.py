"""The addresses of the API. Each takes a token and no session; what it does not take is answered as a problem."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from portal.api import pages
from portal.api.instance import api
from portal.api.kinds import NOT_ALLOWED
from portal.api.problems import Problem, answer, plain

View = Callable[..., HttpResponse]


def _for_programs(view: View) -> View:
    @login_not_required
    @transaction.non_atomic_requests
    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return answer(request, Problem(NOT_ALLOWED, headers={"Allow": response.headers["Allow"]}))
        return response

    inner.csrf_exempt = True  # type: ignore[attr-defined]
    inner.is_api = True  # type: ignore[attr-defined]
    return inner


@_for_programs
def nothing_here(request: HttpRequest) -> HttpResponse:
    return plain(request, 404)


operations: list[URLPattern] = [
    path(f"v1/{pattern.pattern}", _for_programs(pattern.callback), name=f"api-{pattern.name}")
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]
urlpatterns = [
    path("problems/", pages.problem_list, name="api-problems"),
    path("problems/<slug:code>/", pages.problem, name="api-problem"),
    path("docs/", pages.docs, name="api-docs"),
    path("openapi.json", pages.document, name="api-document"),
    *operations,
    re_path("^v1/", nothing_here, name="api-nothing"),
]
