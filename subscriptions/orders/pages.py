"""Billing > Orders: what was ordered by whom, and each order with its confirmation to print."""

from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from subscriptions.access import Permission
from subscriptions.models import Order, OrderLine
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency, cost_of_period
from subscriptions.orders import acts as orders
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key

ORDER_TAGS = {
    OrderState.DRAFT: "info",
    OrderState.PLACED: "ok",
    OrderState.CANCELED: "bad",
    OrderState.EXPIRED: "neutral",
}
COLUMNS = (
    "id", "uuid", "number", "state", "partner_number", "partner_name", "started_at", "started_by", "placed_at",
    "placed_by", "total",
)  # fmt: skip


@tenant_page(Permission.READ_ORDERS)
def order_list(request: TenantRequest) -> HttpResponse:
    page = page_by_key(_with_total(request).values(*COLUMNS), Sort("id", descending=True), request.GET)
    context = {
        "page": page,
        "orders": [_row(request, row) for row in page.rows],
        "currency": request.tenant.cloud_profile.currency,
        "may_read_shop": request.actor.may(Permission.READ_SHOP),
        "may_name": any(row["partner_number"] for row in page.rows),
        "breadcrumbs": [(_("Billing"), None), (_("Orders"), None)],
    }
    return render(request, "subscriptions/order_list.html", context)


def _with_total(request: TenantRequest) -> QuerySet:
    """Drafts that nothing was put into, or that were given up, are no orders to be shown."""
    cost = cost_of_period(F("unit_price"), F("licenses"), BillingFrequency.months_of_row())
    lines = OrderLine.objects.filter(tenant=request.tenant, order=OuterRef("pk")).order_by()
    total = lines.values("order").annotate(sum=Sum(cost)).values("sum")
    shown = ~Q(state=OrderState.EXPIRED) & Q(total__isnull=False)
    return Order.objects.of_tenant(request.tenant).annotate(total=Subquery(total)).filter(shown)


def _url(request: TenantRequest, uuid: UUID, state: OrderState) -> str:
    """A draft is worked on by those who may buy; to others it is a line of the list."""
    if state is OrderState.DRAFT and not request.actor.can(Permission.BUY):
        return ""
    name = "checkout:products" if state is OrderState.DRAFT else "subscriptions:order-detail"
    return reverse(name, args=[request.tenant.slug, uuid])


def _row(request: TenantRequest, row: dict) -> dict:
    state = OrderState(row["state"])
    return row | {
        "url": _url(request, row["uuid"], state),
        "label": row["number"] or _("Draft"),
        "state_label": state.label,
        "tag": ORDER_TAGS[state],
        "at": row["placed_at"] or row["started_at"],
        "by": row["placed_by"] or row["started_by"],
    }


@tenant_page(Permission.READ_ORDERS)
def order_detail(request: TenantRequest, uuid: UUID) -> HttpResponse:
    found = orders.placed_order(tenant=request.tenant, uuid=uuid)
    if found is None:
        raise Http404
    order, lines = found
    orders_url = reverse("subscriptions:order-list", args=[request.tenant.slug])
    context = {
        "order": order,
        "lines": lines,
        "total": sum(line.cost for line in lines),
        "currency": request.tenant.cloud_profile.currency,
        "profile": request.tenant.cloud_profile,
        "tag": ORDER_TAGS[OrderState(order.state)],
        "breadcrumbs": [(_("Billing"), None), (_("Orders"), orders_url), (order.number, None)],
    }
    return render(request, "subscriptions/order_detail.html", context)
