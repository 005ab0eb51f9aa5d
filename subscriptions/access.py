"""Who may do what: permissions, the tables of all roles, and the actor.

The tables below are the only place that knows what a role may do.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.base import formats
from subscriptions.models import Tenant, User
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.staff_role import StaffRole
from subscriptions.models.tenant import Role
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode


class Permission(Enum):
    # Inside an organization
    READ = "read"
    READ_SUBSCRIPTIONS = "read-subscriptions"
    READ_ORDERS = "read-orders"
    READ_SHOP = "read-shop"
    READ_RELATIONSHIPS = "read-relationships"
    READ_PEOPLE = "read-people"
    READ_ADDRESSES = "read-addresses"
    READ_AUDIT_LOG = "read-audit-log"
    BUY = "buy"
    MANAGE_SUBSCRIPTIONS = "manage-subscriptions"
    CHANGE_LICENSES = "change-licenses"
    SET_PARTNER_OF_RECORD = "set-partner-of-record"
    END_RELATIONSHIP = "end-relationship"
    ANSWER_OFFERS = "answer-offers"
    REVIEW_RELATIONSHIPS = "review-relationships"
    RESET_SIGN_IN = "reset-sign-in"
    LET_STAFF_VIEW = "let-staff-view"
    MANAGE_MEMBERS = "manage-members"
    # In a partner's own workspace
    READ_WORKSPACE = "read-workspace"
    MAKE_OFFERS = "make-offers"
    ANSWER_RELEASE_REQUESTS = "answer-release-requests"
    GIVE_UP_ACCESS = "give-up-access"
    MANAGE_PEOPLE = "manage-people"
    KEEP_PROFILE = "keep-profile"


class StaffPermission(Enum):
    """What the operator's staff may do at their own desk."""

    ENTER = "enter"
    READ_RECORDS = "read-records"  # audit, mails, refusals, jobs
    READ_PEOPLE = "read-people"
    READ_CUSTOMERS = "read-customers"
    READ_PARTNERS = "read-partners"
    READ_CATALOG = "read-catalog"
    HELP_CUSTOMERS = "help-customers"
    CORRECT_CREDIT = "correct-credit"
    SEND_MAILS = "send-mails"
    VIEW_AS = "view-as"
    KEEP_ACCOUNTS = "keep-accounts"
    ERASE_PEOPLE = "erase-people"
    CLOSE_CUSTOMERS = "close-customers"
    KEEP_CATALOG = "keep-catalog"
    KEEP_PARTNERS = "keep-partners"
    BRING_IN = "bring-in"  # files of what exists elsewhere, of the kinds that the person may enter one by one
    MAKE_STAFF = "make-staff"


class Decision(Enum):
    """What asks for a sign-in that is recent enough: the setting says how old it may be, in seconds."""

    ACCEPT_OFFER = ("accept-offer", "STEP_UP_SECONDS")
    EXTEND_ACCESS = ("extend-access", "STEP_UP_SECONDS")
    CHANGE_MEMBERS = ("change-members", "STEP_UP_SECONDS")
    CHANGE_PROFILE = ("change-profile", "STEP_UP_SECONDS")
    CREDIT_PARTNER = ("credit-partner", "CREDIT_STEP_UP_SECONDS")

    @property
    def seconds(self) -> int:
        return getattr(settings, self.value[1])

    @property
    def minutes(self) -> int:
        return self.seconds // 60


class SignInTooOld(Exception):
    """Who decides this has to prove once more to be the person that signed in."""


Permissions = frozenset[Permission]

IN_THE_WORKSPACE: Permissions = frozenset(
    {
        Permission.READ_WORKSPACE,
        Permission.MAKE_OFFERS,
        Permission.ANSWER_RELEASE_REQUESTS,
        Permission.GIVE_UP_ACCESS,
        Permission.MANAGE_PEOPLE,
        Permission.KEEP_PROFILE,
    }
)
IN_AN_ORGANIZATION: Permissions = frozenset(Permission) - IN_THE_WORKSPACE
READS_EVERYTHING: Permissions = frozenset(
    {
        Permission.READ,
        Permission.READ_SUBSCRIPTIONS,
        Permission.READ_ORDERS,
        Permission.READ_SHOP,
        Permission.READ_RELATIONSHIPS,
        Permission.READ_PEOPLE,
        Permission.READ_AUDIT_LOG,
    }
)

ROLE_PERMISSIONS: dict[Role, Permissions] = {
    Role.GLOBAL_ADMIN: IN_AN_ORGANIZATION,
    Role.BILLING_ADMIN: READS_EVERYTHING
    | {
        Permission.READ_ADDRESSES,
        Permission.SET_PARTNER_OF_RECORD,
        Permission.BUY,
        Permission.MANAGE_SUBSCRIPTIONS,
        Permission.CHANGE_LICENSES,
    },
    Role.GLOBAL_READER: READS_EVERYTHING,
}

