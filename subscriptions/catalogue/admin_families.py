"""Categories of products: entered, renamed, put in order, retired; deleted while nothing has them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.catalogue.families import FACTS, FamilyInUse, delete_family, save_family
from subscriptions.models import ProductFamily
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group


class DeleteFamilies(StaffAct):
    name = "admin:delete-categories"
    model = ProductFamily
    staff_permission = StaffPermission.KEEP_CATALOG
    label = _("Delete…")
    title = _("Delete these categories?")
    refusals = (FamilyInUse,)

    def sentences(self) -> list[str]:
        return [str(_("Only a category that nothing uses can be deleted. Any other can be retired on its page."))]

    def act_on(self, row: ProductFamily, wanted: Any) -> None:
        delete_family(family=row, by=self.by, reason=wanted["reason"])


@admin.register(ProductFamily)
class ProductFamilyAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CATALOG
    change_permission = StaffPermission.KEEP_CATALOG
    group = Group.CATALOGUE
    fields = ("code", *FACTS, "reason")
    fixed = ("code",)
    exact = ("uuid", "code")
    list_display = ("name", "code", "position", "is_retired")
    list_filter = ("is_retired",)
    search_fields = ("search_text__contains",)
    sortable_by = ("code", "position")
    acts = (DeleteFamilies,)

    @admin.display(description=_("name"))
    def name(self, family: ProductFamily) -> str:
        return family.name

    def store(self, row: ProductFamily, *, form: Any, by: Any, reason: str) -> None:
        save_family(family=row, by=by, reason=reason)
