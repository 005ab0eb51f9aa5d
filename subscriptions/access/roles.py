"""What a role allows: of members, of partners' people, of the portal itself."""

from collections.abc import Iterable

from subscriptions.access.permissions import (
    IN_AN_ORGANIZATION,
    IN_THE_WORKSPACE,
    READS_EVERYTHING,
    Permission,
    Permissions,
)
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.membership import Role

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

# Actors of the operator, whose applications only read; a kind that stands neither here nor above may do nothing
NOTHING: Permissions = frozenset()
KIND_PERMISSIONS: dict[ActorKind, Permissions] = {
    ActorKind.STAFF: frozenset(Permission),
    ActorKind.SYSTEM: frozenset(Permission),
    ActorKind.APPLICATION: READS_EVERYTHING | {Permission.READ_WORKSPACE},
}


def roles_with(permission: Permission) -> list[Role]:
    """Of an organization's own people."""
    return [role for role, permissions in ROLE_PERMISSIONS.items() if permission in permissions]


def delegated_permissions(roles: Iterable[str]) -> Permissions:
    """What a partner's people may do in an organization with these roles together."""
    return NOTHING.union(*(DELEGATED_PERMISSIONS[DelegatedRole(role)] for role in roles))
