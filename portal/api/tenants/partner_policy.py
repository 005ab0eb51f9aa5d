"""The organization's policy: default partners, the approved list, and what is exempted."""

from typing import Any

from ninja import Router, Schema
from pydantic import Field

from partners.models import ApprovedPartner
from partners.partner_of_record.policy import act_pages
from partners.partner_of_record.policy.forms import ASKED_FOR, REFUSED
from partners.partner_of_record.policy.reads import exemptions_in_force, policy_of
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Day, OpenText
from portal.api.served import Served, serve
from portal.api.tenants.partner_of_record import PartnerName
from subscriptions.access import Permission

router = Router(tags=["Partner policy"])
POLICY = "/partner-policy"


class DefaultOut(Schema):
    id: str
    partner: PartnerName
    scope: OpenText = Field(examples=["all", "product", "category"])
    of: str | None = Field(description="The product's ID or the category's code.")


class ApprovedOut(Schema):
    id: str
    partner: PartnerName


class ExemptionOut(Schema):
    id: str
    subscription_id: str
    reason: str
    ends_on: Day


class PolicyOut(Schema):
    defaults: list[DefaultOut]
    approved: list[ApprovedOut] = Field(description="While there is none, each partner is approved.")
    off_list: OpenText = Field(default=REFUSED, description="Of a partner off the list: refused or asked-for.")
    exemptions: list[ExemptionOut]


@router.get(POLICY, response=PolicyOut)
@access(Permission.SET_PARTNER_OF_RECORD)
def read_partner_policy(request: ApiRequest):
    """All of the policy, to whom its page is open: no partner learns which others are approved."""
    approved = ApprovedPartner.objects.filter(tenant=request.tenant).select_related("partner").order_by("pk")
    return PolicyOut(
        defaults=[_default(row) for row in policy_of(request.tenant).defaults],
        approved=[ApprovedOut(id=str(row.uuid), partner=_named(row.partner)) for row in approved],
        off_list=ASKED_FOR if request.tenant.asks_off_list else REFUSED,
        exemptions=[
            ExemptionOut(
                id=str(row.uuid),
                subscription_id=str(row.subscription.uuid),
                reason=row.reason,
                ends_on=row.ends_on,
            )
            for row in exemptions_in_force(request.tenant).order_by("pk")
        ],
    )


def _default(row: Any) -> DefaultOut:
    scope, of = "all", None
    if row.product:
        scope, of = "product", str(row.product.uuid)
    elif row.family:
        scope, of = "category", row.family.code
    return DefaultOut(id=str(row.uuid), partner=_named(row.partner), scope=scope, of=of)


def _named(partner: Any) -> PartnerName:
    return PartnerName(partner_id=partner.number, name=partner.name)


PARTNER = {"partner_id": str}
OFF_LIST = "What becomes of a partner off the list: refused, or asked-for, which a second person then approves."
SERVED = (
    Served("add_default_partner", "POST", f"{POLICY}/defaults", act_pages.AddDefault, more={**PARTNER, "scope": str}),
    Served("remove_default_partner", "POST", f"{POLICY}/defaults/{{uuid:uuid}}/remove", act_pages.RemoveDefault),
    Served("approve_partner", "POST", f"{POLICY}/approved", act_pages.Approve, more=PARTNER),
    Served("take_partner_off", "POST", f"{POLICY}/approved/{{uuid:uuid}}/take-off", act_pages.TakeOff),
    Served("set_off_list", "POST", f"{POLICY}/off-list", act_pages.OffList, told=OFF_LIST),
    Served("exempt_subscription", "POST", "/subscriptions/{uuid:uuid}/exemption", act_pages.Exempt),
    Served("end_exemption", "POST", f"{POLICY}/exemptions/{{uuid:uuid}}/end", act_pages.EndExemption),
)
for each in SERVED:
    serve(router, each)
