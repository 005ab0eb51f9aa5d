"""tenantRelationships/delegatedAdminRelationships: what a partner asks an organization for, and what it was granted.

One of them is an offer that asks for roles, and from its answer on the relationship that it granted too; or a
relationship that came about without an offer. It keeps the ID with which it began.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.http import Http404

from partners.models import PartnerOffer, PartnerRelationship
from partners.models.partner_offer import OfferState
from partners.models.partner_relationship import RelationshipStatus
from partners.relationships.roles import EXTENSION_DAYS
from portal.api.answers import ApiRequest
from portal.graph import durations, roles
from portal.graph.formats import moment
from portal.graph.headers import weak_tag
from subscriptions.models import Tenant

CREATED, PENDING, ACTIVE, EXPIRED, TERMINATED = "created", "approvalPending", "active", "expired", "terminated"
STATES = (CREATED, PENDING, ACTIVE, EXPIRED, TERMINATED)
OF_OFFER = {
    OfferState.DRAFT: CREATED,
    OfferState.SENT: PENDING,
    OfferState.ACCEPTED: TERMINATED,  # without any role granted
    OfferState.DECLINED: TERMINATED,
    OfferState.WITHDRAWN: TERMINATED,
    OfferState.EXPIRED: EXPIRED,
}
OF_TIE = {
    RelationshipStatus.ACTIVE: ACTIVE,
    RelationshipStatus.EXPIRED: EXPIRED,
    RelationshipStatus.ENDED: TERMINATED,
}
PROPERTIES = (
    *(
        "id",
        "displayName",
        "status",
        "duration",
        "autoExtendDuration",
        "customer",
        "partner",
        "accessDetails",
        "terms",
    ),
    *("createdDateTime", "lastModifiedDateTime", "activatedDateTime", "endDateTime"),
)


@dataclass(frozen=True)
class Asked:
    """An offer, what it granted, or both."""

    offer: Any = None
    tie: Any = None

    @property
    def row(self) -> Any:
        return self.offer or self.tie

    @property
    def status(self) -> str:
        if self.tie:
            return OF_TIE[RelationshipStatus(self.tie.status)]
        return OF_OFFER[OfferState(self.offer.state_now)]

    @property
    def version(self) -> str:
        """The number of an offer, and of a relationship, which has none, what can change of it."""
        if not self.tie:
            return str(self.offer.version)
        kept = [self.tie.ended_at, self.tie.expires_on, self.tie.auto_extend, self.tie.roles, self.tie.status]
        digest = hashlib.sha256(json.dumps(kept, default=str).encode()).hexdigest()[:16]
        return f"{self.offer.version}-{digest}" if self.offer else digest

    @property
    def days(self) -> int | None:
        if not self.tie:
            return self.offer.days
        return (self.tie.expires_on - self.tie.started_at).days if self.tie.expires_on else None


def offers_of(request: ApiRequest) -> Any:
    """Those that ask for roles; an organization sees none before it is sent."""
    if of_partner(request):
        rows = PartnerOffer.objects.of_partner(request.partner)
    else:
        rows = PartnerOffer.objects.of_tenant(request.tenant)
    tie = PartnerRelationship.objects.filter(pk=OuterRef("relationship"), tenant=OuterRef("tenant")).with_status()
    return (
        rows.exclude(roles=[])
        .with_state()
        .annotate(created=F("drafted_at"), tie_status=Subquery(tie.values("status")[:1]))
        .select_related("partner")
    )


def ties_of(request: ApiRequest) -> Any:
    """Delegated administration that came about without an offer."""
    rows = PartnerRelationship.objects.delegated_admins()
    rows = rows.of_partner(request.partner) if of_partner(request) else rows.of_tenant(request.tenant)
    offers = PartnerOffer.objects.filter(relationship=OuterRef("pk"), tenant=OuterRef("tenant")).exclude(roles=[])
    return rows.filter(~Exists(offers)).with_status().annotate(created=F("started_at")).select_related("partner")


def of_partner(request: ApiRequest) -> bool:
    return hasattr(request, "partner")


def in_status(status: str) -> tuple[Q, Q]:
    """The offers and the relationships that are in it."""
    states = [state for state, told in OF_OFFER.items() if told == status and state != OfferState.ACCEPTED]
    ties = [state for state, told in OF_TIE.items() if told == status]
    offers = Q(state_now__in=states) | Q(state_now=OfferState.ACCEPTED, tie_status__in=ties)
    if status == OF_OFFER[OfferState.ACCEPTED]:
        offers |= Q(state_now=OfferState.ACCEPTED, tie_status=None)
    return offers, Q(status__in=ties)


def find(request: ApiRequest, uuid: UUID) -> Asked:
    """Raises Http404."""
    offer = offers_of(request).filter(uuid=uuid).first()
    tie = None if offer else ties_of(request).filter(uuid=uuid).first()
    if offer is None and tie is None:
        raise Http404
    return with_ties([offer or tie])[0]


def with_ties(rows: list[Any]) -> list[Asked]:
    """Each offer with what it granted, by one statement for all, and their organizations by another."""
    granted = [row.relationship_id for row in rows if isinstance(row, PartnerOffer) and row.relationship_id]
    ties = (
        {tie.pk: tie for tie in PartnerRelationship.objects.filter(pk__in=granted).with_status()} if granted else {}
    )
    tenants = Tenant.objects.with_cloud_status().in_bulk({row.tenant_id for row in rows})
    for row in rows:
        row.tenant = tenants[row.tenant_id]
    return [
        Asked(row, ties.get(row.relationship_id)) if isinstance(row, PartnerOffer) else Asked(tie=row) for row in rows
    ]


def describe(asked: Asked) -> dict[str, Any]:
    offer, tie, row = asked.offer, asked.tie, asked.row
    changed = [offer.drafted_at, offer.sent_at, offer.decided_at, offer.withdrawn_at] if offer else []
    changed += [tie.started_at, tie.ended_at] if tie else []
    return {
        "@odata.etag": weak_tag(asked.version),
        "id": str(row.uuid),
        "displayName": row.name,
        "status": asked.status,
        "duration": durations.format_days(asked.days),
        "autoExtendDuration": durations.format_days(EXTENSION_DAYS) if tie and tie.auto_extend else durations.NEVER,
        "customer": {"tenantId": str(row.tenant.uuid), "displayName": row.tenant.name},
        "partner": {"partnerId": row.partner.number, "displayName": row.partner.name},
        "accessDetails": {"unifiedRoles": roles.describe_roles(tie.roles if tie else offer.roles)},
        "createdDateTime": moment(row.created),
        "lastModifiedDateTime": moment(max(each for each in changed if each)),
        "activatedDateTime": moment(tie.started_at) if tie else None,
        "endDateTime": moment((tie.ended_at or tie.expires_on) if tie else offer.expires_on),
    }
