"""The portal's delegated roles and the IDs that Graph has for them, which are the same in every organization."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.graph.errors import wrong
from subscriptions.models.delegated_role import DelegatedRole

IDS: dict[DelegatedRole, str] = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: "62e90394-69f5-4237-9190-012177145e10",
    DelegatedRole.BILLING_ADMINISTRATOR: "b0f54661-2d74-4c50-afa3-1ec803f12efe",
    DelegatedRole.LICENSE_ADMINISTRATOR: "4d6ac14f-3453-41d0-bef9-a3e0c569773a",
    DelegatedRole.HELPDESK_ADMINISTRATOR: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
    DelegatedRole.GLOBAL_READER: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: "f023fd81-a637-4b56-95fd-791ac0226033",
}
ROLES = {uuid: role for role, uuid in IDS.items()}


def roles_of(ids: Iterable[str], place: str) -> tuple[DelegatedRole, ...]:
    """Raises Problem for an ID that is none of these."""
    found = []
    for number, uuid in enumerate(ids):
        role = ROLES.get(uuid.lower())
        if role is None:
            known = ", ".join(f"{each} ({label.label})" for each, label in ROLES.items())
            told = _("There is no such role here. Those that there are: %(roles)s.") % {"roles": known}
            raise wrong(told, "unknown-role", f"{place}/{number}/roleDefinitionId")
        found.append(role)
    return tuple(dict.fromkeys(found))


def describe_roles(roles: Iterable[str]) -> list[dict[str, str]]:
    return [{"roleDefinitionId": IDS[DelegatedRole(role)]} for role in roles]
