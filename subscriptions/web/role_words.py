"""What each delegated role allows, and what it can do at worst, and what each role of the staff allows, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from subscriptions.base import formats
from subscriptions.clouds import Text
from subscriptions.may_words import MayWords, words_of_agent, words_of_role
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole

ROLE_DESCRIPTIONS = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: gettext_lazy("Everything that partners can do here: the highest risk."),
    DelegatedRole.BILLING_ADMINISTRATOR: gettext_lazy("Reads subscriptions and orders."),
    DelegatedRole.LICENSE_ADMINISTRATOR: gettext_lazy("Lowers the number of licenses; never adds any."),
    DelegatedRole.HELPDESK_ADMINISTRATOR: gettext_lazy(
        "Reads people, and resets the sign-in of those who are no admins."
    ),
    DelegatedRole.GLOBAL_READER: gettext_lazy(
        "Reads subscriptions, orders, people and relationships; changes nothing."
    ),
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: gettext_lazy(
        "Reads what a Global reader reads, in order to answer support requests; changes nothing."
    ),
}


@dataclass(frozen=True)
class Risk:
    """The word and the look for what a role can do at worst."""

    label: Text
    tag: str


HIGHEST_RISK = Risk(gettext_lazy("Highest risk"), "bad")
CHANGES = Risk(gettext_lazy("Changes things"), "warn")
READS = Risk(gettext_lazy("Reads only"), "neutral")
ROLE_RISKS = {
    DelegatedRole.GLOBAL_ADMINISTRATOR: HIGHEST_RISK,
    DelegatedRole.BILLING_ADMINISTRATOR: READS,
    DelegatedRole.LICENSE_ADMINISTRATOR: CHANGES,
    DelegatedRole.HELPDESK_ADMINISTRATOR: CHANGES,
    DelegatedRole.GLOBAL_READER: READS,
    DelegatedRole.SERVICE_SUPPORT_ADMINISTRATOR: READS,
}

MEMBER_RISKS = {Role.GLOBAL_ADMIN: HIGHEST_RISK, Role.BILLING_ADMIN: CHANGES, Role.GLOBAL_READER: READS}
AGENT_RISKS = {
    AgentRole.ADMIN_AGENT: HIGHEST_RISK,
    AgentRole.HELPDESK_AGENT: CHANGES,
    AgentRole.SALES_AGENT: CHANGES,
}


@dataclass(frozen=True)
class RoleCard:
    """A role to choose, with what it may do and may not, before it is chosen."""

    radio: Any
    words: MayWords
    risk: Risk


def cards_of_roles(field: Any) -> list[RoleCard]:
    """Of a form's field with radios of members' roles."""
    return [_card(radio, words_of_role, MEMBER_RISKS, Role) for radio in field]


def cards_of_agents(field: Any) -> list[RoleCard]:
    return [_card(radio, words_of_agent, AGENT_RISKS, AgentRole) for radio in field]


def _card(radio: Any, words: Callable[[Any], MayWords], risks: Mapping[Any, Risk], roles: Callable) -> RoleCard:
    role = roles(radio.data["value"])
    return RoleCard(radio, words(role), risks[role])


def staff_role_choices() -> list[tuple[str, str]]:
    """Each role of the staff, with what it allows beside its name."""
    return [(role.value, f"{role.label}{formats.mark(': ')}{STAFF_ROLE_DESCRIPTIONS[role]}") for role in StaffRole]


STAFF_ROLE_DESCRIPTIONS = {
    StaffRole.READS_EVERYTHING: gettext_lazy("Looks everything up; changes nothing."),
    StaffRole.HELPS_CUSTOMERS: gettext_lazy(
        "Looks everything up; keeps organizations, their people, subscriptions and orders, corrects partners of "
        "record, and answers requests for help."
    ),
    StaffRole.KEEPS_CATALOG: gettext_lazy("Reads and keeps products, prices and clouds; sees no customer."),
    StaffRole.KEEPS_PARTNERS: gettext_lazy(
        "Looks everything up; keeps partners, their people, relationships and offers, corrects partners of record, "
        "and answers in a reseller's place."
    ),
    StaffRole.MAKES_STAFF: gettext_lazy(
        "Says who is one of the staff and what each of them does, and keeps their accounts; of customers it sees "
        "people's accounts alone."
    ),
}