# Partners' people inside a customer's organization. They see their own acts in the audit log, no others.
DELEGATED_READER: Permissions = READS_EVERYTHING - {Permission.READ_SHOP}
DELEGATED_PERMISSIONS: dict[DelegatedRole, Permissions] = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: DELEGATED_READER | {Permission.CHANGE_LICENSES, Permission.RESET_SIGN_IN},
    DelegatedRole.BILLING_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_SUBSCRIPTIONS, Permission.READ_ORDERS, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.LICENSE_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_SUBSCRIPTIONS, Permission.CHANGE_LICENSES, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.HELPDESK_ADMINISTRATOR: frozenset(
        {Permission.READ, Permission.READ_PEOPLE, Permission.RESET_SIGN_IN, Permission.READ_AUDIT_LOG}
    ),
    DelegatedRole.GLOBAL_READER: DELEGATED_READER,
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: DELEGATED_READER,
}
# A refusal of the first names the roles that have the second
READ_IN_ORDER_TO: dict[Permission, Permission] = {Permission.READ_SHOP: Permission.BUY}
# Which of the roles granted to a partner its people use, by what they do there
AGENT_ROLES: dict[AgentRole, frozenset[DelegatedRole]] = {
    AgentRole.ADMIN_AGENT: frozenset(DelegatedRole),
    AgentRole.HELPDESK_AGENT: frozenset(
        {
            DelegatedRole.HELPDESK_ADMINISTRATOR,
            DelegatedRole.GLOBAL_READER,
            DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR,
        }
    ),
    AgentRole.SALES_AGENT: frozenset(),
}
AGENT_PERMISSIONS: dict[AgentRole, Permissions] = {
    AgentRole.ADMIN_AGENT: IN_THE_WORKSPACE,
    AgentRole.HELPDESK_AGENT: frozenset({Permission.READ_WORKSPACE}),
    AgentRole.SALES_AGENT: frozenset({Permission.READ_WORKSPACE, Permission.MAKE_OFFERS}),
}

# The operator's staff at their desk: who reads what, and who does what. Several roles add up
AT_THE_DESK = frozenset({StaffPermission.ENTER, StaffPermission.READ_RECORDS})
READS_THE_DESK = AT_THE_DESK | {
    StaffPermission.READ_PEOPLE,
    StaffPermission.READ_CUSTOMERS,
    StaffPermission.READ_PARTNERS,
    StaffPermission.READ_CATALOG,
}
STAFF_PERMISSIONS: dict[StaffRole, frozenset[StaffPermission]] = {
    StaffRole.READS_EVERYTHING: READS_THE_DESK,
    StaffRole.HELPS_CUSTOMERS: READS_THE_DESK
    | {
        StaffPermission.HELP_CUSTOMERS,
        StaffPermission.BRING_IN,
        StaffPermission.CORRECT_CREDIT,
        StaffPermission.SEND_MAILS,
        StaffPermission.VIEW_AS,
        StaffPermission.KEEP_ACCOUNTS,
        StaffPermission.CLOSE_CUSTOMERS,
        StaffPermission.ERASE_PEOPLE,
    },
    StaffRole.KEEPS_CATALOG: AT_THE_DESK
    | {StaffPermission.READ_CATALOG, StaffPermission.KEEP_CATALOG, StaffPermission.BRING_IN},
    StaffRole.KEEPS_PARTNERS: READS_THE_DESK
    | {
        StaffPermission.KEEP_PARTNERS,
        StaffPermission.BRING_IN,
        StaffPermission.CORRECT_CREDIT,
        StaffPermission.SEND_MAILS,
        StaffPermission.KEEP_ACCOUNTS,
    },
    StaffRole.MAKES_STAFF: AT_THE_DESK
    | {StaffPermission.READ_PEOPLE, StaffPermission.KEEP_ACCOUNTS, StaffPermission.MAKE_STAFF},
}

# Actors of the operator; a kind of actor that stands neither here nor above may do nothing.
NOTHING: Permissions = frozenset()
KIND_PERMISSIONS: dict[ActorKind, Permissions] = {
    ActorKind.STAFF: frozenset(Permission),
    ActorKind.SYSTEM: frozenset(Permission),
}


def delegated_permissions(roles: Iterable[str]) -> Permissions:
    """What a partner's people may do in an organization with these roles together."""
    return NOTHING.union(*(DELEGATED_PERMISSIONS[DelegatedRole(role)] for role in roles))


