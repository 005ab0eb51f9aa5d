"""Who may do what: permissions, the tables of all roles, and the actor.

The tables in roles.py and staff_roles.py are the only place that knows what a role may do.
"""

from subscriptions.access.actor import Actor, Delegation, ViewedAs, staff_actor, the_installation, the_portal
from subscriptions.access.applications import ActingApplication
from subscriptions.access.decisions import Decision, SignInTooOld
from subscriptions.access.permissions import (
    IN_AN_ORGANIZATION,
    IN_THE_WORKSPACE,
    READS_EVERYTHING,
    Permission,
    Permissions,
    StaffPermission,
)
from subscriptions.access.roles import (
    AGENT_PERMISSIONS,
    AGENT_ROLES,
    DELEGATED_PERMISSIONS,
    NOTHING,
    ROLE_PERMISSIONS,
    delegated_permissions,
    roles_with,
)
from subscriptions.access.staff_roles import STAFF_PERMISSIONS
from subscriptions.access.suspension import HeldBack, held_back

__all__ = [
    "AGENT_PERMISSIONS",
    "AGENT_ROLES",
    "DELEGATED_PERMISSIONS",
    "IN_AN_ORGANIZATION",
    "IN_THE_WORKSPACE",
    "NOTHING",
    "READS_EVERYTHING",
    "ROLE_PERMISSIONS",
    "STAFF_PERMISSIONS",
    "ActingApplication",
    "Actor",
    "Decision",
    "Delegation",
    "HeldBack",
    "Permission",
    "Permissions",
    "SignInTooOld",
    "StaffPermission",
    "ViewedAs",
    "delegated_permissions",
    "held_back",
    "roles_with",
    "staff_actor",
    "the_installation",
    "the_portal",
]
