"""Partners' people inside a customer's organization: only by a live relationship, asked anew on every request."""

from dataclasses import replace
from itertools import takewhile

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value

from partners.models import Partner, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.access import AGENT_ROLES, Actor, Delegation
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.models import Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.tenant import stored_cloud_status


def acting_for(user: User, slug: str) -> tuple[Tenant, Actor] | None:
    """The organization and the person as one who acts there; None where no relationship gives the person a role.

    Needs the person's scope. A person of two partners of an organization acts for the first by name.
    """
    granting = [row for row in GRANTING.rows(user=user.pk, slug=slug) if roles_by(row, row.agent_role)]
    if not granting:
        return None
    first = granting[0]
    of_one_partner = takewhile(lambda row: row.partner_id == first.partner_id, granting)
    first.tenant.stored_cloud_status = first.cloud_status
    delegations = tuple(delegation_by(row, row.agent_role) for row in of_one_partner)
    actor = partners_person(user, first.partner, delegations=delegations)
    return first.tenant, actor


def _granting() -> QuerySet[PartnerRelationship]:
    return (
        PartnerRelationship.objects.live()
        .filter(
            kind=RelationshipKind.DELEGATED_ADMIN,
            tenant__slug=Argument("slug", CharField()),
            partner__state=PartnerState.ACTIVE,
            partner__people__user=Argument("user", BigIntegerField()),
        )
        .annotate(agent_role=F("partner__people__role"), cloud_status=stored_cloud_status("tenant__cloud"))
        .select_related("tenant", "partner")
        .order_by("partner__name_key", "partner_id", "pk")
    )


GRANTING = KnownQuery(_granting)


def held(actor: Actor) -> Actor | None:
    """The same actor with what the relationships grant now, locked until the transaction ends; None if nothing.

    Needs the organization's scope: the person's own may not lock. Relationships that ended since are gone.
    """
    rows = PartnerRelationship.objects.live().filter(
        uuid__in=[delegation.relationship for delegation in actor.delegations], partner__state=PartnerState.ACTIVE
    )
    if actor.application:
        rows = rows.filter(partner=actor.partner_key).annotate(agent_role=Value(actor.application.role))
    else:
        rows = rows.filter(partner__people__user=actor.user_id).annotate(agent_role=F("partner__people__role"))
    held_rows = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    delegations = tuple(delegation_by(row, row.agent_role) for row in held_rows if roles_by(row, row.agent_role))
    return replace(actor, delegations=delegations) if delegations else None


def delegation_by(row: PartnerRelationship, agent_role: str) -> Delegation:
    ends = None if row.auto_extend else row.expires_on
    return Delegation(relationship=row.uuid, roles=roles_by(row, agent_role), ends=ends)


def roles_by(row: PartnerRelationship, agent_role: str) -> tuple[DelegatedRole, ...]:
    """Of the roles that the partner has, those that its person or application of this role uses."""
    usable = AGENT_ROLES[AgentRole(agent_role)]
    return tuple(DelegatedRole(role) for role in row.roles if DelegatedRole(role) in usable)


def partners_person(
    user: User, partner: Partner, *, agent_role: AgentRole | None = None, delegations: tuple[Delegation, ...] = ()
) -> Actor:
    """Somebody who acts for this partner: in its workspace by a role there, or inside an organization."""
    return Actor(
        kind=ActorKind.PARTNER,
        name=user.name,
        user_id=user.pk,
        partner=str(partner),
        partner_number=partner.number,
        partner_key=partner.pk,
        agent_role=agent_role,
        delegations=delegations,
    )
