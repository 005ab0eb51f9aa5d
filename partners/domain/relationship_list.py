"""Settings > Partner Relationships as data: stored ties and derived advisors in one list, grouped by partner."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Func, Min, Q, Value
from django.db.models.functions import Cast

from partners.models import PartnerOfRecord, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.names import sort_key

MOST_ROWS = 500
PARTNER_COLUMNS = {
    "partner_name": F("partner__name"),
    "partner_key": F("partner__name_key"),
    "partner_code": F("partner__partner_id"),
    "partner_uuid": F("partner__uuid"),
    "partner_state": F("partner__state"),
}
COLUMNS = (
    *PARTNER_COLUMNS, "kind_", "uuid_", "roles_", "since", "expires", "ended", "ended_by_", "end_reason_",
    "subscriptions", "status",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RelationshipRow:
    """One tie as the list shows it; an advisor has no uuid and counts the subscriptions that credit it."""

    partner_name: str
    partner_code: str
    partner_uuid: UUID
    partner_state: str
    kind: RelationshipKind
    status: RelationshipStatus
    since: datetime
    expires: datetime | None
    ended: datetime | None
    ended_by: str
    end_reason: str
    roles: list[DelegatedRole]
    subscriptions: int
    uuid: UUID | None

    @property
    def is_advisor(self) -> bool:
        return self.kind is RelationshipKind.SUBSCRIPTION_ADVISOR


@dataclass(frozen=True)
class PartnerGroup:
    name: str
    partner_id: str
    rows: list[RelationshipRow]


def relationships(tenant: Tenant, *, text: str = "", status: str = "") -> list[RelationshipRow]:
    """The tenant's relationships by partner, in one query; no more than MOST_ROWS, which a search narrows."""
    stored, advisors = _stored(tenant), _advisors(tenant)
    if text:
        match = Q(partner__name_key__contains=sort_key(text)) | Q(partner__partner_id__startswith=text.strip())
        stored, advisors = stored.filter(match), advisors.filter(match)
    if status:
        stored = stored.filter(status=status)
    columns = stored.values(*COLUMNS)
    if status in ("", RelationshipStatus.ACTIVE):
        columns = columns.union(advisors.values(*COLUMNS), all=True)
    return [_row(values) for values in columns.order_by("partner_key", "partner_code", "kind_")[:MOST_ROWS]]


def by_partner(rows: list[RelationshipRow]) -> list[PartnerGroup]:
    return [
        PartnerGroup(name, partner_id, list(group))
        for (name, partner_id), group in groupby(rows, key=lambda row: (row.partner_name, row.partner_code))
    ]


def _stored(tenant: Tenant):
    return (
        PartnerRelationship.objects.of_tenant(tenant)
        .with_status()
        .annotate(
            **PARTNER_COLUMNS,
            kind_=F("kind"),
            uuid_=F("uuid"),
            roles_=F("roles"),
            since=F("started_at"),
            expires=F("expires_on"),
            ended=F("ended_at"),
            ended_by_=F("ended_by"),
            end_reason_=F("end_reason"),
            subscriptions=Value(0),
        )
    )


def _advisors(tenant: Tenant):
    """Whoever is partner of record now, once a partner."""
    none_yet = Cast(Value(None), models.DateTimeField())
    return (
        PartnerOfRecord.objects.in_force()
        .of_existing_subscriptions()
        .filter(tenant=tenant)
        .values("partner")
        .annotate(
            **PARTNER_COLUMNS,
            kind_=Value(RelationshipKind.SUBSCRIPTION_ADVISOR.value),
            uuid_=Cast(Value(None), models.UUIDField()),
            roles_=Cast(Value("{}"), ArrayField(models.CharField(max_length=40))),
            since=Min(Func(F("valid"), function="lower", output_field=models.DateTimeField())),
            expires=none_yet,
            ended=none_yet,
            ended_by_=Value(""),
            end_reason_=Value(""),
            subscriptions=Count("pk"),
            status=Value(RelationshipStatus.ACTIVE.value),
        )
    )


def _row(values: dict) -> RelationshipRow:
    return RelationshipRow(
        partner_name=values["partner_name"],
        partner_code=values["partner_code"],
        partner_uuid=values["partner_uuid"],
        partner_state=values["partner_state"],
        kind=RelationshipKind(values["kind_"]),
        status=RelationshipStatus(values["status"]),
        since=values["since"],
        expires=values["expires"],
        ended=values["ended"],
        ended_by=values["ended_by_"],
        end_reason=values["end_reason_"],
        roles=[DelegatedRole(role) for role in values["roles_"]],
        subscriptions=values["subscriptions"],
        uuid=values["uuid_"],
    )


def row_of(relationship: PartnerRelationship) -> RelationshipRow:
    """One stored tie, fetched `with_status()` and its partner."""
    partner = relationship.partner
    return RelationshipRow(
        partner_name=partner.name,
        partner_code=partner.partner_id,
        partner_uuid=partner.uuid,
        partner_state=partner.state,
        kind=RelationshipKind(relationship.kind),
        status=RelationshipStatus(relationship.status),
        since=relationship.started_at,
        expires=relationship.expires_on,
        ended=relationship.ended_at,
        ended_by=relationship.ended_by,
        end_reason=relationship.end_reason,
        roles=[DelegatedRole(role) for role in relationship.roles],
        subscriptions=0,
        uuid=relationship.uuid,
    )


def advisor_row(credited: list[PartnerOfRecord]) -> RelationshipRow:
    """The derived tie to the partner of these open periods."""
    partner = credited[0].partner
    return RelationshipRow(
        partner_name=partner.name,
        partner_code=partner.partner_id,
        partner_uuid=partner.uuid,
        partner_state=partner.state,
        kind=RelationshipKind.SUBSCRIPTION_ADVISOR,
        status=RelationshipStatus.ACTIVE,
        since=min(period.valid.lower for period in credited),
        expires=None,
        ended=None,
        ended_by="",
        end_reason="",
        roles=[],
        subscriptions=len(credited),
        uuid=None,
    )
