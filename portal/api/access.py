"""Where a call is let in, in the order of the pages: 401, 429, then 404 for what is not the caller's, then 403."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import Http404
from django.utils import timezone

from partners.applications import acting_at, acting_in, scope_of
from portal.api.answers import ApiRequest
from subscriptions.access import Decision, Permission
from subscriptions.clouds import Capability, profile_of
from subscriptions.db.limits import count_request, limits_of
from subscriptions.web.on_behalf import ON_BEHALF

V = TypeVar("V", bound=Callable[..., Any])
READS, LOOKS_UP, WRITES = "reads", "looks-up", "writes"
TENANT, PARTNER = "slug", "number"  # in an address: where it is


@dataclass(frozen=True)
class Access:
    """Who may call an operation; `kind` says whether it changes anything."""

    permission: Permission | None
    capability: Capability | None = None
    kind: str = READS
    decision: Decision | None = None  # what it decides, where that may be for people alone
    takes_file: bool = False


def access(
    permission: Permission | None,
    *,
    capability: Capability | None = None,
    kind: str = READS,
    takes_file: bool = False,
) -> Callable[[V], V]:
    """Every operation wears this decorator; a test says so."""

    def decorate(view: V) -> V:
        view.access = Access(permission, capability, kind, takes_file=takes_file)  # type: ignore[attr-defined]
        return view

    return decorate


def count_call(request: ApiRequest, wanted: Access) -> None:
    """Raises TooManyRequests."""
    what = "api-read" if wanted.kind == READS else "api-write"
    count_request(*limits_of(what, application=request.caller.key))


@contextmanager
def entered(request: ApiRequest, wanted: Access, address: dict[str, Any]) -> Iterator[None]:
    """The scope of the organization or the workspace that the address names, with who acts there."""
    if TENANT not in address and PARTNER not in address:
        with scope_of(request.caller):
            yield
        return
    with scope_of(request.caller) as scope:
        if TENANT in address:
            _find_tenant(request, address[TENANT])
            scope.become_tenant(request.tenant.pk)
            _require(request, wanted, request.tenant.cloud)
        else:
            _find_partner(request, address[PARTNER])
            scope.become_partner(request.partner.pk)
            _require(request, wanted, request.partner.cloud)
        yield


def _find_tenant(request: ApiRequest, slug: str) -> None:
    found = acting_in(request.caller, slug)
    if found is None:
        raise Http404
    request.tenant, request.actor = found
    timezone.activate(ZoneInfo(request.tenant.time_zone))


def _find_partner(request: ApiRequest, number: str) -> None:
    found = acting_at(request.caller, number)
    if found is None:
        raise Http404
    request.partner, request.actor = found


def _require(request: ApiRequest, wanted: Access, cloud: str) -> None:
    if wanted.capability and not profile_of(cloud).allows(wanted.capability):
        raise Http404
    if wanted.kind == WRITES and request.actor.delegations:
        held = ON_BEHALF.held(request.actor)
        if held is None:
            raise Http404
        request.actor = held
    if wanted.decision is not None:
        request.actor.may_decide(wanted.decision).require()
    if wanted.permission is not None:
        request.actor.may(wanted.permission).require()
        request.actor = request.actor.acting_by(wanted.permission)
    if wanted.kind == WRITES:
        request.actor.may_send().require()
