"""The decorators of the partner workspace: they find out whose person asks and enter that partner's scope.

What each role there may do stands in `subscriptions/access`, with all the others.
"""

from functools import partial, wraps

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django_htmx.middleware import HtmxDetails

from partners.delegation import partners_person
from partners.models import Partner, PartnerPerson
from partners.models.partner import PartnerState
from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability, profile_of
from subscriptions.db import scopes
from subscriptions.models import Membership, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import memberships_of
from subscriptions.web.files.list_file import sent
from subscriptions.web.own_writes import may_ask_standby, read_page
from subscriptions.web.page_access import READS, View, drawn, speak_as


class PartnerRequest(HttpRequest):
    """What a request is inside a partner's workspace."""

    user: User
    partner: Partner
    actor: Actor
    memberships: list[Membership]
    htmx: HtmxDetails


def partner_page(permission: Permission, *, capability: Capability | None = None):
    """A page of the workspace to read."""
    return _partner_view(permission, capability, READS)


def partner_form(permission: Permission, *, capability: Capability | None = None):
    """A page of the workspace with a form that it takes itself."""
    return _partner_view(permission, capability, {"GET", "HEAD", "POST"})


def _partner_view(permission: Permission, capability: Capability | None, methods: set[str]):
    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request, number, *args, **kwargs):
            page = partial(drawn, view, request, *args, **kwargs)
            from_standby = methods == READS and may_ask_standby(request)
            with scopes.person(request.user.pk) as scope:
                _resolve_person(request, number)
                scope.become_partner(request.partner.pk)
                if capability and not profile_of(request.partner.cloud).allows(capability):
                    raise Http404
                request.actor.may(permission).require()
                if request.method not in methods:
                    return HttpResponseNotAllowed(sorted(methods))
                setting = scopes.current()
                response = None if from_standby else page()
            return sent(request, response or read_page(request, setting, page))

        inner.access = permission  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(inner)

    return decorate


def _resolve_person(request, number: str) -> None:
    request.memberships = memberships_of(request.user.pk)
    if not enter_workspace(request, number):
        request.refusal_code = "not-the-partners-person"
        raise Http404


def enter_workspace(request, number: str) -> bool:
    """As a person of this partner, as long as the partner is active; else there is no such workspace.

    Needs the person's scope.
    """
    person = (
        PartnerPerson.objects.filter(user=request.user, partner__number=number, partner__state=PartnerState.ACTIVE)
        .select_related("partner")
        .first()
    )
    if person is None:
        return False
    request.partner = person.partner
    request.actor = partners_person(request.user, person.partner, agent_role=AgentRole(person.role))
    speak_as(request, language=person.partner.language, time_zone=request.user.time_zone or settings.TIME_ZONE)
    return True
