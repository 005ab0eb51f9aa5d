"""What clouds sell, and where each cloud is in its life."""

from django.contrib import admin

from subscriptions.domain import catalogue
from subscriptions.models import CloudState, Product
from subscriptions.staff_admin import StaffModelAdmin


@admin.register(Product)
class ProductAdmin(StaffModelAdmin):
    fields = ("name", "sku", "family", "cloud", "has_trial", "reason")
    fixed = ("cloud",)
    exact = ("uuid", "sku")
    searches_sort_keys = False
    list_display = ("name", "sku", "family", "cloud", "has_trial")
    list_filter = ("cloud", "family", "has_trial")
    search_fields = ("name__icontains",)

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_product(product=row, by=by, reason=reason)


@admin.register(CloudState)
class CloudStateAdmin(StaffModelAdmin):
    """A cloud without a row is in the default state of its profile."""

    fields = ("cloud", "status", "reason")
    fixed = ("cloud",)
    exact = ()
    list_display = ("cloud", "status")

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_cloud_state(cloud_state=row, by=by, reason=reason)
