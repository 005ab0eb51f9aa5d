"""The addresses of the API. Each takes a token and no session; what it does not take is answered as a problem."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from portal.api import oauth, pages
from portal.api.instance import api
from portal.api.kinds import NOT_ALLOWED
from portal.api.problems import Problem, answer, plain

View = Callable[..., HttpResponse]


def _for_programs(view: View) -> View:
    @login_not_required
    @transaction.non_atomic_requests
    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs)

    inner.csrf_exempt = True  # type: ignore[attr-defined]
    inner.is_api = True  # type: ignore[attr-defined]
    return inner


def _operation(view: View) -> View:
    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return answer(request, Problem(NOT_ALLOWED, headers={"Allow": response.headers["Allow"]}))
        return response

    return _for_programs(inner)


@_for_programs
def nothing_here(request: HttpRequest) -> HttpResponse:
    return plain(request, 404)


operations: list[URLPattern] = [
    path(f"v1/{pattern.pattern}", _operation(pattern.callback), name=f"api-{pattern.name}")
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]
urlpatterns = [
    path("problems/", pages.problem_list, name="api-problems"),
    path("problems/<slug:code>/", pages.problem, name="api-problem"),
    path("docs/", pages.docs, name="api-docs"),
    path("openapi.json", pages.document, name="api-document"),
    path("oauth/token", _for_programs(oauth.token), name="api-token"),
    path(".well-known/oauth-authorization-server", oauth.metadata, name="api-oauth"),
    path("v2.0/.well-known/openid-configuration", oauth.metadata, name="api-oauth-of-microsoft"),
    *operations,
    re_path("^v1/", nothing_here, name="api-nothing"),
]
