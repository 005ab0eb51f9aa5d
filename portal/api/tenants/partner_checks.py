"""Check ID: whose ID it is and whether it can be used here, or why not; it changes nothing and is counted."""

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from partners.directory import reads as directory
from partners.directory.reads import PartnerUnusable
from portal.api.access import LOOKS_UP, access
from portal.api.answers import ApiRequest
from portal.api.bodies import Body
from portal.api.formats import OpenText
from portal.api.kinds import INVALID, UNUSABLE
from portal.api.problems import Problem, Wrong
from portal.api.tenants.numbers import number_sent, uuid_sent
from portal.api.tenants.partner_of_record import PartnerName
from portal.api.tenants.subscription_shapes import ID_OF_PARTNER
from subscriptions.access import Permission
from subscriptions.models import Product, Subscription

router = Router(tags=["Partner of record"])


class Check(Body):
    partner_id: str = Field(max_length=10_240, description=ID_OF_PARTNER)
    subscription: str | None = Field(default=None, description="For which subscription; or for which product.")
    product: str | None = None


class Checked(Schema):
    usable: bool
    code: OpenText
    partner_id: str
    name: str | None = Field(default=None, description="Of a partner that can be used, and of no other.")
    reason: str | None = None
    next_step: str | None = None
    locations: list[PartnerName] | None = Field(
        default=None, description="Of a global ID: the company's IDs in your country."
    )


@router.post("/partner-checks", response=Checked, exclude_none=True)
@access(Permission.SET_PARTNER_OF_RECORD, kind=LOOKS_UP)
def check_partner(request: ApiRequest, body: Check):
    """Looks a partner ID up for a subscription or a product. Needs no Idempotency-Key."""
    number = number_sent(body.partner_id, pointer="/partner_id")
    product = _product(request, body)
    directory.count_check(tenant=request.tenant, by=request.actor)
    try:
        partner = directory.find_partner(number, tenant=request.tenant, product=product)
    except PartnerUnusable as unusable:
        return {
            "usable": False,
            "code": UNUSABLE[unusable.problem].code,
            "partner_id": number,
            "reason": unusable.sentence,
            "next_step": unusable.next_step,
            "locations": [{"partner_id": each.number, "name": each.name} for each in unusable.locations] or None,
        }
    return {"usable": True, "code": "usable", "partner_id": number, "name": partner.name}


def _product(request: ApiRequest, body: Check) -> Product:
    if (body.subscription is None) == (body.product is None):
        raise _wrong(_("Say either a subscription or a product."), "one-of", "")
    if body.subscription is not None:
        rows = Subscription.objects.of_tenant(request.tenant).select_related("product")
        found = rows.filter(uuid=uuid_sent(body.subscription, "/subscription")).first()
        if found is None:
            raise _wrong(_("There is no such subscription."), "unknown", "/subscription")
        return found.product
    product = Product.objects.filter(
        cloud=request.tenant.cloud, uuid=uuid_sent(str(body.product), "/product")
    ).first()
    if product is None:
        raise _wrong(_("There is no such product."), "unknown", "/product")
    return product


def _wrong(told: str, code: str, pointer: str) -> Problem:
    return Problem(INVALID, errors=[Wrong(told, code, pointer=pointer)])
