"""What an answer has beside its body, and what every call has in common."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from partners.models import Partner
from portal.api.problems import request_id
from portal.api.versions import is_unchanged, tag_of
from subscriptions.access import Actor
from subscriptions.applications.callers import Caller
from subscriptions.audit.correlation import correlated
from subscriptions.models import Tenant

CORRELATION = ("X-Correlation-Id", "MS-CorrelationId")


@dataclass
class Answered:
    """Headers of the answer, and its status where that is not the operation's own."""

    headers: dict[str, str] = field(default_factory=dict)
    version: int | str | None = None
    status: int | None = None
    would: dict[str, Any] | None = None  # of a call that is only tried
    kept: str | None = None  # what the same key is answered later, where that is not the same body


class ApiRequest(HttpRequest):
    """What a request is here: within an organization it has a tenant, in a workspace a partner."""

    caller: Caller
    answered: Answered
    tenant: Tenant
    partner: Partner
    actor: Actor
    dry_run: bool
    seen: str | None  # the version that a facade has read


def finished(request: ApiRequest, response: HttpResponse) -> HttpResponse:
    """With its headers; without a body where the caller has this version already."""
    told = request.answered
    if told.status is not None and response.status_code < 300:
        response.status_code = told.status
    if told.version is not None:
        if request.method == "GET" and is_unchanged(request, told.version):
            response = HttpResponse(status=304)
        response.headers["ETag"] = tag_of(told.version)
    for name, value in told.headers.items():
        response.headers[name] = value
    if response.status_code in (204, 304):
        response.content = b""
        response.headers.pop("Content-Type", None)
    response.headers["Request-Id"] = request_id()
    return response


@contextmanager
def in_correlation(request: HttpRequest) -> Iterator[None]:
    """Each event that is recorded meanwhile carries the caller's ID of what belongs together, if that is a UUID."""
    for name in CORRELATION:
        try:
            sent = UUID(request.headers.get(name, ""))
        except ValueError:
            continue
        with correlated(sent):
            yield
        return
    yield
