"""One relationship: what the partner may do, who of its people does it, until when, and what happened so far."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partners.directory.rules import flag_of
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.offers.answer_rules import may_read_offers
from partners.relationships import reads as relationship_facts
from partners.relationships import roles as relationship_roles
from partners.relationships.pages.tables import people_table, roles_table, ties_table
from partners.relationships.pages.words import (
    MAY_VIEW,
    acts_on_access,
    breadcrumbs,
    describe_relationship,
    find_relationship,
    in_words,
    told_events,
)
from partners.relationships.rows import row_of
from subscriptions.access import Permission
from subscriptions.web.page_access import TenantRequest, tenant_page


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = find_relationship(request, uuid)
    row = row_of(relationship)
    shown = describe_relationship(request, row)
    ties = relationship_facts.other_ties(relationship)
    context = {
        "partner": relationship.partner,
        "flag": flag_of(relationship.partner.state),
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [
            *breadcrumbs(request),
            (relationship.partner.name, shown.partner_url),
            (row.kind.label, None),
        ],
        "relationship": relationship,
        "offer_url": _offer_url(request, relationship),
        "shown": shown,
        "roles": roles_table([in_words(role) for role in row.roles]),
        "events": told_events(request, [relationship]),
        "ties": ties_table([_tie(request, tie) for tie in ties if tie.kind == RelationshipKind.DELEGATED_ADMIN]),
        **(_access(request, relationship) if row.kind is RelationshipKind.DELEGATED_ADMIN else {}),
    }
    return render(request, "partners/relationship_detail.html", context)


def _access(request: TenantRequest, relationship: PartnerRelationship) -> dict:
    """What stands only on the page of a delegated admin: its people, its extension, its acts."""
    return {
        "is_live": relationship.status == RelationshipStatus.ACTIVE,
        "people": None
        if _is_anothers(request, relationship)
        else people_table(relationship_facts.people_with_access(relationship)),
        "extension_days": relationship_roles.EXTENSION_DAYS,
        "extends": relationship.auto_extend,
        **acts_on_access(request, relationship),
    }


def _offer_url(request: TenantRequest, relationship: Any) -> str:
    """Where the offer that it came from is read by those who may read offers."""
    if not relationship.offer_uuid or not may_read_offers(request.actor).allowed:
        return ""
    return reverse("partners:offer", args=[request.tenant.slug, relationship.offer_uuid])


def _is_anothers(request: TenantRequest, relationship: PartnerRelationship) -> bool:
    """A partner's person does not get to know the people of another partner."""
    return request.actor.is_partner and request.actor.partner_key != relationship.partner_id


def _tie(request: TenantRequest, tie: PartnerRelationship) -> dict:
    arguments = [request.tenant.slug, tie.uuid]
    return {
        "uuid": tie.uuid,
        "roles": tie.get_roles_display(),
        "url": reverse("partners:relationship-detail", args=arguments),
        "remove_url": reverse("partners:relationship-remove-roles", args=arguments),
        "may_remove": request.actor.may(Permission.END_RELATIONSHIP),
    }
