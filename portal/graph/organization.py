"""organization and subscribedSkus: whose token it is, and what it has."""

from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.http import Http404

from partners.models import Partner
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.graph import options
from portal.graph.operations import takes
from portal.graph.options import ONE
from subscriptions.access import Permission
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.lifecycle import today_of

ABOUT = ("id", "displayName", "countryLetterCode", "city", "partnerId", "verifiedDomains")
SKU = (
    "id",
    "skuId",
    "skuPartNumber",
    "appliesTo",
    "capabilityStatus",
    "consumedUnits",
    "prepaidUnits",
    "servicePlans",
)


@access(Permission.READ)
@takes(*ONE)
def list_organization(request: ApiRequest) -> dict[str, Any]:
    return {"value": options.select(request, [_organization(request.tenant)], ABOUT)}


@access(Permission.READ)
@takes(*ONE)
def read_organization(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _only_if(uuid, request, _organization(request.tenant))


@access(Permission.READ_WORKSPACE)
@takes(*ONE)
def list_company(request: ApiRequest) -> dict[str, Any]:
    return {"value": options.select(request, [_company(request.partner)], ABOUT)}


@access(Permission.READ_WORKSPACE)
@takes(*ONE)
def read_company(request: ApiRequest, uuid: UUID) -> dict[str, Any]:
    return _only_if(uuid, request, _company(request.partner))


def _only_if(uuid: UUID, request: ApiRequest, told: dict[str, Any]) -> dict[str, Any]:
    if told["id"] != str(uuid):
        raise Http404
    return options.select(request, [told], ABOUT)[0]


def _organization(tenant: Tenant) -> dict[str, Any]:
    return {
        "id": str(tenant.uuid),
        "displayName": tenant.name,
        "countryLetterCode": tenant.country_code,
        "city": tenant.city,
        "verifiedDomains": [],
    }


def _company(partner: Partner) -> dict[str, Any]:
    return {
        "id": str(partner.uuid),
        "displayName": partner.name,
        "countryLetterCode": str(partner.country),
        "city": partner.city,
        "partnerId": partner.number,
        "verifiedDomains": [],
    }


@access(Permission.READ_SUBSCRIPTIONS)
@takes(*ONE)
def list_skus(request: ApiRequest) -> dict[str, Any]:
    """The products of the organization's subscriptions, with their licenses by state: a few hundred at most."""
    today = today_of(request.tenant)
    states = {
        "enabled": in_state(SubscriptionStatus.ACTIVE, today) | in_state(SubscriptionStatus.TRIAL, today),
        "warning": in_state(SubscriptionStatus.EXPIRED, today),
        "suspended": in_state(SubscriptionStatus.DISABLED, today),
    }
    rows = Subscription.objects.of_tenant(request.tenant).filter(reduce(or_, states.values()))
    counted = rows.values("product__uuid", "product__sku", "product__name_key").annotate(
        consumed=Sum("licenses_assigned"),
        **{name: Sum("licenses_total", filter=Q(state), default=0) for name, state in states.items()},
    )
    told = [_sku(request.tenant, row, states) for row in counted.order_by("product__name_key", "product__uuid")]
    return {"value": options.select(request, told, SKU)}


def _sku(tenant: Tenant, row: dict[str, Any], states: Any) -> dict[str, Any]:
    units = {name: row[name] for name in states}
    capability = next((name.capitalize() for name, number in units.items() if number), "Suspended")
    return {
        "id": f"{tenant.uuid}_{row['product__uuid']}",
        "skuId": str(row["product__uuid"]),
        "skuPartNumber": row["product__sku"],
        "appliesTo": "User",
        "capabilityStatus": capability,
        "consumedUnits": row["consumed"],
        "prepaidUnits": units | {"lockedOut": 0},
        "servicePlans": [],
    }
