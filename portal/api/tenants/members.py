"""Who belongs to the organization. Who that is, and in which role, is for people alone to change."""

from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.served import OnOff, Served, serve
from subscriptions.access import Permission
from subscriptions.models import Membership
from subscriptions.tenants import member_pages, viewing_page
from subscriptions.tenants.pages import ResetSignIn
from subscriptions.web.paging import Sort

router = Router(tags=["Members"])
BY_UUID = "/members/{uuid:uuid}"
INVITED = "/invitations/{uuid:uuid}"
PERSONS = "For a person alone."


class MemberOut(Schema):
    id: UUID
    name: str
    role: OpenText
    is_active: bool = Field(description="Whether the account can sign in.")


class MemberPage(Found):
    data: list[MemberOut]


@router.get("/members", response=MemberPage)
@access(Permission.READ_PEOPLE)
def list_members(request: ApiRequest, query: Query[Paging]):
    """The organization's people and their roles; no addresses."""
    rows = Membership.objects.filter(tenant=request.tenant).select_related("user")
    page = cut(request, rows.only("uuid", "tenant_id", "role", "user__name", "user__is_active"), Sort("id"), query)
    return {
        "data": [
            {"id": row.uuid, "name": row.user.name, "role": row.role, "is_active": row.user.is_active}
            for row in page.rows
        ],
        **page.facts,
    }


def _allowed(said: dict) -> dict:
    return {"allowed": "yes" if said["allowed"] else "no"}


SERVED = (
    Served("invite_member", "POST", "/members", member_pages.InviteMember, told=PERSONS),
    Served("change_member_role", "POST", f"{BY_UUID}/role", member_pages.ChangeRole, told=PERSONS),
    Served("remove_member", "POST", f"{BY_UUID}/remove", member_pages.RemoveMember, told=PERSONS),
    Served("reset_member_sign_in", "POST", f"{BY_UUID}/reset-sign-in", ResetSignIn, told=PERSONS),
    Served("send_invitation_again", "POST", f"{INVITED}/send-again", member_pages.SendAgain, told=PERSONS),
    Served("withdraw_invitation", "POST", f"{INVITED}/withdraw", member_pages.Withdraw, told=PERSONS),
    Served(
        "let_staff_view",
        "POST",
        "/staff-view",
        viewing_page.LetStaffView,
        more={"allowed": OnOff},
        typed=_allowed,
        told=PERSONS,
    ),
)
for each in SERVED:
    serve(router, each)
