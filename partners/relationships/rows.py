"""A tie between an organization and a partner as pages show it, stored or derived."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from subscriptions.models.delegated_role import DelegatedRole


@dataclass(frozen=True, kw_only=True)
class RelationshipRow:
    """One tie; an advisor has no uuid and counts the subscriptions that credit it."""

    partner_name: str
    partner_number: str
    partner_uuid: UUID
    partner_state: str
    kind: RelationshipKind
    status: RelationshipStatus
    since: datetime
    name: str = ""
    expires: datetime | None = None
    auto_extend: bool = False
    ends_soon: bool = False
    unused: bool = False
    ended: datetime | None = None
    ended_by: str = ""
    end_reason: str = ""
    roles: list[DelegatedRole] = field(default_factory=list)
    subscriptions: int = 0
    uuid: UUID | None = None
    is_asked: bool = False

    @property
    def is_advisor(self) -> bool:
        return self.kind is RelationshipKind.SUBSCRIPTION_ADVISOR


@dataclass(frozen=True)
class PartnerGroup:
    name: str
    number: str
    rows: list[RelationshipRow]


def by_partner(rows: list[RelationshipRow]) -> list[PartnerGroup]:
    return [
        PartnerGroup(name, number, list(group))
        for (name, number), group in groupby(rows, key=lambda row: (row.partner_name, row.partner_number))
    ]


def row_of(relationship: Any) -> RelationshipRow:
    """One stored tie, fetched `with_status()`, `with_use()`, `with_asked()` and its partner."""
    partner = relationship.partner
    return RelationshipRow(
        partner_name=partner.name,
        partner_number=partner.number,
        partner_uuid=partner.uuid,
        partner_state=partner.state,
        kind=RelationshipKind(relationship.kind),
        status=RelationshipStatus(relationship.status),
        since=relationship.started_at,
        name=relationship.name,
        expires=relationship.expires_on,
        auto_extend=relationship.auto_extend,
        ends_soon=relationship.ends_soon,
        unused=relationship.unused,
        ended=relationship.ended_at,
        ended_by=relationship.ended_by,
        end_reason=relationship.end_reason,
        roles=[DelegatedRole(role) for role in relationship.roles],
        uuid=relationship.uuid,
        is_asked=relationship.is_asked,
    )


def advisor_row(partner: Any) -> RelationshipRow:
    """The derived tie to a partner of `partners_with_credits()` that has any."""
    return RelationshipRow(
        partner_name=partner.name,
        partner_number=partner.number,
        partner_uuid=partner.uuid,
        partner_state=partner.state,
        kind=RelationshipKind.SUBSCRIPTION_ADVISOR,
        status=RelationshipStatus.ACTIVE,
        since=partner.since,
        subscriptions=partner.subscriptions,
    )
