"""Who calls: an application, by the token in the header Authorization and by nothing else."""

from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest
from ninja.security import HttpBearer

from portal.api.kinds import NOT_AUTHENTICATED
from portal.api.problems import Problem
from subscriptions.applications.callers import Caller, find_caller

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="portal"'}


class Bearer(HttpBearer):
    """Documents how to authenticate; the caller was found before."""

    def __call__(self, request: HttpRequest) -> Any:
        return request.caller  # type: ignore[attr-defined]

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        raise NotImplementedError


def require_caller(request: HttpRequest) -> Caller:
    """Raises Problem, which is the same whatever is wrong with the token."""
    caller = find_caller(request.headers.get("Authorization", ""), address=get_client_ip(request))
    if caller is None:
        raise Problem(NOT_AUTHENTICATED, headers=CHALLENGE)
    return caller
