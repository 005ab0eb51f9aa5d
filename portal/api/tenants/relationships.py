"""Partner relationships: what they are, what an application may do with them, and what only a person decides."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from partners.models import PartnerOffer
from partners.offers.pages import AnswerOffer
from partners.relationships.pages import acts
from partners.relationships.pages.review import Review
from partners.relationships.reads import relationships_with_facts
from partners.relationships.releases import pages as releases
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.served import OnOff, Served, serve
from portal.api.tenants.partner_of_record import PartnerName
from subscriptions.access import Decision, Permission
from subscriptions.web.paging import Sort

router = Router(tags=["Partner relationships"])
BY_UUID = "/relationships/{uuid:uuid}"


class RelationshipOut(Schema):
    id: str
    partner: PartnerName
    kind: OpenText = Field(examples=["reseller", "delegated-admin"])
    status: OpenText = Field(examples=["active", "expired", "ended"])
    name: str
    roles: list[OpenText]
    since: Moment
    expires: Moment | None
    auto_extend: bool
    ends_soon: bool
    unused: bool
    ended: Moment | None
    ended_by: str
    end_reason: str
    release_asked: bool = Field(description="A reseller was asked to end it, and has not answered yet.")


class RelationshipPage(Found):
    data: list[RelationshipOut]


class RelationshipQuery(Paging):
    kind: Literal["reseller", "delegated-admin"] | None = None
    status: Literal["active", "expired", "ended"] | None = None


class ReceivedOffer(Schema):
    id: str
    partner: PartnerName
    name: str
    state: OpenText
    roles: list[OpenText]
    days: int | None
    sent: Moment | None
    expires: Moment | None


class ReceivedOfferPage(Found):
    data: list[ReceivedOffer]


@router.get("/relationships", response=RelationshipPage)
@access(Permission.READ_RELATIONSHIPS)
def list_relationships(request: ApiRequest, query: Query[RelationshipQuery]):
    """Resellers and delegated admins, the newest first. Advisors are the partners of record of subscriptions."""
    rows: Any = relationships_with_facts(request.tenant)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    if query.status:
        rows = rows.filter(status=query.status)
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(request, row) for row in page.rows], **page.facts}


@router.get(BY_UUID, response=RelationshipOut)
@access(Permission.READ_RELATIONSHIPS)
def read_relationship(request: ApiRequest, uuid: UUID):
    """One relationship."""
    found = relationships_with_facts(request.tenant).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return _written(request, found)


@router.get("/offers", response=ReceivedOfferPage)
@access(Permission.READ_RELATIONSHIPS)
def list_offers(request: ApiRequest, query: Query[Paging]):
    """Offers that partners have sent, the newest first. A Global admin answers them in the portal."""
    page = cut(request, _offers(request), Sort("id", descending=True), query)
    return {"data": [offer_written(row) for row in page.rows], **page.facts}


@router.get("/offers/{uuid:uuid}", response=ReceivedOffer)
@access(Permission.READ_RELATIONSHIPS)
def read_offer(request: ApiRequest, uuid: UUID):
    """One offer that a partner has sent."""
    found = _offers(request).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return offer_written(found)


def _offers(request: ApiRequest) -> Any:
    """An offer is between the organization and one partner: no program of another one learns of it."""
    rows = PartnerOffer.objects.of_tenant(request.tenant).select_related("partner")
    return rows.filter(partner=request.actor.partner_key) if request.actor.is_partner else rows


def offer_written(row: Any) -> ReceivedOffer:
    return ReceivedOffer(
        id=str(row.uuid),
        partner=PartnerName(partner_id=row.partner.number, name=row.partner.name),
        name=row.name,
        state=row.state,
        roles=list(row.roles),
        days=row.days,
        sent=row.sent_at,
        expires=row.expires_on,
    )


def _written(request: ApiRequest, row: Any) -> RelationshipOut:
    """Why one ended, and that a reseller was asked to end it, is for the organization's own people."""
    is_own = not request.actor.is_partner
    return RelationshipOut(
        id=str(row.uuid),
        partner=PartnerName(partner_id=row.partner.number, name=row.partner.name),
        kind=row.kind,
        status=row.status,
        name=row.name,
        roles=list(row.roles),
        since=row.started_at,
        expires=row.expires_on,
        auto_extend=row.auto_extend,
        ends_soon=row.ends_soon,
        unused=row.unused,
        ended=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason if is_own else "",
        release_asked=is_own and row.is_asked,
    )


def _extended(said: dict[str, Any]) -> dict[str, Any]:
    return {**said, "extend": "yes" if said["extend"] else "no"}


SERVED = (
    Served("end_relationship", "POST", f"{BY_UUID}/end", acts.End),
    Served(
        "remove_relationship_roles", "POST", f"{BY_UUID}/remove-roles", acts.RemoveRoles, more={"roles": list[str]}
    ),
    Served(
        "set_relationship_auto_extend",
        "POST",
        f"{BY_UUID}/auto-extend",
        acts.AutoExtend,
        more={"extend": OnOff},
        typed=_extended,
        permission=Permission.READ_RELATIONSHIPS,
        decides=lambda said: Decision.EXTEND_ACCESS if said["extend"] else None,
        told="Stops the automatic extension. Switching it on is for a person.",
    ),
    Served("ask_for_release", "POST", f"{BY_UUID}/release-request", releases.AskForRelease),
    Served("take_back_release_request", "POST", f"{BY_UUID}/release-request/take-back", releases.TakeBack),
    Served("review_relationships", "POST", "/relationships/review", Review, told="For a person alone."),
    Served("answer_offer", "POST", "/offers/{uuid:uuid}/answer", AnswerOffer, told="For a person alone."),
)
for each in SERVED:
    serve(router, each)
