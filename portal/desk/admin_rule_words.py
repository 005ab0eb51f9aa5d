"""What staff read of a rule that was asked: its name in words, what it looked at, and what came of it."""

from datetime import date
from enum import Enum
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.clouds import CloudStatus, Text
from subscriptions.models import Tenant

RULES: dict[str, Text] = {
    "Act.may": gettext_lazy("The act asks for nothing more"),
    "Actor.may": gettext_lazy("The role allows it"),
    "Actor.may_decide": gettext_lazy("It is left to people, and a person does it"),
    "may_make": gettext_lazy("There is room for another one"),
    "HeldBack.verdict": gettext_lazy("The organization is neither suspended nor closed"),
    "Actor.partners_never": gettext_lazy("It is not left to the organization's own people"),
    "_not_the_resellers": gettext_lazy("No reseller manages the subscription"),
    "_must_be": gettext_lazy("The subscription is in a state that allows it"),
    "_in_grace": gettext_lazy("The subscription has expired or is disabled"),
    "_is_trial": gettext_lazy("The subscription is a trial"),
    "_no_trial": gettext_lazy("The subscription is a trial"),
    "_not_over": gettext_lazy("The trial has not ended"),
    "_not_becoming_paid": gettext_lazy("No paid term of the trial has begun"),
    "_not_extended": gettext_lazy("The trial was not extended before"),
    "_ends_soon": gettext_lazy("The end of the trial is near"),
    "_nothing_to_undo": gettext_lazy("There is a change that can be undone"),
    "_is_undoable": gettext_lazy("The last change can be undone"),
    "_state_allows": gettext_lazy("The subscription's state allows a partner of record"),
    "_may_edit_in_cloud": gettext_lazy("The cloud lets a partner of record be edited"),
    "_adds_partners": gettext_lazy("The cloud lets a partner of record be added"),
    "_may_add_in_cloud": gettext_lazy("The cloud lets a partner of record be added"),
    "unless_closed": gettext_lazy("The cloud is open"),
    "cloud_sells": gettext_lazy("The cloud sells"),
    "may_cost": gettext_lazy("There is a price for it"),
    "_is_waiting": gettext_lazy("The offer waits for an answer"),
    "_in_cloud": gettext_lazy("The cloud offers it"),
    "_cloud_allows": gettext_lazy("The cloud offers it"),
    "_cloud_is_open": gettext_lazy("The cloud is open"),
    "_partner_is_active": gettext_lazy("The partner is active"),
    "_is_not_ones_own": gettext_lazy("It is not the own offer"),
    "may_end": gettext_lazy("The relationship can be ended"),
    "_may_end_reseller": gettext_lazy("The reseller has let the organization go"),
    "_has_no_roles": gettext_lazy("The partner has roles"),
    "_none_managed": gettext_lazy("The reseller manages no subscription any more"),
    "_still_open": gettext_lazy("The request is still open"),
    "may_lose_role": gettext_lazy("The organization keeps a Global admin"),
    "_already_ended": gettext_lazy("The relationship has not ended"),
    "Actor._not_delegated": gettext_lazy("One of the partner's roles here allows it"),
    "none_waits": gettext_lazy("No request for approval waits"),
    "_has_room": gettext_lazy("There is room for another saved view"),
}
STAGES: dict[str, Text] = {
    "person": gettext_lazy("The account is active"),
    "member": gettext_lazy("A member, or a partner's person with a live relationship"),
    "cloud": gettext_lazy("The cloud offers it"),
    "role": gettext_lazy("The role allows the page"),
    "thing": gettext_lazy("What it is about is there"),
    "over": gettext_lazy("It is not over for good"),
}

# In a partner's workspace
STAGES_OF_A_WORKSPACE: dict[str, Text] = {
    "member": gettext_lazy("One of the people of the partner, which is active"),
}


def name_of(rule: str) -> Text:
    """In words; a rule without any is named after what it is about, which its sentence says anyway."""
    return RULES.get(rule) or RULES.get(rule.rpartition(".")[2]) or gettext_lazy("What the act itself asks")


def looked_at(inputs: dict[str, Any]) -> str:
    return formats.join_list(dict.fromkeys(filter(None, map(_describe, inputs.values()))))


def _describe(value: Any) -> str:
    """A fact that a person can read; nothing for the rest."""
    match value:
        case Actor():
            role = value.role or value.agent_role
            roles = [role, *value.delegated_roles] if role else value.delegated_roles
            return formats.with_note(value.name, formats.join_list(roles)) if roles else value.name
        case Permission():
            return value.value
        case CloudStatus() | Enum():
            return str(getattr(value, "label", value.value))
        case Tenant():
            return formats.with_note(value.name, value.get_cloud_display())
        case Model():
            return _describe_row(value)
        case bool():
            return _("Yes") if value else _("No")
        case date():
            return formats.day(value)
        case str() | int():
            return str(value)
    return ""


def _describe_row(row: Any) -> str:
    for name in ("status", "state", "kind"):
        if hasattr(row, f"get_{name}_display"):
            return formats.with_note(str(row), getattr(row, f"get_{name}_display")())
    return str(row)
