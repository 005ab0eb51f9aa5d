"""What organizations ask of their reseller: to end the relationship."""

from typing import Any

from ninja import Query, Router, Schema

from partners.directory import workspace_people_acts as people
from partners.directory.workspace_profile import KeepProfile
from partners.directory.workspace_serving import SayWhoServes
from partners.models import ReleaseRequest
from partners.relationships.releases import workspace
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Day, Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.served import Served, serve
from subscriptions.access import Permission
from subscriptions.web.paging import Sort

router = Router(tags=["Release requests"])
BY_UUID = "/release-requests/{uuid:uuid}"
INVITED = "/people/invitations/{uuid:uuid}"
PERSONS = "For a person alone."


class RequestOut(Schema):
    id: str
    customer_id: str
    customer: str
    state: OpenText
    reason: str
    asked: Moment
    due_on: Day


class RequestPage(Found):
    data: list[RequestOut]


@router.get("/release-requests", response=RequestPage)
@access(Permission.READ_WORKSPACE)
def list_release_requests(request: ApiRequest, query: Query[Paging]):
    """The newest first."""
    rows: Any = ReleaseRequest.objects.of_partner(request.partner).select_related("tenant")
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(row) for row in page.rows], **page.facts}


def _written(row: Any) -> RequestOut:
    return RequestOut(
        id=str(row.uuid),
        customer_id=str(row.tenant.uuid),
        customer=row.tenant.name,
        state=row.state,
        reason=row.reason,
        asked=row.asked_at,
        due_on=row.due_on,
    )


SERVED = (
    Served("acknowledge_release_request", "POST", f"{BY_UUID}/acknowledge", workspace.Acknowledge),
    Served("decline_release_request", "POST", f"{BY_UUID}/decline", workspace.Decline),
    Served("release_customer", "POST", f"{BY_UUID}/release", workspace.Release),
    Served("keep_profile", "POST", "/profile", KeepProfile, told=PERSONS),
    Served("say_who_serves", "POST", "/customers/{uuid:uuid}/people", SayWhoServes, told=PERSONS),
    Served("invite_colleague", "POST", "/people", people.InviteColleague, told=PERSONS),
    Served("change_colleague_role", "POST", "/people/{uuid:uuid}/role", people.ChangeAgentRole, told=PERSONS),
    Served("remove_colleague", "POST", "/people/{uuid:uuid}/remove", people.RemoveColleague, told=PERSONS),
    Served(
        "send_colleague_invitation_again",
        "POST",
        "/people/invitations/{uuid:uuid}/send-again",
        people.SendAgain,
        told=PERSONS,
    ),
    Served(
        "withdraw_colleague_invitation",
        "POST",
        "/people/invitations/{uuid:uuid}/withdraw",
        people.Withdraw,
        told=PERSONS,
    ),
)
for each in SERVED:
    serve(router, each)
