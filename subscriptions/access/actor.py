"""Who acts, and what it may do by its roles."""

import time
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.access.applications import ActingApplication
from subscriptions.access.decisions import Decision, SignInTooOld
from subscriptions.access.permissions import READS_EVERYTHING, Permission, StaffPermission
from subscriptions.access.roles import (
    AGENT_PERMISSIONS,
    DELEGATED_PERMISSIONS,
    KIND_PERMISSIONS,
    NOTHING,
    READ_IN_ORDER_TO,
    ROLE_PERMISSIONS,
)
from subscriptions.access.scopes import BEYOND_THE_ROLE
from subscriptions.access.staff_roles import STAFF_PERMISSIONS, staff_permissions
from subscriptions.access.suspension import HeldBack
from subscriptions.access.who_may import who_may, who_may_there
from subscriptions.base import formats
from subscriptions.models import User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


@dataclass(frozen=True, kw_only=True)
class Delegation:
    """A live relationship with an organization, and the roles that one of the partner's people has by it."""

    relationship: UUID
    roles: tuple[DelegatedRole, ...]
    ends: datetime | None

    def grants(self, permission: Permission) -> bool:
        return any(permission in DELEGATED_PERMISSIONS[role] for role in self.roles)


@dataclass(frozen=True, kw_only=True)
class ViewedAs:
    """The person as whom one of the staff looks at an organization's pages, and until when."""

    name: str
    role: Role
    until: datetime


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a member of a tenant, a partner's person, the operator's staff, an application, or the portal itself.

    A partner's person has an `agent_role` in the workspace and `delegations` inside a customer's organization;
    `partner` is the company as the audit trail keeps it, `relationship` the one by which this act is done;
    one of the staff has `staff_roles` at the desk, and reads an organization's pages as its person `viewing_as`;
    an `application` has the role or the partner of whose it is, and of what that allows only what its scopes name;
    `held_back` is why nobody acts in the organization now, if it is suspended or closed;
    `proved_at` is when a person was last proved to be it, in seconds since 1970, as far as that was asked;
    `decided_at` is when it decided what a job does later, in seconds too.
    """

    kind: ActorKind
    name: str
    user_id: int | None = None
    role: Role | None = None
    agent_role: AgentRole | None = None
    partner: str = ""
    partner_number: str = ""
    partner_key: int | None = None
    delegations: tuple[Delegation, ...] = ()
    relationship: UUID | None = None
    proved_at: float | None = None
    decided_at: float | None = None
    staff_roles: frozenset[StaffRole] = frozenset()
    viewing_as: ViewedAs | None = None
    held_back: HeldBack | None = None
    application: ActingApplication | None = None

    def is_proved(self, decision: Decision) -> bool:
        """Whether the sign-in was recent enough at the decision; the portal and staff decide in nobody's place, and
        of staff it counts where it was looked at.
        """
        if self.application:
            return self.application.may_decide(decision).allowed
        if self.kind not in (ActorKind.MEMBER, ActorKind.PARTNER) and self.proved_at is None:
            return True
        decided_at = time.time() if self.decided_at is None else self.decided_at
        return self.proved_at is not None and decided_at - self.proved_at < decision.seconds

    def may_decide(self, decision: Decision) -> Verdict:
        """Whether it is for one like this to decide at all, however recent the sign-in was."""
        return self.application.may_decide(decision) if self.application else ALLOWED

    def require_proof(self, decision: Decision) -> None:
        """Raises SignInTooOld, and Refused for an application, which cannot sign in."""
        self.may_decide(decision).require()
        if not self.is_proved(decision):
            raise SignInTooOld

    @property
    def is_partner(self) -> bool:
        """Of a partner: one of its people, or an application."""
        return self.kind is ActorKind.PARTNER or bool(self.application and self.partner_key)

    @property
    def is_of_organization(self) -> bool:
        """The organization's own: a member, or an application of it."""
        return self.kind is ActorKind.MEMBER or bool(self.application and self.role)

    @property
    def counted_as(self) -> int | str | None:
        """As whom its requests are counted: each person and each application by itself."""
        return f"application-{self.application.key}" if self.application else self.user_id

    @property
    def application_uuid(self) -> UUID | None:
        """Of a program, as what it decided keeps it: that outlives the application."""
        return self.application.uuid if self.application else None

    def is_same_as(self, *, user_id: int | None, application: UUID | None) -> bool:
        """Whether it is who decided or asked that."""
        return (self.user_id, self.application_uuid) == (user_id, application)

    @property
    def delegated_roles(self) -> list[DelegatedRole]:
        """Each once, in the order of the list of roles."""
        held = {role for delegation in self.delegations for role in delegation.roles}
        return [role for role in DelegatedRole if role in held]

    def can(self, permission: Permission) -> bool:
        if self.held_back and not self.held_back.lets(permission):
            return False
        if self.viewing_as:
            return permission in ROLE_PERMISSIONS[self.viewing_as.role] & READS_EVERYTHING
        if self.application and not self.application.lets(permission):
            return False
        if self.is_of_organization:
            beyond = BEYOND_THE_ROLE if self.role == Role.BILLING_ADMIN and self.application else NOTHING
            return self.role is not None and permission in ROLE_PERMISSIONS[self.role] | beyond
        if self.is_partner:
            own = AGENT_PERMISSIONS[self.agent_role] if self.agent_role else NOTHING
            return permission in own or any(delegation.grants(permission) for delegation in self.delegations)
        return permission in KIND_PERMISSIONS.get(self.kind, NOTHING)

    def may(self, permission: Permission) -> Verdict:
        if self.can(permission):
            return ALLOWED
        if self.application and not (why := self.application.why_not(permission)).allowed:
            return why
        if self.viewing_as and not (self.held_back and self.held_back.kept_until):
            return self.only_views()
        if self.held_back and not self.held_back.lets(permission):
            return self.held_back.verdict()
        if self.delegations:
            return self._not_delegated(permission)
        role = self.role or self.agent_role or (StaffRole(self.application.role) if self.application else None)
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Your role here is %(role)s, which may read this but not change it.")
            % {"role": role.label if role else ""},
            who=who_may(permission),
            next_step=_("Ask one of them to do it, or to give you the role."),
        )

    def may_send(self) -> Verdict:
        """Whatever may be read there, may anything be sent to the organization's pages?"""
        return self.held_back.verdict() if self.held_back else ALLOWED

    def only_views(self) -> Verdict:
        """Whatever changes something, to one of the staff who looks as somebody else."""
        return Verdict(
            code=VerdictCode.VIEW_AS_IS_READ_ONLY,
            reason=_("You view these pages as %(person)s and can change nothing.")
            % {"person": self.viewing_as.name if self.viewing_as else ""},
            next_step=_("Let the person do it, or stop viewing and do it at the staff's desk."),
        )

    def may_staff(self, permission: StaffPermission) -> Verdict:
        """May one of the staff do this at the desk?"""
        if self.kind is ActorKind.STAFF and permission in staff_permissions(self.staff_roles):
            return ALLOWED
        own = formats.join_list(role.label for role in StaffRole if role in self.staff_roles)
        may = [role.label for role, permissions in STAFF_PERMISSIONS.items() if permission in permissions]
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("What you do here is: %(roles)s. That does not include this.") % {"roles": own}
            if own
            else _("You have no role among the staff."),
            who=_("Staff with this role can do it: %(roles)s.") % {"roles": formats.join_choice(may)},
            next_step=_("Ask one of them to do it, or ask staff who make staff for the role."),
        )

    def _not_delegated(self, permission: Permission) -> Verdict:
        if any(permission in permissions for permissions in DELEGATED_PERMISSIONS.values()):
            return Verdict(
                code=VerdictCode.ROLE,
                reason=self._has_other_roles(),
                who=who_may_there(permission),
                next_step=_("Ask one of them to do it."),
            )
        return self.partners_never(
            permission, reason=_("A partner never does this for an organization, whatever its roles are.")
        )

    def _has_other_roles(self) -> str:
        roles = [str(role.label) for role in self.delegated_roles]
        told = ngettext(
            "You work here for %(partner)s with the role %(roles)s, which does not include this.",
            "You work here for %(partner)s with the roles %(roles)s, which do not include this.",
            len(roles),
        )
        return told % {"partner": self.partner, "roles": formats.join_list(roles)}

    @staticmethod
    def partners_never(permission: Permission, *, reason: str) -> Verdict:
        """What stays with the organization's own people, whatever roles a partner has there."""
        return Verdict(
            code=VerdictCode.PARTNERS_NEVER,
            reason=reason,
            who=who_may_there(READ_IN_ORDER_TO.get(permission, permission)),
            next_step=_("Ask one of them to do it."),
        )

    def acting_by(self, permission: Permission) -> "Actor":
        """The same person, with the relationship by which an act of this kind is allowed."""
        by = next((delegation for delegation in self.delegations if delegation.grants(permission)), None)
        return replace(self, relationship=by.relationship) if by else self


def staff_actor(user: User) -> Actor:
    """Needs the staff's scope, where the roles are read; whose account is not active has none any more."""
    roles: frozenset[StaffRole] = user.staff_roles if user.is_active else frozenset()
    return Actor(kind=ActorKind.STAFF, name=user.name, user_id=user.pk, staff_roles=roles)


def the_installation() -> Actor:
    """Who sets the portal up as the owner of its database, and makes staff there without being a person of it."""
    return Actor(kind=ActorKind.STAFF, name="Installation", staff_roles=frozenset({StaffRole.MAKES_STAFF}))


def the_portal() -> Actor:
    return Actor(kind=ActorKind.SYSTEM, name="Portal")
