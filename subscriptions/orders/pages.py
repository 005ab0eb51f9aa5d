"""Billing > Orders: what was ordered by whom, and each order with its confirmation to print."""

from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from subscriptions.access import Actor, Permission
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.base import formats
from subscriptions.base.typed import read_uuid
from subscriptions.models import Order, OrderLine, Tenant
from subscriptions.models.order import OrderState
from subscriptions.models.subscription import BillingFrequency, cost_of_period
from subscriptions.orders import acts as orders
from subscriptions.orders.tables import lines_table
from subscriptions.saved_views.lists import ALL as ALL_ROWS
from subscriptions.saved_views.lists import ORDERS
from subscriptions.search.finder import Hit, SearchKind, read_number
from subscriptions.search.of_tenants import add_found
from subscriptions.subscriptions.pages.searching import find_own
from subscriptions.web import cells
from subscriptions.web.files.file_values import Key, Label, Moment
from subscriptions.web.forms import OrderFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

ORDER_TAGS = {
    OrderState.DRAFT: "info",
    OrderState.PLACED: "ok",
    OrderState.CANCELED: "bad",
    OrderState.EXPIRED: "neutral",
}


def listed_orders(tenant: Tenant) -> Any:
    """Drafts that nothing was put into, or that were given up, are no orders to be shown."""
    cost = cost_of_period(F("unit_price"), F("licenses"), BillingFrequency.months_of_row())
    lines = OrderLine.objects.filter(tenant=tenant, order=OuterRef("pk")).order_by()
    total = lines.values("order").annotate(sum=Sum(cost)).values("sum")
    shown = ~Q(state=OrderState.EXPIRED) & Q(total__isnull=False)
    return Order.objects.of_tenant(tenant).annotate(total=Subquery(total)).filter(shown)


add_attention(
    AttentionKind(
        name="orders-open",
        urgency=Urgency.SOMETIME,
        told=ngettext_lazy("order is not finished", "orders are not finished", "count"),
        rows=lambda tenant: listed_orders(tenant).filter(state=OrderState.DRAFT),
        day="started_at",
        when=_("The first was begun on %(day)s"),
        list_name="subscriptions:order-list",
        filters=f"state={OrderState.DRAFT}",
        permission=Permission.READ_ORDERS,
        acts_by=Permission.BUY,
        verb=_("Go on"),
    )
)


def orders_found(tenant: Tenant, actor: Actor) -> SearchKind | None:
    """Placed and canceled ones, which have a number."""
    if not actor.can(Permission.READ_ORDERS):
        return None

    def describe(order: Order) -> Hit:
        state = OrderState(order.state)
        return Hit(
            order.number,
            reverse("subscriptions:order-detail", args=[tenant.slug, order.uuid]),
            tag=state.label,
            css=ORDER_TAGS[state],
            facts=formats.join_facts(order.placed_at and formats.day(order.placed_at), order.partner_name),
        )

    return SearchKind(
        label=_("Orders"),
        rows=lambda: Order.objects.of_tenant(tenant).exclude(number=""),
        describe=describe,
        exact={"number": read_number, "uuid": read_uuid},
        beginnings={"number": read_number},
        words="search_text",
        policed=True,
        all_url=lambda text: f"{reverse('subscriptions:order-list', args=[tenant.slug])}?{urlencode({'q': text})}",
    )


add_found("orders", orders_found, place=4)


class OrderList(List[TenantRequest]):
    title, section = _("Orders"), _("Billing")
    caption = _("Orders of your organization")
    template = "subscriptions/order_list.html"
    form_class = OrderFilterForm
    views_of, clear_url = ORDERS, ALL_ROWS
    filter_label = _("Filter orders")
    values = (
        "uuid", "number", "state", "partner_number", "partner_name", "started_at", "started_by", "placed_at",
        "placed_by", "total",
    )  # fmt: skip
    file_name = pgettext_lazy("file", "orders")
    file_columns = (
        Column(_("Order ID"), value=Key("uuid")),
        Column(_("Order number"), value="number"),
        Column(_("Status"), value=Label("state", OrderState)),
        Column(_("Begun"), value=Moment("started_at"), in_zone=True),
        Column(_("Begun by"), value="started_by"),
        Column(_("Placed"), value=Moment("placed_at"), in_zone=True),
        Column(_("Placed by"), value="placed_by"),
        Column(_("Total"), value="total"),
        Column(_("Partner ID"), value="partner_number"),
        Column(_("Partner named"), value="partner_name"),
    )
    none_matches = Empty(_("No order matches these filters."))
    nothing_yet = Empty(_("Your organization has not ordered anything yet."), icon="receipt")

    @staticmethod
    def plain(tenant: Tenant) -> QuerySet:
        return listed_orders(tenant)

    def found(self, wanted: dict) -> QuerySet:
        rows = listed_orders(self.request.tenant)
        if wanted["state"]:
            rows = rows.filter(state=wanted["state"])
        return rows.matching(wanted["q"], tenant=self.request.tenant, find_few=find_own) if wanted["q"] else rows

    @property
    def columns(self) -> list[Column]:
        currency = self.request.tenant.cloud_profile.currency
        named = Column(
            _("Partner named"),
            lambda row: cells.partner(row["partner_number"], row["partner_name"]),
            place=Place.WHOM,
        )
        return [
            Column(_("Order number"), self._number),
            Column(
                _("Date"), lambda row: formats.day(row["placed_at"] or row["started_at"]), css="day", place=Place.DAY
            ),
            Column(_("Status"), _state, place=Place.STATE),
            Column(_("Total"), lambda row: formats.money(row["total"], currency), css="num", place=Place.FIGURE),
            *([named] if any(row["partner_number"] for row in self.rows) else []),
            Column(_("Who"), lambda row: cells.name(row["placed_by"] or row["started_by"]), place=Place.ELSEWHERE),
        ]

    def context(self) -> dict:
        return {"may_read_shop": self.request.actor.may(Permission.READ_SHOP)}

    def _number(self, row: dict) -> object:
        """A draft is worked on by those who may buy; to others it is a line of the list."""
        is_draft, label = row["state"] == OrderState.DRAFT, row["number"] or _("Draft")
        if is_draft and not self.request.actor.can(Permission.BUY):
            return label
        name = "checkout:products" if is_draft else "subscriptions:order-detail"
        return cells.link(reverse(name, args=[self.request.tenant.slug, row["uuid"]]), label)


def _state(row: dict) -> SafeString:
    state = OrderState(row["state"])
    return cells.tag(ORDER_TAGS[state], state.label)


order_list = tenant_page(Permission.READ_ORDERS)(OrderList.view)


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
