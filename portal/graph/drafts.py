"""Drafting delegatedAdminRelationships, which is a partner's: create, change, discard."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from partners.models import Partner
from partners.models.partner_offer import OfferState
from partners.offers import acts as offers
from partners.offers.reads import Content, OfferFacts
from partners.offers.rules import may_edit
from partners.offers.workspace.acts import Discard
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.kinds import STALE
from portal.api.problems import Problem
from portal.graph import bodies, durations, roles
from portal.graph.draft_bodies import Access, Change, New
from portal.graph.errors import wrong
from portal.graph.headers import version_seen
from portal.graph.relationship_lists import describe_whole
from portal.graph.relationships import Asked, find
from subscriptions.access import Permission
from subscriptions.db import scopes
from subscriptions.db.limits import count_request, limits_of
from subscriptions.models import Tenant


@access(Permission.MAKE_OFFERS, kind=WRITES)
def create(request: ApiRequest) -> Any:
    """A draft, which nobody but the partner reads before it is locked for approval."""
    new = bodies.read(request, New)
    _never_extended(new.autoExtendDuration)
    facts = OfferFacts(
        name=new.displayName,
        terms=new.terms or _terms(request.partner),
        roles=_roles(new.accessDetails),
        days=durations.days_of(new.duration, "duration"),
    )
    tenant = _organization(request, new.customer.tenantId)
    with scopes.tenant(tenant.pk):
        row = offers.save_draft(tenant=tenant, partner=request.partner, facts=facts, by=request.actor)
    return 201, _told(request, row.uuid)


@access(Permission.MAKE_OFFERS, kind=WRITES)
def change(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    """Another draft in the place of the one that was read."""
    asked = find(request, uuid)
    said = bodies.read(request, Change)
    if not said.model_fields_set:
        raise wrong(_("Say at least one property to be changed."), "nothing-to-change", "displayName")
    _never_extended(said.autoExtendDuration)
    _require_seen(request, asked)
    tenant = asked.row.tenant
    with scopes.tenant(tenant.pk):
        _require_draft(request, asked)
        facts = _changed(Content(asked.offer).facts, said)
        offers.save_draft(
            tenant=tenant,
            partner=request.partner,
            facts=facts,
            by=request.actor,
            offer=asked.offer,
            version=asked.offer.version,
        )
    return _told(request, uuid)


@access(Permission.MAKE_OFFERS, kind=WRITES)
def discard(request: ApiRequest, uuid: UUID) -> None:
    """A draft goes for good; whatever was sent stays."""
    asked = find(request, uuid)
    _require_seen(request, asked)
    if asked.offer is None:
        _require_draft(request, asked)
    request.seen = str(asked.offer.version)
    perform(request, Discard(request, number=request.partner.number, uuid=uuid), {})


def _told(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    asked = find(request, uuid)
    request.answered.version = asked.version
    return describe_whole(asked)


def _require_seen(request: ApiRequest, asked: Asked) -> None:
    if version_seen(request) != asked.version:
        raise Problem(STALE, more={"current_version": asked.version})


def _require_draft(request: ApiRequest, asked: Asked) -> None:
    """What was granted without an offer is as little a draft as an offer that was accepted."""
    if asked.offer is None:
        asked.row.state_now = OfferState.ACCEPTED
    may_edit(request.actor, asked.row).require()


def _roles(said: Access) -> tuple[str, ...]:
    return roles.roles_of([role.roleDefinitionId for role in said.unifiedRoles], "accessDetails/unifiedRoles")


def _changed(facts: OfferFacts, said: Change) -> OfferFacts:
    sent = said.model_fields_set
    if "displayName" in sent:
        facts = replace(facts, name=said.displayName)
    if "duration" in sent:
        facts = replace(facts, days=durations.days_of(said.duration, "duration"))
    if "accessDetails" in sent:
        if said.accessDetails is None:
            raise wrong(_("This is missing."), "missing", "accessDetails")
        facts = replace(facts, roles=_roles(said.accessDetails))
    return replace(facts, terms=said.terms) if "terms" in sent else facts


def _never_extended(duration: str) -> None:
    if duration != durations.NEVER:
        told = _("Only the organization itself prolongs what a partner may do there.")
        raise wrong(told, "not-for-partners", "autoExtendDuration")


def _terms(partner: Partner) -> str:
    """Graph's clients know of no terms; without any there is nothing to agree to."""
    return _("%(partner)s asks for the roles and for the time that this request names, and for nothing else.") % {
        "partner": partner.name
    }


def _organization(request: ApiRequest, text: str) -> Tenant:
    """Of the partner's cloud: a customer by its ID, any by its address, which is counted as on the page."""
    rows = Tenant.objects.with_cloud_status().filter(cloud=request.partner.cloud)
    try:
        found = rows.filter(uuid=UUID(text)).first()
    except ValueError:
        count_request(*limits_of("find-organization", person=request.actor.counted_as))
        with scopes.seeking(text[:60].lower()):
            found = rows.filter(slug=text.lower()).first()
    if found is None:
        told = _(
            "No organization of your cloud (%(cloud)s) has this address. Compare it with what the organization sent "
            "you; organizations of other clouds get no offers."
        )
        raise wrong(
            told % {"cloud": request.partner.get_cloud_display()}, "unknown-organization", "customer/tenantId"
        )
    return found
