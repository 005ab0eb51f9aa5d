"""Where an invitation leads: here to an organization or to the staff; the upper app registers what leads there."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.clouds import profile_of
from subscriptions.db import scopes
from subscriptions.models import Invitation, Membership, Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.invitation import InvitationKind, InvitationQuerySet
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants import members
from subscriptions.tenants.staff_roles import join_staff
from subscriptions.verdicts import ALLOWED, Verdict


class Place:
    """One kind of place, with the role that is given there."""

    kind: ClassVar[InvitationKind]
    name: str
    language = ""  # in which its people are written to

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        raise NotImplementedError

    def columns(self) -> dict[str, Any]:
        """What an invitation keeps of it."""
        raise NotImplementedError

    @property
    def key(self) -> str:
        """Of the place alone, for the lock under which its invitations are written."""
        raise NotImplementedError

    def invitations(self) -> InvitationQuerySet:
        """All that lead there, in whatever role."""
        raise NotImplementedError

    def still_lets(self, by: Actor) -> Verdict:
        """May who was let in to invite still do it?"""
        return ALLOWED

    def has(self, email: str) -> bool:
        """Whether somebody with this address is there already, as far as the place itself knows its people."""
        raise NotImplementedError

    def actor(self, user: User) -> Actor:
        """The person who comes, as one who is there."""
        raise NotImplementedError

    def join(self, user: User, *, by: Actor) -> None:
        """Nothing changes for who is there already: a link never raises a role. Needs the scope of the invitation."""
        raise NotImplementedError


@dataclass(frozen=True)
class InOrganization(Place):
    tenant: Tenant
    role: str

    kind = InvitationKind.MEMBER

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        assert invitation.tenant is not None  # noqa: S101 - the database says so of this kind
        return cls(invitation.tenant, invitation.role)

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.tenant.name

    @property
    def language(self) -> str:  # type: ignore[override]
        return profile_of(self.tenant.cloud).default_language

    def columns(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "role": self.role}

    @property
    def key(self) -> str:
        return f"tenant-{self.tenant.pk}"

    def invitations(self) -> InvitationQuerySet:
        return InvitationQuerySet(Invitation).filter(kind=self.kind, tenant=self.tenant)

    def still_lets(self, by: Actor) -> Verdict:
        return members.still_manages(self.tenant.pk, by)

    def has(self, email: str) -> bool:
        with scopes.people(self.tenant.pk):
            return User.objects.filter(memberships__tenant=self.tenant, email=email).exists()

    def actor(self, user: User) -> Actor:
        return Actor(kind=ActorKind.MEMBER, name=user.name, user_id=user.pk, role=Role(self.role))

    def join(self, user: User, *, by: Actor) -> None:
        with scopes.tenant(self.tenant.pk):
            is_there = Membership.objects.filter(tenant=self.tenant, user=user).exists()
        if not is_there:
            members.add_member(tenant=self.tenant, user=user, role=self.role, by=by)


@dataclass(frozen=True)
class OnStaff(Place):
    """The operator's staff, in at least one role there."""

    roles: tuple[StaffRole, ...]

    kind = InvitationKind.STAFF

    @classmethod
    def of(cls, invitation: Invitation) -> Self:
        return cls(tuple(map(StaffRole, invitation.groups)))

    @property
    def name(self) -> str:  # type: ignore[override]
        return _("the operator's staff")

    def columns(self) -> dict[str, Any]:
        return {"groups": list(self.roles)}

    @property
    def key(self) -> str:
        return "staff"

    def invitations(self) -> InvitationQuerySet:
        return InvitationQuerySet(Invitation).filter(kind=self.kind)

    def has(self, email: str) -> bool:
        return User.objects.filter(email=email, is_staff=True).exists()

    def actor(self, user: User) -> Actor:
        return Actor(kind=ActorKind.STAFF, name=user.name, user_id=user.pk)

    def join(self, user: User, *, by: Actor) -> None:
        """In the staff's own scope: none but them say who is one of them, and one of them sent the invitation."""
        with scopes.staff():
            join_staff(user=user, roles=self.roles, by=by)


PLACES: dict[str, type[Place]] = {place.kind: place for place in (InOrganization, OnStaff)}


def place_of(invitation: Invitation) -> Place:
    return PLACES[invitation.kind].of(invitation)
