"""Who am I: the first call of every client."""

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from partners.models import Partner
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Moment, OpenText
from subscriptions.models import Tenant

router = Router(tags=["Me"])


class Owner(Schema):
    kind: OpenText = Field(examples=["organization"])
    name: str
    slug: str | None = Field(default=None, description="Of an organization: in the addresses /t/{slug}/…")
    partner_id: str | None = Field(default=None, description="Of a partner: in the addresses /p/{number}/…")


class Me(Schema):
    """The application whose token this is."""

    id: str
    name: str
    owner: Owner
    role: OpenText
    scopes: list[OpenText]
    expires: Moment


@router.get("/me", response=Me)
@access(None)
def read_me(request: HttpRequest):
    """The application whose token this is, whose it is, and what it may do."""
    caller = request.caller  # type: ignore[attr-defined]
    return {
        "id": str(caller.uuid),
        "name": caller.name,
        "owner": _owner(request),  # type: ignore[arg-type]
        "role": caller.role,
        "scopes": sorted(scope.value for scope in caller.scopes),
        "expires": caller.expires_on,
    }


def _owner(request: ApiRequest) -> Owner:
    caller = request.caller
    if caller.tenant_id is not None:
        tenant = Tenant.objects.get(pk=caller.tenant_id)
        return Owner(kind="organization", name=tenant.name, slug=tenant.slug)
    if caller.partner_id is not None:
        partner = Partner.objects.get(pk=caller.partner_id)
        return Owner(kind="partner", name=partner.name, partner_id=partner.number)
    return Owner(kind="operator", name="operator")
