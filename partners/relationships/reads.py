"""What stands behind one relationship: the partner's people who have access by it, and what happened to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery

from partners.models import Partner, PartnerOffer, PartnerPerson, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from subscriptions.access import AGENT_ROLES, Actor
from subscriptions.audit.acts import events_by
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.delegated_role import AgentRole, DelegatedRole

MOST_TIES = 50
MOST_PEOPLE = 200
MOST_EVENTS = 50


@dataclass(frozen=True, kw_only=True)
class Person:
    """One of the partner's people: what it does there, the roles that it uses here, and when it last acted here."""

    name: str
    agent_role: AgentRole
    roles: list[DelegatedRole]
    is_active: bool
    last_acted: datetime | None


def relationships_with_facts(tenant: Tenant) -> QuerySet[PartnerRelationship]:
    """Relationships as their pages show them; `offer_name` and `offer_uuid` are of the offer that each came from."""
    offers = PartnerOffer.objects.filter(tenant=tenant, relationship=OuterRef("pk"))
    return (
        PartnerRelationship.objects.of_tenant(tenant)
        .with_status()
        .with_use()
        .with_asked()
        .annotate(
            offer_name=Subquery(offers.values("name")[:1]),
            offer_uuid=Subquery(offers.values("uuid")[:1]),
        )
        .select_related("partner")
    )


def relationships_with(tenant: Tenant, partner: Partner) -> list[PartnerRelationship]:
    """All of one partner, in force or over: the newest first of those in force, then of the others."""
    rows = list(relationships_with_facts(tenant).filter(partner=partner).order_by("-started_at", "-pk")[:MOST_TIES])
    for row in rows:
        row.tenant = tenant
    return sorted(rows, key=lambda row: row.status != RelationshipStatus.ACTIVE)


def people_with_access(relationship: PartnerRelationship) -> list[Person]:
    """Who of the partner uses any of its roles, by name. Those who use none of them have no access."""
    acts = AuditEvent.objects.filter(
        tenant=relationship.tenant_id, actor_relationship=relationship.uuid, actor=OuterRef("user_id")
    )
    using = [role for role, used in AGENT_ROLES.items() if used & frozenset(relationship.roles)]
    rows = (
        PartnerPerson.objects.filter(partner=relationship.partner_id, role__in=using)
        .annotate(last_acted=Subquery(acts.order_by("-at").values("at")[:1]))
        .order_by("user__name_key", "pk")
        .values("role", "last_acted", name=F("user__name"), is_active=F("user__is_active"))
    )
    return [_person(row, relationship) for row in rows[:MOST_PEOPLE]]


def _person(row: Any, relationship: PartnerRelationship) -> Person:
    agent_role = AgentRole(row["role"])
    return Person(
        name=row["name"],
        agent_role=agent_role,
        roles=[DelegatedRole(role) for role in relationship.roles if role in AGENT_ROLES[agent_role]],
        is_active=row["is_active"],
        last_acted=row["last_acted"],
    )


def other_ties(relationship: PartnerRelationship) -> list[PartnerRelationship]:
    """The partner's other relationships with the organization that are in force."""
    return list(
        PartnerRelationship.objects.of_tenant(relationship.tenant)
        .of_partner(relationship.partner)
        .live()
        .exclude(pk=relationship.pk)
        .order_by("kind", "pk")
    )


def sells_too(relationship: PartnerRelationship) -> bool:
    """Whether the partner is a reseller of the organization as well, and stays one without any role."""
    ties = PartnerRelationship.objects.of_tenant(relationship.tenant).of_partner(relationship.partner).live()
    return ties.filter(kind=RelationshipKind.RESELLER).exists()


def events_of(tenant: Tenant, relationships: list[PartnerRelationship], *, reader: Actor) -> list[dict[str, Any]]:
    """What happened to them, newest first, as the audit trail has it; a partner's person reads its own acts alone."""
    events = AuditEvent.objects.of_tenant(tenant).filter(subject_uuid__in=[row.uuid for row in relationships])
    if reader.is_partner:
        events = events_by(reader, events)
    columns = ("at", "kind", "actor_kind", "actor_name", "actor_partner", "reason", "detail")
    return list(events.order_by("-at", "-id").values(*columns)[:MOST_EVENTS])
