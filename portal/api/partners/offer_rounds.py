"""One content offered to many: a template, a file of customers, what it would do, and what came of each line."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from partners.models import OfferRound, OfferTemplate
from partners.offers.ending import MAY_OFFER
from partners.offers.workspace.many import MOST_BYTES_OF_CUSTOMERS, MakeRound, OfferToMany
from partners.offers.workspace.many_tables import find_round, round_answer
from portal.api.access import WRITES, access
from portal.api.acts import perform
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.files.errors import LineError, errors_of
from portal.api.files.exports import FILE
from portal.api.formats import Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.problems import absolute
from subscriptions.access import Permission
from subscriptions.web.files.uploads import UPLOADS
from subscriptions.web.paging import Sort

router = Router(tags=["Offers"])
BY_UUID = "/offer-rounds/{uuid:uuid}"
UPLOADS["api-upload_customers"] = MOST_BYTES_OF_CUSTOMERS


class TemplateOut(Schema):
    id: str
    name: str
    kept: Moment
    kept_by: str


class TemplatePage(Found):
    data: list[TemplateOut]


class RoundLine(Schema):
    line: int
    organization: str
    offer: str
    offer_id: str | None
    outcome: OpenText = Field(description="drafted, sent, left (a draft, not sent yet) or failed; else empty.")
    reason: str
    errors: list[LineError]


class RoundOut(Schema):
    """What a file would do, and what came of each of its lines."""

    id: str
    template: str
    file: str
    columns_not_taken: list[str]
    read: Moment
    made: Moment | None
    version: int
    lines: list[RoundLine]


class Making(Body):
    send: bool = Field(description="Send each offer; false: keep each as a draft.")
    version: int | None = Field(default=None, description="In the place of If-Match.")


@router.get("/offer-templates", response=TemplatePage)
@access(Permission.READ_WORKSPACE, capability=MAY_OFFER)
def list_offer_templates(request: ApiRequest, query: Query[Paging]):
    """What the partner offers again and again, the newest first."""
    page = cut(request, OfferTemplate.objects.filter(partner=request.partner), Sort("id", descending=True), query)
    data = [{"id": str(row.uuid), "name": row.name, "kept": row.kept_at, "kept_by": row.kept_by} for row in page.rows]
    return {"data": data, **page.facts}


@router.post("/offer-templates/{uuid:uuid}/rounds", response={201: RoundOut})
@access(Permission.MAKE_OFFERS, capability=MAY_OFFER, kind=WRITES, takes_file=True)
def upload_customers(request: ApiRequest, uuid: UUID, file: File[UploadedFile]):
    """Reads a CSV file of customers, as their export has it: who would get the offer, and what is wrong. Nothing is
    offered yet."""
    row = perform(request, OfferToMany(request, number=request.partner.number, uuid=uuid), {})
    place = f"/api/v1/p/{request.partner.number}/offer-rounds/{row.uuid}"
    request.answered.headers["Location"] = absolute(place)
    return Status(201, _shown(request, row))


@router.get(BY_UUID, response=RoundOut)
@access(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def read_offer_round(request: ApiRequest, uuid: UUID):
    """Each line with what would or did come of it; its ETag is the version to be sent when it is made."""
    return _shown(request, find_round(request, uuid))  # type: ignore[arg-type]


@router.get(f"{BY_UUID}/file", openapi_extra=FILE)
@access(Permission.MAKE_OFFERS, capability=MAY_OFFER)
def read_offer_round_file(request: ApiRequest, uuid: UUID) -> HttpResponse:
    """All lines with what came of them: those with errors are mended in it and brought back."""
    return round_answer(request, find_round(request, uuid))  # type: ignore[arg-type]


@router.post(f"{BY_UUID}/make", response={200: RoundOut})
@access(Permission.MAKE_OFFERS, capability=MAY_OFFER, kind=WRITES)
def make_offer_round(request: ApiRequest, uuid: UUID, body: Making):
    """Makes a draft for each right line, or sends each as its own offer; once more for what is left."""
    act = MakeRound(request, number=request.partner.number, uuid=uuid)
    return _shown(request, perform(request, act, {"send": body.send}, body=body))


def _shown(request: ApiRequest, row: OfferRound) -> RoundOut:
    request.answered.version = row.version
    return RoundOut(
        id=str(row.uuid),
        template=row.name,
        file=row.file["name"],
        columns_not_taken=row.file["not_taken"],
        read=row.read_at,
        made=row.made_at,
        version=row.version,
        lines=[_line(line) for line in row.lines],
    )


def _line(line: dict[str, Any]) -> RoundLine:
    return RoundLine(
        line=line["number"],
        organization=line.get("organization", ""),
        offer=line.get("name", ""),
        offer_id=line.get("offer"),
        outcome=line["outcome"],
        reason=line.get("reason", ""),
        errors=errors_of(line["problems"]),
    )
