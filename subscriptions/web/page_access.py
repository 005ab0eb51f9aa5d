"""The decorators that every page of an organization or of a person wears.

Each finds the actor, enters the database scope, runs the view and renders its answer inside that scope.
"""

import zoneinfo
from collections.abc import Callable
from dataclasses import replace
from functools import partial, wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation
from django_htmx.middleware import HtmxDetails

from subscriptions.access import Actor, Permission, ViewedAs, held_back
from subscriptions.clouds import Capability
from subscriptions.db import scopes
from subscriptions.models import Membership, Tenant, User, Viewing
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.membership import Role, memberships_of
from subscriptions.web.files.list_file import sent
from subscriptions.web.on_behalf import ON_BEHALF
from subscriptions.web.own_writes import may_ask_standby, read_page


class TenantRequest(HttpRequest):
    """What a request is inside a tenant's pages."""

    user: User
    tenant: Tenant
    actor: Actor
    memberships: list[Membership]
    viewing: Viewing | None
    htmx: HtmxDetails
    sought: str  # of the page of a search alone


class PersonRequest(HttpRequest):
    """What a request is on a person's own pages."""

    user: User
    memberships: list[Membership]
    tells_of_organizations: bool  # where days of these stand there


View = Callable[..., HttpResponse]
READS = {"GET", "HEAD"}


def tenant_page(permission: Permission, *, capability: Capability | None = None):
    """A page to read."""
    return _tenant_view(permission, capability, READS)


def tenant_form(permission: Permission, *, capability: Capability | None = None):
    """A page with a form that it takes itself."""
    return _tenant_view(permission, capability, {"GET", "HEAD", "POST"})


def person_page(view: Callable[..., HttpResponseBase]) -> View:
    """A page of a person's own, outside any tenant."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        with scopes.person(request.user.pk):
            request.memberships = memberships_of(request.user.pk)
            response = rendered(view(request, *args, **kwargs))
        return sent(request, response)

    inner.access = "person"  # type: ignore[attr-defined]
    return transaction.non_atomic_requests(inner)


def person_list(view: Callable[..., HttpResponseBase]) -> View:
    """A page of a person's own that only reads."""

    @wraps(view)
    def inner(request, *args, **kwargs):
        page = partial(drawn, view, request, *args, **kwargs)
        from_standby = may_ask_standby(request)
        with scopes.person(request.user.pk):
            request.memberships = memberships_of(request.user.pk)
            setting = scopes.current()
            response = None if from_standby else page()
        return sent(request, response or read_page(request, setting, page))

    inner.access = "person"  # type: ignore[attr-defined]
    return transaction.non_atomic_requests(inner)


def _tenant_view(permission: Permission, capability: Capability | None, methods: set[str]):
    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request, slug, *args, **kwargs):
            page = partial(drawn, view, request, *args, **kwargs)
            from_standby = methods == READS and may_ask_standby(request)
            with scopes.person(request.user.pk) as scope:
                _resolve_actor(request, slug)
                scope.become_tenant(request.tenant.pk)
                if request.viewing is not None:
                    _look_as(request)
                if capability and not request.tenant.cloud_profile.allows(capability):
                    raise Http404
                if request.method == "POST":
                    _hold_delegations(request)
                request.actor.may(permission).require()
                if request.method == "POST":
                    request.actor.may_send().require()
                request.actor = request.actor.acting_by(permission)
                if request.method not in methods:
                    return HttpResponseNotAllowed(sorted(methods))
                setting = scopes.current()
                response = None if from_standby else page()
            return sent(request, response or read_page(request, setting, page))

        inner.access = permission  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(inner)

    return decorate


def _resolve_actor(request, slug: str) -> None:
    request.memberships = memberships_of(request.user.pk)
    request.viewing = _find_viewing(request, slug)
    if request.viewing is None and not enter_tenant(request, slug):
        request.refusal_code = "not-a-member"
        raise Http404


def _find_viewing(request, slug: str) -> Viewing | None:
    """Of one of the staff who looks at this organization as somebody else, also where the own membership is there."""
    if not request.user.is_staff:
        return None
    open_ones = Viewing.objects.open().filter(user=request.user.pk, tenant__slug=slug)
    viewing = open_ones.select_related("tenant").first()
    if viewing is not None:
        request.tenant = viewing.tenant
        _speak_there(request)
    return viewing


def _look_as(request) -> None:
    """As the person is now, to read. Needs the organization's scope, which alone reads who belongs to it."""
    members = Membership.objects.active().select_related("user").only("role", "user__name")
    membership = members.filter(tenant=request.tenant, user=request.viewing.person_id).first()
    if membership is None:
        request.refusal_code = "not-a-member"
        raise Http404
    request.actor = Actor(
        kind=ActorKind.STAFF,
        name=request.user.name,
        user_id=request.user.pk,
        role=Role(membership.role),
        viewing_as=ViewedAs(name=membership.user.name, role=Role(membership.role), until=request.viewing.until),
        held_back=held_back(request.tenant),
    )
    if request.method not in ("GET", "HEAD"):
        request.actor.only_views().require()


def enter_tenant(request, slug: str) -> bool:
    """As a member of the organization, else as a partner's person with a live relationship; else it does not exist.

    Needs the person's scope and memberships.
    """
    membership = next((m for m in request.memberships if m.tenant.slug == slug), None)
    if membership is not None:
        request.tenant = membership.tenant
        request.actor = Actor(
            kind=ActorKind.MEMBER, name=str(request.user), user_id=request.user.pk, role=Role(membership.role)
        )
    elif found := ON_BEHALF.acting_for(request.user, slug):
        request.tenant, request.actor = found
    else:
        return False
    request.actor = replace(request.actor, held_back=held_back(request.tenant))
    _speak_there(request)
    return True


def _speak_there(request) -> None:
    tenant = request.tenant
    speak_as(request, language=tenant.cloud_profile.default_language, time_zone=tenant.time_zone)


def _hold_delegations(request) -> None:
    """A partner's person acts only as long as the access lasts: who ends it waits for the act, or comes before it."""
    if not request.actor.delegations:
        return
    actor = ON_BEHALF.held(request.actor)
    if actor is None:
        request.refusal_code = "access-ended"
        raise Http404
    request.actor = actor


def speak_as(request, *, language: str, time_zone: str) -> None:
    """The time zone of the place; the language that was asked for, else that of the place."""
    timezone.activate(zoneinfo.ZoneInfo(time_zone))
    if not request.language_asked:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def drawn(view: Callable[..., HttpResponseBase], request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """What a view answers, with its rows read."""
    return rendered(view(request, *args, **kwargs))


def rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A lazy response reads its rows now, while the scope is in force."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response
