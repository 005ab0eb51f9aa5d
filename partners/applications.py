"""Where an application acts: in its own organization or workspace, and a partner's inside customers too.

It comes there as people do: an organization that is not its own, or that gives its partner no role, does not exist.
"""

from contextlib import AbstractContextManager
from dataclasses import replace

from django.utils.translation import gettext as _

from partners.delegation import delegation_by, roles_by
from partners.models import Partner, PartnerRelationship
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from subscriptions.access import Actor, held_back
from subscriptions.applications.actors import acting, operators_actor, tenant_actor
from subscriptions.applications.callers import Caller
from subscriptions.db import scopes
from subscriptions.db.scopes import Scope
from subscriptions.models import Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole


def scope_of(caller: Caller) -> AbstractContextManager[Scope]:
    """In which it is found out where the application may act; of the operator's, all rows."""
    if caller.tenant_id is not None:
        return scopes.tenant(caller.tenant_id)
    return scopes.partner(caller.partner_id) if caller.partner_id is not None else scopes.staff()


def acting_in(caller: Caller, slug: str) -> tuple[Tenant, Actor] | None:
    """The organization of this address and the application as who acts there; None where it has nothing to do.

    Needs `scope_of(caller)`; the organization's own scope is to be entered afterwards.
    """
    if caller.partner_id is not None:
        return _acting_for_customer(caller, slug)
    tenant = Tenant.objects.with_cloud_status().filter(slug=slug).first()
    if tenant is None:
        return None
    if caller.is_operators:
        return tenant, operators_actor(caller, operator=_("the operator"), place=slug, tenant=tenant)
    return (tenant, tenant_actor(caller, tenant)) if tenant.pk == caller.tenant_id else None


def acting_at(caller: Caller, number: str) -> tuple[Partner, Actor] | None:
    """The partner of this number and the application in its workspace; None where it has nothing to do there.

    Needs `scope_of(caller)`, in which the workspace is then read.
    """
    partner = Partner.objects.filter(number=number, state=PartnerState.ACTIVE).first()
    if partner is None or caller.tenant_id is not None:
        return None
    if caller.is_operators:
        return partner, operators_actor(caller, operator=_("the operator"), place=number)
    return (partner, partner_actor(caller, partner)) if partner.pk == caller.partner_id else None


def partner_actor(caller: Caller, partner: Partner) -> Actor:
    """An application of this partner in its own workspace."""
    return replace(_of_partner(caller, partner, place=partner.number), agent_role=AgentRole(caller.role))


def _acting_for_customer(caller: Caller, slug: str) -> tuple[Tenant, Actor] | None:
    rows = (
        PartnerRelationship.objects.live()
        .filter(
            kind=RelationshipKind.DELEGATED_ADMIN,
            tenant__slug=slug,
            partner=caller.partner_id,
            partner__state=PartnerState.ACTIVE,
        )
        .select_related("partner")
        .order_by("pk")
    )
    granting = [row for row in rows if roles_by(row, caller.role)]
    if not granting:
        return None
    tenant = Tenant.objects.with_cloud_status().get(slug=slug)
    actor = replace(
        _of_partner(caller, granting[0].partner, place=slug),
        delegations=tuple(delegation_by(row, caller.role) for row in granting),
        held_back=held_back(tenant),
    )
    return tenant, actor


def _of_partner(caller: Caller, partner: Partner, *, place: str) -> Actor:
    if caller.partner_id != partner.pk:
        raise ValueError("This application is not of the partner.")
    return Actor(
        kind=ActorKind.APPLICATION,
        name=caller.name,
        partner=str(partner),
        partner_number=partner.number,
        partner_key=partner.pk,
        application=acting(caller, owner=str(partner), place=place),
    )
