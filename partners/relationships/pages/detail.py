"""One relationship: what the partner may do, who of its people does it, until when, and what happened so far."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.rules import flag_of
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.offers.answer_rules import may_read_offers
from partners.partner_of_record.reads import advisors, credits_of
from partners.relationships import reads as relationship_facts
from partners.relationships import roles as relationship_roles
from partners.relationships.events import RelationshipFacts
from partners.relationships.pages.tables import people_table, roles_table, ties_table
from partners.relationships.pages.words import (
    MAY_VIEW,
    breadcrumbs,
    describe_relationship,
    find_relationship,
    in_words,
)
from partners.relationships.rows import advisor_row, row_of
from subscriptions.access import Permission
from subscriptions.audit.facts import facts_of
from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.state_by_date import status_by_date
from subscriptions.models.subscription import full_name
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web import cells
from subscriptions.web.lists import List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import subscription_count
from subscriptions.web.tables import Column

DATED = ("status", "term_ends_on", "payment_method")


class AdvisorCredits(List[TenantRequest]):
    title = gettext_lazy("Subscriptions that credit this partner")
    values = tuple(f"subscription__{name}" for name in ("uuid", "name", "own_name", *DATED))
    order = "-began"

    def __init__(self, request: TenantRequest, partner: Any):
        super().__init__(request)
        self.partner = partner

    def found(self, wanted: dict) -> QuerySet:
        return credits_of(self.request.tenant, self.partner)

    @property
    def columns(self) -> list[Column]:
        prefix, today = reverse("subscriptions:list", args=[self.request.tenant.slug]), today_of(self.request.tenant)

        def state(row: dict) -> Text:
            return status_by_date(**{name: row[f"subscription__{name}"] for name in DATED}, today=today).label

        def named(row: dict) -> object:
            name = full_name(row["subscription__name"], row["subscription__own_name"])
            return cells.link(f"{prefix}{row['subscription__uuid']}/", cells.name(name))

        return [
            Column(_("Name"), named),
            Column(_("Status"), state),
            Column(_("Since"), lambda row: formats.day(row["began"])),
        ]


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def relationship_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = find_relationship(request, uuid)
    row = row_of(relationship)
    ties = relationship_facts.other_ties(relationship)
    context = {
        "partner": relationship.partner,
        "relationship": relationship,
        "offer_url": _offer_url(request, relationship),
        "shown": describe_relationship(request, row),
        "roles": roles_table([in_words(role) for role in row.roles]),
        "events": [_event(event) for event in relationship_facts.events_of(relationship, reader=request.actor)],
        "ties": ties_table([_tie(request, tie) for tie in ties if tie.kind == RelationshipKind.DELEGATED_ADMIN]),
        **(_access(request, relationship) if row.kind is RelationshipKind.DELEGATED_ADMIN else {}),
    }
    return _page(request, context)


@tenant_page(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def advisor_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """A derived relationship: the subscriptions that credit this partner, the newest credit first."""
    partner = get_object_or_404(advisors(request.tenant), uuid=uuid)
    credits = AdvisorCredits(request, partner)
    row = advisor_row(partner)
    context = {
        "partner": partner,
        "shown": describe_relationship(request, row),
        "page": credits.page,
        "credits": credits.table,
        "count": subscription_count(row.subscriptions),
    }
    return _page(request, context)


def _page(request: TenantRequest, context: dict) -> HttpResponse:
    context |= {
        "flag": flag_of(context["partner"].state),
        "profile": request.tenant.cloud_profile,
        "breadcrumbs": [*breadcrumbs(request), (context["partner"].name, None)],
    }
    return render(request, "partners/relationship_detail.html", context)


def _access(request: TenantRequest, relationship: PartnerRelationship) -> dict:
    """What stands only on the page of a delegated admin: its people, its extension, its acts."""
    actor, tenant = request.actor, request.tenant
    arguments = [tenant.slug, relationship.uuid]
    extends = relationship.auto_extend
    verdict = relationship_roles.may_stop_extending if extends else relationship_roles.may_extend
    return {
        "is_live": relationship.status == RelationshipStatus.ACTIVE,
        "people": None
        if _is_anothers(request, relationship)
        else people_table(relationship_facts.people_with_access(relationship)),
        "extension_days": relationship_roles.EXTENSION_DAYS,
        "extends": extends,
        "may_switch": verdict(actor, tenant, relationship),
        "switch_label": _("Stop extending…") if extends else _("Extend automatically…"),
        "switch_url": reverse("partners:relationship-auto-extend", args=arguments),
        "may_remove": relationship_roles.may_remove_roles(actor, tenant, relationship),
        "remove_url": reverse("partners:relationship-remove-roles", args=arguments),
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


def _changes(event: dict) -> list[str]:
    facts = facts_of(event["kind"], event["detail"])
    return facts.changes() if isinstance(facts, RelationshipFacts) else []


def _event(event: dict) -> dict:
    """What happened and who did it, for whom."""
    return {
        "at": event["at"],
        "what": AuditKind(event["kind"]).label,
        "more": formats.mark("; ").join(_changes(event)),
        "who": event["actor_name"],
        "who_kind": event["actor_partner"] or ActorKind(event["actor_kind"]).label,
        "reason": event["reason"],
    }
