"""Invitations as their acts send them, and their links as a mail has them."""

from datetime import timedelta

from django.db.models.functions import Now

from partners.directory.invitations import AtPartner
from partners.models import Partner
from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.invitations import acts as invitations
from subscriptions.invitations.places import InOrganization, OnStaff, Place
from subscriptions.mails.invitation_links import token_of
from subscriptions.models import Invitation, Tenant, User
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from tests.database import as_owner

SARA = "sara.davis@contoso.example"


def invited(place: Place, *, email: str = SARA, name: str = "Sara Davis", by: str = "Alex Wilber") -> Invitation:
    with scopes.staff():
        return invitations.invite(place, email=email, name=name, by=staff_actor(User(name=by)))


def invite_member(tenant: Tenant, *, role: Role = Role.BILLING_ADMIN, **person: str) -> Invitation:
    return invited(InOrganization(tenant, role), **person)


def invite_to_partner(partner: Partner, *, role: AgentRole = AgentRole.SALES_AGENT, **person: str) -> Invitation:
    return invited(AtPartner(partner, role), **person)


def invite_to_staff(*roles: StaffRole, **person: str) -> Invitation:
    return invited(OnStaff(roles or (StaffRole.READS_EVERYTHING,)), **person)


def link_to(invitation: Invitation) -> str:
    return f"/invitations/{token_of(invitation.uuid)}/"


@as_owner()
def run_out(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_on=Now() - timedelta(seconds=1))


@as_owner()
def stored(invitation: Invitation) -> Invitation:
    return Invitation.objects.get(pk=invitation.pk)
