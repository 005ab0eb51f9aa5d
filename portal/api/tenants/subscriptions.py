"""Subscriptions: the list with the filters of its page, and one of them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from partners.models import PartnerOfRecord
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.days import moment_of
from portal.api.formats import Day
from portal.api.paging import Paging, cut
from portal.api.tenants.numbers import number_sent
from portal.api.tenants.subscription_actions import actions_of
from portal.api.tenants.subscription_shapes import SubscriptionOut, SubscriptionPage, credited_as_of, written
from subscriptions.access import Permission
from subscriptions.catalogue.costs import with_todays_prices
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.pages.searching import listed_subscriptions
from subscriptions.subscriptions.reads import filter_subscriptions
from subscriptions.web.paging import Sort

router = Router(tags=["Subscriptions"])
SORTS = {"name": "name_key", "ends": "term_ends_on", "cost": "cost_per_month"}
Expand = Literal["actions"]
Order = Literal["name", "-name", "ends", "-ends", "cost", "-cost"]
AS_OF = "A moment with its zone, or a day, whose end in the organization's zone is meant: who was credited then."


class SubscriptionQuery(Paging):
    status: Literal["trial", "active", "expired", "disabled"] | None = None
    partner: str | None = Field(default=None, max_length=100, description="ID of the partner of record.")
    without_partner: bool | None = Field(
        default=None, description="true: without partner of record; false: with one."
    )
    product: UUID | None = None
    q: str | None = Field(default=None, max_length=100, description="Name, ID, order or partner, as on the page.")
    ends_before: Day | None = Field(default=None, description="The term ends before that day.")
    as_of: str | None = Field(default=None, max_length=40, description=AS_OF)
    order: Order = "name"
    expand: Expand | None = None


class Expanded(Schema):
    expand: Expand | None = None
    as_of: str | None = Field(default=None, max_length=40, description=AS_OF)


@router.get("/subscriptions", response=SubscriptionPage)
@access(Permission.READ_SUBSCRIPTIONS)
def list_subscriptions(request: ApiRequest, query: Query[SubscriptionQuery]):
    """The organization's subscriptions, but for deleted ones."""
    tenant, moment = request.tenant, moment_of(query.as_of, request.tenant)
    sort = Sort(SORTS[query.order.lstrip("-")], query.order.startswith("-"))
    page = cut(request, _found(tenant, query, moment), sort, query)
    return {"data": _described(request, page.rows, moment, query.expand), **page.facts}


@router.get("/subscriptions/{uuid:uuid}", response=SubscriptionOut)
@access(Permission.READ_SUBSCRIPTIONS)
def read_subscription(request: ApiRequest, uuid: UUID, query: Query[Expanded]):
    """One subscription; its ETag is the version to be sent with a change."""
    rows = with_todays_prices(Subscription.objects.of_tenant(request.tenant).filter(uuid=uuid))
    found = rows.select_related("product").first()
    if found is None:
        raise Http404
    described = _described(request, [found], moment_of(query.as_of, request.tenant), query.expand)[0]
    if query.expand is None and query.as_of is None:
        request.answered.version = found.version
    return described


def _found(tenant: Tenant, query: SubscriptionQuery, moment: datetime | None) -> Any:
    number = number_sent(query.partner, parameter="partner") if query.partner is not None else ""
    named = {None: "", True: "without", False: "with"}[query.without_partner]
    now = moment is None
    wanted = {"status": query.status, "partner": named if now else "", "partner_id": number if now else ""}
    rows: Any = with_todays_prices(filter_subscriptions(tenant, wanted)).select_related("product")
    if query.product:
        rows = rows.filter(product__uuid=query.product)
    if query.ends_before:
        rows = rows.filter(term_ends_on__lt=query.ends_before)
    if moment is not None:
        rows = _as_of(rows, moment, number, query.without_partner)
    return listed_subscriptions(rows, query.q, tenant=tenant) if query.q else rows


def _as_of(rows: Any, moment: datetime, number: str, without: bool | None) -> Any:
    periods = PartnerOfRecord.objects.filter(subscription=OuterRef("pk"), tenant=OuterRef("tenant")).as_of(moment)
    if number:
        rows = rows.filter(Exists(periods.filter(partner__number=number)))
    return rows if without is None else rows.filter(~Exists(periods) if without else Exists(periods))


def _described(
    request: ApiRequest, rows: list[Subscription], moment: datetime | None, expand: str | None
) -> list[SubscriptionOut]:
    tenant, today = request.tenant, today_of(request.tenant)
    for row in rows:
        row.tenant = tenant
        judge_by_date(row, today)
    credited = credited_as_of(tenant, rows, moment)
    actions = actions_of(request.actor, tenant, rows) if expand else {}
    return [written(row, credited.get(row.pk), actions.get(row.pk)) for row in rows]
