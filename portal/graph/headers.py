"""Headers of Graph: IDs of a request, and versions as weak ETags.

A weak tag never matches by the strong comparison that If-Match asks for (RFC 9110), but Graph's own are weak, and its
clients send them so: here the versions are compared, unlike in the API.
"""

import re

from django.http import HttpRequest, HttpResponse

from portal.api.kinds import NO_VERSION
from portal.api.problems import Problem, request_id

ONE_TAG = re.compile(r'(?:W/)?"([!#-~]{1,64})"')
PRINTABLE = re.compile(r"[\x20-\x7e]{1,100}")


def weak_tag(version: int | str) -> str:
    return f'W/"{version}"'


def version_seen(request: HttpRequest) -> str:
    """By If-Match. Raises Problem where there is none that says a version."""
    found = ONE_TAG.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        raise Problem(NO_VERSION)
    return found[1]


def is_known(request: HttpRequest, version: int | str) -> bool:
    """Whether the caller has this version already."""
    found = ONE_TAG.fullmatch(request.headers.get("If-None-Match", "").strip())
    return found is not None and found[1] == str(version)


def echo(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """By which the client and the portal name the same request."""
    response.headers["request-id"] = request_id()
    sent = request.headers.get("client-request-id", "")
    if PRINTABLE.fullmatch(sent):
        response.headers["client-request-id"] = sent
    return response
