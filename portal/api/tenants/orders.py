"""Orders: what was bought, when and for how much."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema

from portal.api.access import access
from portal.api.answers import ApiRequest
from portal.api.formats import Moment, Money, OpenText
from portal.api.paging import Found, Paging, cut
from subscriptions.access import Permission
from subscriptions.models import OrderLine
from subscriptions.orders.pages import listed_orders
from subscriptions.web.paging import Sort

router = Router(tags=["Orders"])


class LineOut(Schema):
    product: str
    licenses: int
    billing_frequency: OpenText
    unit_price: Money
    subscription_id: str | None


class OrderOut(Schema):
    id: str
    number: str
    state: OpenText
    partner_id: str
    partner: str
    started: Moment
    started_by: str
    placed: Moment | None
    placed_by: str
    total: Money
    lines: list[LineOut] | None = None


class OrderPage(Found):
    data: list[OrderOut]


class OrderQuery(Paging):
    state: Literal["draft", "placed", "canceled"] | None = None


@router.get("/orders", response=OrderPage)
@access(Permission.READ_ORDERS)
def list_orders(request: ApiRequest, query: Query[OrderQuery]):
    """Orders, the newest first."""
    rows = listed_orders(request.tenant)
    if query.state:
        rows = rows.filter(state=query.state)
    page = cut(request, rows, Sort("id", descending=True), query)
    return {"data": [_written(request, row, None) for row in page.rows], **page.facts}


@router.get("/orders/{uuid:uuid}", response=OrderOut)
@access(Permission.READ_ORDERS)
def read_order(request: ApiRequest, uuid: UUID):
    """One order with its lines."""
    found = listed_orders(request.tenant).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    lines = OrderLine.objects.filter(tenant=request.tenant, order=found).select_related("product", "subscription")
    return _written(request, found, [_line(request, line) for line in lines.order_by("pk")])


def _written(request: ApiRequest, row: Any, lines: list[LineOut] | None) -> OrderOut:
    return OrderOut(
        id=str(row.uuid),
        number=row.number,
        state=row.state,
        partner_id=row.partner_number,
        partner=row.partner_name,
        started=row.started_at,
        started_by=row.started_by,
        placed=row.placed_at,
        placed_by=row.placed_by,
        total=Money.of(row.total, _currency(request)),
        lines=lines,
    )


def _line(request: ApiRequest, line: Any) -> LineOut:
    return LineOut(
        product=line.product.name,
        licenses=line.licenses,
        billing_frequency=line.billing_frequency,
        unit_price=Money.of(line.unit_price, _currency(request)),
        subscription_id=str(line.subscription.uuid) if line.subscription else None,
    )


def _currency(request: ApiRequest) -> str:
    return request.tenant.cloud_profile.currency
