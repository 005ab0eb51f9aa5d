"""Billing > Orders: what was ordered by whom, and each order with its confirmation to print."""

from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.models import Order, OrderLine
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency, cost_of_period
from subscriptions.orders import acts as orders
from subscriptions.orders.tables import lines_table
from subscriptions.web import cells
from subscriptions.web.lists import Crumbs, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column

ORDER_TAGS = {
    OrderState.DRAFT: "info",
    OrderState.PLACED: "ok",
    OrderState.CANCELED: "bad",
    OrderState.EXPIRED: "neutral",
}


class OrderList(List[TenantRequest]):
    title = _("Orders")
    caption = _("Orders of your organization")
    template = "subscriptions/order_list.html"
    values = (
        "uuid", "number", "state", "partner_number", "partner_name", "started_at", "started_by", "placed_at",
        "placed_by", "total",
    )  # fmt: skip
    nothing_yet = Empty(_("Your organization has not ordered anything yet."), icon="receipt")

    def found(self, wanted: dict) -> QuerySet:
        return _with_total(self.request)

    def described(self, rows: list[dict]) -> list[dict]:
        return [_row(self.request, row) for row in rows]

    @property
    def columns(self) -> list[Column]:
        currency = self.request.tenant.cloud_profile.currency
        named = Column(_("Partner named"), lambda row: cells.partner(row["partner_number"], row["partner_name"]))
        return [
            Column(_("Order number"), lambda row: cells.link(row["url"], row["label"])),
            Column(_("Date"), lambda row: formats.day(row["at"]), css="day"),
            Column(_("Status"), lambda row: cells.tag(row["tag"], row["state_label"])),
            Column(_("Total"), lambda row: formats.money(row["total"], currency), css="num"),
            *([named] if any(row["partner_number"] for row in self.rows) else []),
            Column(_("Who"), lambda row: cells.name(row["by"])),
        ]

    def breadcrumbs(self) -> Crumbs:
        return [(_("Billing"), None), (self.title, None)]

    def context(self) -> dict:
        return {"may_read_shop": self.request.actor.may(Permission.READ_SHOP)}


@tenant_page(Permission.READ_ORDERS)
def order_list(request: TenantRequest) -> HttpResponse:
    return OrderList(request).answer()


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
        "table": lines_table(request.tenant, lines),
        "total": sum(line.cost for line in lines),
        "currency": request.tenant.cloud_profile.currency,
        "profile": request.tenant.cloud_profile,
        "tag": ORDER_TAGS[OrderState(order.state)],
        "breadcrumbs": [(_("Billing"), None), (_("Orders"), orders_url), (order.number, None)],
    }
    return render(request, "subscriptions/order_detail.html", context)
