"""Orders: to be read, and canceled with a reason."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.typed import read_uuid
from subscriptions.models import Order, OrderLine
from subscriptions.orders.cancellation import cancel_order
from subscriptions.search.finder import Hit, SearchKind, read_number
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.found import add_searched, list_of


class OrderLineInline(admin.TabularInline):
    model = OrderLine
    fields = ("product", "licenses", "billing_frequency", "price", "subscription")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=gettext_lazy("per user and month"))
    def price(self, line: OrderLine) -> str:
        return formats.money(line.unit_price, line.currency)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("product", "subscription")

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class CancelOrders(StaffAct):
    name = "admin:cancel-orders"
    model = Order
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = gettext_lazy("Cancel order…")
    title = gettext_lazy("Cancel these orders?")
    button = gettext_lazy("Cancel order")

    def sentences(self) -> list[str]:
        return [_("Their subscriptions are not touched: cancel each of them by itself, so that its dates are right.")]

    def act_on(self, row, wanted) -> None:
        cancel_order(order=row, by=self.by, reason=wanted["reason"])


def describe_order(order: Order) -> Hit:
    return Hit(
        order.number or str(order.uuid),
        reverse("admin:subscriptions_order_change", args=[order.pk]),
        tag=order.get_state_display(),
        facts=formats.join_facts(order.tenant, order.placed_at and formats.day(order.placed_at)),
    )


add_searched(
    "order",
    SearchKind(
        label=_("Orders"),
        rows=lambda: Order.objects.select_related("tenant"),
        describe=describe_order,
        exact={"uuid": read_uuid, "number": read_number},
        beginnings={"number": read_number},
        all_url=lambda text: list_of("subscriptions_order", text),
    ),
    place=4,
)


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    view_permission = StaffPermission.READ_CUSTOMERS
    group = Group.CUSTOMERS
    place = 5
    fields = (
        "number",
        "state",
        "tenant",
        "partner_number",
        "partner_name",
        "payment_method",
        "purchase_order_number",
        "fapiao_title",
        "fapiao_tax_number",
        "started_at",
        "started_by",
        "placed_at",
        "placed_by",
        "canceled_at",
        "canceled_by",
        "cancel_reason",
        "expires_on",
        "identity",
    )
    inlines = (OrderLineInline,)
    exact = ("number", "uuid", "tenant__uuid", "tenant__slug", "partner_number")
    list_display = ("__str__", "state", "tenant", "partner", "placed_at", "placed_by")
    list_filter = (
        TenantFilter,
        by_days("placed_at", gettext_lazy("Placed")),
        "state",
        "payment_method",
        "tenant__cloud",
    )
    list_select_related = ("tenant",)
    search_fields = ("number__startswith", "partner_name__startswith", "tenant__search_text__contains")
    acts = (CancelOrders,)

    @admin.display(description=gettext_lazy("partner of record"))
    def partner(self, order: Order) -> str:
        return f"{order.partner_number} {order.partner_name}".strip()
