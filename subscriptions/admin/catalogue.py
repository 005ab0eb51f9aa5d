"""What clouds sell, and where each cloud is in its life."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Actor
from subscriptions.domain import catalogue
from subscriptions.domain.price_ends import CannotEnd, withdraw_product
from subscriptions.models import CloudState, Product
from subscriptions.staff_acts import NotDone, ask_and_act
from subscriptions.staff_admin import StaffModelAdmin


@admin.register(Product)
class ProductAdmin(StaffModelAdmin):
    fields = ("name", "sku", "family", "cloud", "has_trial", "reason")
    fixed = ("cloud",)
    exact = ("uuid", "sku")
    list_display = ("name", "sku", "family", "cloud", "has_trial")
    list_filter = ("cloud", "family", "has_trial")
    search_fields = ("name__icontains",)
    actions = ("withdraw_products",)

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_product(product=row, by=by, reason=reason)

    @admin.action(description=gettext_lazy("Withdraw from sale…"))
    def withdraw_products(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset,
            title=_("Withdraw these products from sale now?"),
            act=_withdraw,
            template="admin/subscriptions/price_end.html",
        )


def _withdraw(product: Product, wanted: dict, by: Actor) -> None:
    try:
        withdraw_product(product=product, by=by, reason=wanted["reason"])
    except CannotEnd as refusal:
        raise NotDone(str(refusal)) from refusal


@admin.register(CloudState)
class CloudStateAdmin(StaffModelAdmin):
    """A cloud without a row is in the default state of its profile."""

    fields = ("cloud", "status", "reason")
    fixed = ("cloud",)
    exact = ()
    list_display = ("cloud", "status")

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_cloud_state(cloud_state=row, by=by, reason=reason)
