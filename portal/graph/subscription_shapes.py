"""A subscription as Graph tells it, a companySubscription, and by which of it a list can be filtered."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.api.answers import ApiRequest
from portal.api.tenants.numbers import number_sent
from portal.api.tenants.subscription_shapes import credited_as_of
from portal.graph import options
from portal.graph.errors import wrong
from portal.graph.formats import day, moment
from portal.graph.headers import weak_tag
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import in_state, judge_by_date
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.reads import filter_subscriptions

NAMED = "partnerOfRecord"
STATUS = {
    SubscriptionStatus.TRIAL: "Enabled",
    SubscriptionStatus.ACTIVE: "Enabled",
    SubscriptionStatus.EXPIRED: "Warning",
    SubscriptionStatus.DISABLED: "Suspended",
    SubscriptionStatus.DELETED: "Deleted",
}
PROPERTIES = (
    *("id", "commerceSubscriptionId", "skuId", "skuPartNumber", "displayName", "status", "isTrial", "totalLicenses"),
    *("createdDateTime", "nextLifecycleDateTime", "ownerTenantId", "ownerType", NAMED),
)
FILTERS = ("status", "skuId", "skuPartNumber", "isTrial", "commerceSubscriptionId", "partnerOfRecord/partnerId")


def find_all(request: ApiRequest) -> Any:
    wanted = options.read_conditions(request, FILTERS)
    number = wanted.pop("partnerOfRecord/partnerId", None)
    by_partner = {"partner_id": number_sent(str(number), parameter="$filter")} if number is not None else {}
    rows = filter_subscriptions(request.tenant, {"status": None, "partner": "", "partner_id": "", **by_partner})
    for name, value in wanted.items():
        rows = rows.filter(_condition(request, name, value))
    return rows


def _condition(request: ApiRequest, name: str, value: Any) -> Any:
    today = today_of(request.tenant)
    if name == "status":
        word = options.one_of(value, sorted(set(STATUS.values())), name)
        condition = Q()
        for state in (each for each, told in STATUS.items() if told == word):
            condition |= in_state(state, today)
        return condition
    if name == "isTrial":
        trial = in_state(SubscriptionStatus.TRIAL, today)
        return trial if options.one_of(value, (True, False), name) else ~trial
    if name == "skuPartNumber":
        return Q(product__sku=str(value))
    return Q((("product__uuid" if name == "skuId" else "uuid"), _id(str(value))))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise wrong(_("This is no ID of the portal."), "invalid", "$filter") from error


def describe(request: ApiRequest, rows: list[Subscription]) -> list[dict[str, Any]]:
    tenant, today = request.tenant, today_of(request.tenant)
    credited = credited_as_of(tenant, rows, None)
    for row in rows:
        judge_by_date(row, today)
    return [_written(row, credited.get(row.pk), str(tenant.uuid)) for row in rows]


def _written(row: Subscription, period: Any, owner: str) -> dict[str, Any]:
    return {
        "@odata.etag": weak_tag(row.version),
        "id": str(row.uuid),
        "commerceSubscriptionId": str(row.uuid),
        "skuId": str(row.product.uuid),
        "skuPartNumber": row.product.sku,
        "displayName": row.full_name,
        "status": STATUS[SubscriptionStatus(row.status)],
        "isTrial": row.status == SubscriptionStatus.TRIAL,
        "totalLicenses": row.licenses_total,
        "createdDateTime": day(row.started_on),
        "nextLifecycleDateTime": day(row.term_ends_on),
        "ownerTenantId": owner,
        "ownerType": "User",
        NAMED: _credit(period),
    }


def _credit(period: Any) -> dict[str, str] | None:
    if period is None:
        return None
    return {
        "partnerId": period.partner.number,
        "displayName": period.partner.name,
        "since": moment(period.valid.lower),
    }
