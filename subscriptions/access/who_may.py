"""Which roles allow a thing, in words, told to a person who may not do it."""

from django.utils.translation import gettext as _

from subscriptions.access.permissions import IN_THE_WORKSPACE, Permission
from subscriptions.access.roles import AGENT_PERMISSIONS, roles_with
from subscriptions.base import formats


def who_may(permission: Permission) -> str:
    if permission in IN_THE_WORKSPACE:
        agents = [role.label for role, permissions in AGENT_PERMISSIONS.items() if permission in permissions]
        return _("In your company, people with this role can do it: %(roles)s.") % {
            "roles": formats.join_list(agents)
        }
    return _("A %(roles)s of your organization can do it.") % {"roles": _members_who_may(permission)}


def who_may_there(permission: Permission) -> str:
    """The same, told to a partner's person."""
    return _("A %(roles)s of the organization can do it.") % {"roles": _members_who_may(permission)}


def _members_who_may(permission: Permission) -> str:
    return formats.join_choice([role.label for role in roles_with(permission)])
