"""What waits for a second person, and what became of it. Only a person decides."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema

from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.served import OnOff, Served, serve
from subscriptions.access import Permission
from subscriptions.approvals import act_pages
from subscriptions.approvals.reads import find_request, requests_of, waiting_requests
from subscriptions.approvals.switch_page import SwitchSecondPerson
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.web.paging import Sort

router = Router(tags=["Approvals"])
BY_UUID = "/approvals/{uuid:uuid}"


class ApprovalOut(Schema):
    id: str
    act: OpenText
    subject: str
    state: OpenText
    reason: str
    asked: Moment
    asked_by: str
    expires: Moment
    decided: Moment | None
    decided_by: str


class ApprovalPage(Found):
    data: list[ApprovalOut]


class ApprovalQuery(Paging):
    state: Literal["waiting", "approved", "refused", "withdrawn", "expired"] | None = None


@router.get("/approvals", response=ApprovalPage)
@access(Permission.SET_PARTNER_OF_RECORD)
def list_approvals(request: ApiRequest, query: Query[ApprovalQuery]):
    """What was asked for, the newest first."""
    rows: Any = requests_of(request.tenant)
    if query.state == ApprovalOutcome.WAITING:
        rows = waiting_requests(request.tenant)
    elif query.state:
        rows = rows.filter(outcome=query.state)
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


@router.get(BY_UUID, response=ApprovalOut)
@access(Permission.SET_PARTNER_OF_RECORD)
def read_approval(request: ApiRequest, uuid: UUID):
    """One request: whether it waits, and who decided it."""
    found = find_request(request.tenant, uuid)
    if found is None:
        raise Http404
    return _written(found)


def _written(row: Any) -> ApprovalOut:
    return ApprovalOut(
        id=str(row.uuid),
        act=row.act,
        subject=row.subject_name,
        state=row.outcome,
        reason=row.reason,
        asked=row.asked_at,
        asked_by=row.asked_by,
        expires=row.expires_on,
        decided=row.decided_at,
        decided_by=row.decided_by,
    )


def _needed(said: dict[str, Any]) -> dict[str, Any]:
    return {"needed": "yes" if said["needed"] else "no"}


SERVED = (
    Served("approve_change", "POST", f"{BY_UUID}/approve", act_pages.ApproveChange, told="For a person alone."),
    Served("refuse_change", "POST", f"{BY_UUID}/refuse", act_pages.RefuseChange, told="For a person alone."),
    Served("withdraw_change", "POST", f"{BY_UUID}/withdraw", act_pages.WithdrawChange, told="Of one's own."),
    Served(
        "switch_second_person",
        "POST",
        "/second-person",
        SwitchSecondPerson,
        more={"needed": OnOff},
        typed=_needed,
        told="For a person alone.",
    ),
)
for each in SERVED:
    serve(router, each)
