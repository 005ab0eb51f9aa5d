"""A partner's customers, and the subscriptions that credit it; never what these cost."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from partners.overview import customers
from partners.overview.credited_subscriptions import COLUMNS, credits_listed, existing, matching
from partners.relationships.workspace import GiveUpAccess, Leave
from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Day, Moment, OpenText
from portal.api.paging import Found, Paging, cut
from portal.api.served import Served, serve
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.web.paging import Sort

router = Router(tags=["Customers"])


class TieOut(Schema):
    id: str
    kind: OpenText
    roles: list[OpenText]
    since: Moment
    expires: Moment | None


class CustomerOut(Schema):
    id: str
    name: str
    slug: str
    country: str
    relationships: list[TieOut]
    credited_subscriptions: int
    credited_since: Moment | None


class CustomerPage(Found):
    data: list[CustomerOut]


class CustomerQuery(Paging):
    q: str | None = Field(default=None, max_length=100)
    tie: Literal["reseller", "delegated-admin", "subscription-advisor", "ends-soon"] | None = None


class CreditOut(Schema):
    customer_id: str
    customer: str
    subscription_id: str
    subscription: str
    product: str
    status: OpenText
    licenses: int
    assigned: int
    term_ends_on: Day
    since: Moment


class CreditPage(Found):
    data: list[CreditOut]


class CreditQuery(Paging):
    customer: UUID | None = None
    q: str | None = Field(default=None, max_length=100)


@router.get("/customers", response=CustomerPage)
@access(Permission.READ_WORKSPACE)
def list_customers(request: ApiRequest, query: Query[CustomerQuery]):
    """Organizations with a relationship, or that credit the partner, by name."""
    rows: Any = customers.organizations(request.partner, text=query.q or "", tie=query.tie or "")
    page = cut(request, rows, Sort("name_key"), query)
    return {"data": _written(request, page.rows), **page.facts}


@router.get("/customers/{uuid:uuid}", response=CustomerOut)
@access(Permission.READ_WORKSPACE)
def read_customer(request: ApiRequest, uuid: UUID):
    """One customer."""
    found: Any = customers.organizations(request.partner).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return _written(request, [found])[0]


@router.get("/credits", response=CreditPage)
@access(Permission.READ_WORKSPACE)
def list_credits(request: ApiRequest, query: Query[CreditQuery]):
    """The subscriptions that credit the partner now, the newest first."""
    customer = Tenant.objects.filter(uuid=query.customer).first() if query.customer else None
    if query.customer and customer is None:
        raise Http404
    rows = credits_listed(request.partner, customer=customer)
    if query.q:
        rows = matching(rows, query.q, partner=request.partner)
    page = cut(request, rows.values(*COLUMNS), Sort("began", descending=True), query)
    return {"data": [_credit(row) for row in existing(page.rows)], **page.facts}


def _written(request: ApiRequest, tenants: list[Tenant]) -> list[CustomerOut]:
    keys = [tenant.pk for tenant in tenants]
    ties, credits = customers.ties(request.partner, keys), customers.credits_of(request.partner, keys)
    return [_customer(tenant, ties.get(tenant.pk, []), credits.get(tenant.pk)) for tenant in tenants]


def _customer(tenant: Tenant, ties: list[Any], credit: Any) -> CustomerOut:
    return CustomerOut(
        id=str(tenant.uuid),
        name=tenant.name,
        slug=tenant.slug,
        country=tenant.country_code,
        relationships=[
            TieOut(
                id=str(tie.uuid),
                kind=tie.kind,
                roles=list(tie.roles),
                since=tie.started_at,
                expires=None if tie.auto_extend else tie.expires_on,
            )
            for tie in ties
        ],
        credited_subscriptions=credit.subscriptions if credit else 0,
        credited_since=credit.since if credit else None,
    )


def _credit(row: dict[str, Any]) -> CreditOut:
    return CreditOut(
        customer_id=str(row["tenant__uuid"]),
        customer=row["tenant__name"],
        subscription_id=str(row["subscription__uuid"]),
        subscription=row["subscription__name"],
        product=row["subscription__product__name"],
        status=row["subscription__status"],
        licenses=row["subscription__licenses_total"],
        assigned=row["subscription__licenses_assigned"],
        term_ends_on=row["subscription__term_ends_on"],
        since=row["began"],
    )


SERVED = (
    Served("give_up_access", "POST", "/relationships/{uuid:uuid}/give-up", GiveUpAccess),
    Served("leave_customer", "POST", "/relationships/{uuid:uuid}/leave", Leave),
)
for each in SERVED:
    serve(router, each)
