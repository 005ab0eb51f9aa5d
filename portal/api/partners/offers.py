"""Offers that a partner makes: drafted, sent, and withdrawn. A Global admin of the organization answers them."""

from typing import Any, Literal
from uuid import UUID

from django.core import signing
from django.http import Http404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from partners.models import PartnerOffer
from partners.offers.workspace import acts
from partners.offers.workspace.draft import FOUND_SALT, EditDraft, FindOrganization, NewDraft
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.formats import Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.problems import absolute
from portal.api.served import Served, serve
from subscriptions.access import Permission
from subscriptions.web.paging import Sort

router = Router(tags=["Offers"])
BY_UUID = "/offers/{uuid:uuid}"


class OfferOut(Schema):
    id: str
    name: str
    customer_id: str
    customer: str
    state: OpenText
    roles: list[OpenText]
    days: int | None
    credit: OpenText
    purchase: OpenText
    drafted: Moment
    drafted_by: str
    sent: Moment | None
    expires: Moment | None
    answered: Moment | None
    version: int


class OfferPage(Found):
    data: list[OfferOut]


class OfferQuery(Paging):
    state: Literal["draft", "sent", "accepted", "declined", "expired", "withdrawn"] | None = None


class Made(Schema):
    id: str
    version: int


class Draft(Body):
    """All of it: what is left out is not asked for."""

    organization: str = Field(max_length=60, description="The organization's address, after /t/.")
    name: str = Field(max_length=200)
    roles: list[str] = []
    days: int | None = None
    credit: str = "nothing"
    subscriptions: str = Field(default="", max_length=5_000, description="IDs of subscriptions, one a line.")
    terms: str = Field(default="", max_length=100_000)


@router.get("/offers", response=OfferPage)
@access(Permission.READ_WORKSPACE)
def list_partner_offers(request: ApiRequest, query: Query[OfferQuery]):
    """The partner's own offers, the newest first."""
    rows = _offers(request)
    if query.state:
        rows = rows.filter(state_now=query.state)
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


@router.get(BY_UUID, response=OfferOut)
@access(Permission.READ_WORKSPACE)
def read_partner_offer(request: ApiRequest, uuid: UUID):
    """One offer; its ETag is the version to be sent with a change."""
    found = _offers(request).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    request.answered.version = found.version
    return _written(found)


@router.post("/offers", response={201: Made})
@access(Permission.MAKE_OFFERS, kind=WRITES)
def draft_offer(request: ApiRequest, body: Draft):
    """A draft, which nobody but the partner reads before it is sent."""
    number = request.partner.number
    find = FindOrganization(request, number=number)
    tenant = perform(request, find, {"organization": body.organization})
    token = signing.dumps([request.partner.pk, tenant.slug], salt=FOUND_SALT)
    said = body.model_dump(exclude={"organization"}) | {"purchase": "none"}
    offer = perform(request, NewDraft(request, number=number, token=token), said)
    request.answered.version = offer.version
    request.answered.headers["Location"] = absolute(f"/api/v1/p/{number}/offers/{offer.uuid}")
    return Status(201, Made(id=str(offer.uuid), version=offer.version))


def _offers(request: ApiRequest) -> Any:
    return PartnerOffer.objects.of_partner(request.partner).with_state().select_related("tenant")


def _written(row: Any) -> OfferOut:
    return OfferOut(
        id=str(row.uuid),
        name=row.name,
        customer_id=str(row.tenant.uuid),
        customer=row.tenant.name,
        state=row.state_now,
        roles=list(row.roles),
        days=row.days,
        credit=row.credit,
        purchase=row.purchase,
        drafted=row.drafted_at,
        drafted_by=row.drafted_by,
        sent=row.sent_at,
        expires=row.expires_on,
        answered=row.decided_at,
        version=row.version,
    )


ALL = {
    "name": str,
    "roles": list[str],
    "days": (int | None, ...),
    "credit": str,
    "subscriptions": str,
    "terms": str,
    "known": None,
    "purchase": None,
    "products": None,
}
SERVED = (
    Served(
        "change_draft",
        "POST",
        f"{BY_UUID}/edit",
        EditDraft,
        more=ALL,
        typed=lambda said: {**said, "purchase": "none"},
        told="All of the draft, once more.",
    ),
    Served("send_offer", "POST", f"{BY_UUID}/send", acts.Send),
    Served("send_offer_again", "POST", f"{BY_UUID}/send-again", acts.SendAgain),
    Served("change_offer_terms", "POST", f"{BY_UUID}/terms", acts.ChangeTerms, more={"terms": str}),
    Served("discard_draft", "POST", f"{BY_UUID}/discard", acts.Discard),
    Served("withdraw_offer", "POST", f"{BY_UUID}/withdraw", acts.Withdraw),
)
for each in SERVED:
    serve(router, each)