def staff_permissions(roles: Iterable[StaffRole]) -> frozenset[StaffPermission]:
    return frozenset().union(*(STAFF_PERMISSIONS[role] for role in roles))


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
class HeldBack:
    """What an organization lets nobody do: of a suspended one all is read, of a closed one nothing opens.

    A closed one is kept until the end of that day.
    """

    organization: str
    since: datetime | None
    kept_until: date | None = None

    def lets(self, permission: Permission) -> bool:
        return self.kept_until is None and permission in READS_EVERYTHING | {Permission.READ_ADDRESSES}

    def verdict(self) -> Verdict:
        facts = {"organization": self.organization, "day": formats.day(self.since) if self.since else formats.DASH}
        if self.kept_until is None:
            return Verdict(
                code=VerdictCode.ORGANIZATION_SUSPENDED,
                heading=_("This organization is suspended"),
                reason=_("%(organization)s is suspended since %(day)s: all of it can be read, and nothing changed.")
                % facts,
                who=_("The operator's staff can lift it."),
                next_step=_("Its Global admins were mailed the reason. Ask staff what is needed."),
                next_label=_("Ask for help"),
                next_page=Page("help"),
            )
        kept = {"kept": formats.day(self.kept_until)}
        return Verdict(
            code=VerdictCode.ORGANIZATION_CLOSED,
            heading=_("This organization is closed"),
            reason=_("%(organization)s was closed on %(day)s. Nothing of it opens any more.") % facts,
            who=_("Until %(kept)s the operator's staff can hand out an export of its data, or open it again.") % kept,
            next_step=_("Ask staff for what you need."),
            next_label=_("Ask for help"),
            next_page=Page("help"),
        )


def held_back(tenant: Tenant) -> HeldBack | None:
    """None where the organization is as active as any."""
    if tenant.is_active:
        return None
    return HeldBack(organization=tenant.name, since=tenant.state_since, kept_until=tenant.kept_until)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: a member of a tenant, a partner's person, the operator's staff, or the portal itself.

    A partner's person has an `agent_role` in the workspace and `delegations` inside a customer's organization;
    `partner` is the company as the audit trail keeps it, `relationship` the one by which this act is done;
    one of the staff has `staff_roles` at the desk, and reads an organization's pages as its person `viewing_as`;
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

    def is_proved(self, decision: Decision) -> bool:
        """Whether the sign-in was recent enough at the decision; the portal and staff decide in nobody's place."""
        if self.kind not in (ActorKind.MEMBER, ActorKind.PARTNER):
            return True
        decided_at = time.time() if self.decided_at is None else self.decided_at
        return self.proved_at is not None and decided_at - self.proved_at < decision.seconds

    def require_proof(self, decision: Decision) -> None:
        """Raises SignInTooOld."""
        if not self.is_proved(decision):
            raise SignInTooOld

    @property
    def is_partner(self) -> bool:
        return self.kind is ActorKind.PARTNER

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
        if self.kind is ActorKind.MEMBER:
            return self.role is not None and permission in ROLE_PERMISSIONS[self.role]
        if self.kind is ActorKind.PARTNER:
            own = AGENT_PERMISSIONS[self.agent_role] if self.agent_role else NOTHING
            return permission in own or any(delegation.grants(permission) for delegation in self.delegations)
        return permission in KIND_PERMISSIONS.get(self.kind, NOTHING)

    def may(self, permission: Permission) -> Verdict:
        if self.can(permission):
            return ALLOWED
        if self.viewing_as and not (self.held_back and self.held_back.kept_until):
            return self.only_views()
        if self.held_back and not self.held_back.lets(permission):
            return self.held_back.verdict()
        if self.delegations:
            return self._not_delegated(permission)
        role = self.role or self.agent_role
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Your role here is %(role)s, which may read this but not change it.")
            % {"role": role.label if role else ""},
            who=_who_may(permission),
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
                who=_who_may_there(permission),
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
            who=_who_may_there(READ_IN_ORDER_TO.get(permission, permission)),
            next_step=_("Ask one of them to do it."),
        )

    def acting_by(self, permission: Permission) -> "Actor":
        """The same person, with the relationship by which an act of this kind is allowed."""
        by = next((delegation for delegation in self.delegations if delegation.grants(permission)), None)
        return replace(self, relationship=by.relationship) if by else self


def _who_may(permission: Permission) -> str:
    if permission in IN_THE_WORKSPACE:
        agents = [role.label for role, permissions in AGENT_PERMISSIONS.items() if permission in permissions]
        return _("In your company, people with this role can do it: %(roles)s.") % {
            "roles": formats.join_list(agents)
        }
    return _("A %(roles)s of your organization can do it.") % {"roles": _members_who_may(permission)}


def _who_may_there(permission: Permission) -> str:
    """The same, told to a partner's person."""
    return _("A %(roles)s of the organization can do it.") % {"roles": _members_who_may(permission)}


def _members_who_may(permission: Permission) -> str:
    roles = [role.label for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]
    return formats.join_choice(roles)


def staff_actor(user: User) -> Actor:
    """Needs the staff's scope, where the roles are read; whose account is not active has none any more."""
    roles: frozenset[StaffRole] = user.staff_roles if user.is_active else frozenset()
    return Actor(kind=ActorKind.STAFF, name=user.name, user_id=user.pk, staff_roles=roles)


def the_installation() -> Actor:
    """Who sets the portal up as the owner of its database, and makes staff there without being a person of it."""
    return Actor(kind=ActorKind.STAFF, name="Installation", staff_roles=frozenset({StaffRole.MAKES_STAFF}))


def the_portal() -> Actor:
    return Actor(kind=ActorKind.SYSTEM, name="Portal")
