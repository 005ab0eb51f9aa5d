"""What clouds sell, and where each cloud is in its life."""

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.languages import columns_of
from subscriptions.catalogue import acts as catalogue
from subscriptions.catalogue.admin_prices import PRICES_ARE_KEPT
from subscriptions.catalogue.families import FamilyGone
from subscriptions.catalogue.price_ends import CannotEnd, withdraw_product
from subscriptions.clouds import Cloud
from subscriptions.models import CloudState, Product, ProductFamily
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import FamilyFilter
from subscriptions.staff.form import StaffForm


class WithdrawProducts(StaffAct):
    name = "admin:withdraw-products"
    model = Product
    staff_permission = StaffPermission.KEEP_CATALOG
    label = gettext_lazy("Withdraw from sale…")
    title = gettext_lazy("Withdraw these products from sale now?")
    refusals = (CannotEnd,)

    def sentences(self) -> list[str]:
        return [str(PRICES_ARE_KEPT)]

    def act_on(self, row, wanted) -> None:
        withdraw_product(product=row, by=self.by, reason=wanted["reason"])


class ProductForm(StaffForm):
    """A retired category is offered only where the product has it already."""

    class Meta:
        help_texts = {
            name: gettext_lazy(
                "Separated by semicolons. Plans of a category with the same words show them in one line."
            )
            for name in columns_of("features")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "family" in self.fields:
            own = self.initial.get("family")
            offered = ProductFamily.objects.filter(Q(is_retired=False) | Q(code=own))
            self.fields["family"].queryset = offered  # type: ignore[attr-defined]


@admin.register(Product)
class ProductAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CATALOG
    change_permission = StaffPermission.KEEP_CATALOG
    group = Group.CATALOGUE
    form = ProductForm
    refusals = (FamilyGone,)
    fields = (
        "name",
        "sku",
        "family",
        "cloud",
        *columns_of("description"),
        *columns_of("features"),
        "has_trial",
        "reason",
    )
    fixed = ("cloud",)
    exact = ("uuid", "sku")
    list_display = ("name", "sku", "family", "cloud", "has_trial")
    list_filter = ("cloud", FamilyFilter, "has_trial")
    list_select_related = ("family",)
    search_fields = ("search_text__contains",)
    acts = (WithdrawProducts,)

    def describe_choice(self, row: Product) -> str:
        return formats.join_facts(row.name, row.sku, row.get_cloud_display())

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_product(product=row, by=by, reason=reason)


class EveryCloud(ChangeList):
    """Lists clouds without a row too: they are in the default state of their profile."""

    def get_results(self, request) -> None:
        super().get_results(request)
        stored = {row.cloud: row for row in self.result_list}
        self.result_list = [stored.get(cloud) or catalogue.default_state(cloud) for cloud in Cloud]
        self.result_count = len(self.result_list)


class CloudStateForm(StaffForm):
    """A cloud always has a page, so its status is compared whether a row is stored yet or not."""

    explains_new = True
    compares_new = True

    def row_now(self) -> CloudState:
        stored = CloudState.objects.select_for_update().filter(cloud=self.instance.cloud).first()
        return stored or catalogue.default_state(self.instance.cloud)


@admin.register(CloudState)
class CloudStateAdmin(StaffModelAdmin):
    """There is a page for each cloud, and nothing to add: the first change of a status stores its row."""

    view_permission = StaffPermission.READ_CATALOG
    change_permission = StaffPermission.KEEP_CATALOG
    group = Group.CATALOGUE
    form = CloudStateForm
    exports = False
    may_add = False
    fields = ("cloud", "status", "reason")
    fixed = ("cloud",)
    exact = ()
    subject = ""
    list_display = ("cloud", "said_status", "set_by_staff")
    sortable_by = ()

    def get_changelist(self, request, **kwargs):
        return EveryCloud

    def get_object(self, request, object_id, from_field=None):
        stored = super().get_object(request, object_id, from_field)
        return catalogue.default_state(object_id) if stored is None and object_id in Cloud else stored

    @admin.display(description=gettext_lazy("status"))
    def said_status(self, row: CloudState) -> str:
        return capfirst(row.get_status_display())

    @admin.display(description=gettext_lazy("set by staff"))
    def set_by_staff(self, row: CloudState) -> bool:
        return not row._state.adding

    def store(self, row, *, form, by, reason) -> None:
        catalogue.save_cloud_state(cloud_state=row, by=by, reason=reason)
