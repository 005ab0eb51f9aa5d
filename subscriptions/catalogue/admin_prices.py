"""Prices: entered from a day on, ended on a last day, never corrected in the past."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.catalogue import prices
from subscriptions.catalogue.price_ends import CannotEnd, end_price
from subscriptions.models import ProductPrice
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import FamilyOfProductFilter
from subscriptions.staff.form import StaffForm
from subscriptions.web.forms import DayField

PRICES_ARE_KEPT = _(
    "Orders and subscriptions keep the price that they hold. A product is sold on the days on which it has a price."
)


class PriceForm(StaffForm):
    """A price change always has a reason, a first price too."""

    from_day = DayField(
        label=_("From"),
        required=True,
        initial=price_day,
        help_text=_(
            "Today or later, by UTC. The price before ends on that day. Orders keep the price they were made with."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "reason" in self.fields:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("It stands in the audit trail. Each price needs one.")

    def clean(self):
        super().clean()
        wanted = self.cleaned_data
        facts: dict[str, Any] = {name: wanted.get(name) for name in ("product", "monthly", "annual", "from_day")}
        if None not in facts.values():
            try:
                prices.require_settable(**facts)
            except prices.CannotSetPrice as refusal:
                raise ValidationError({"from_day": str(refusal)}) from refusal
        return wanted


class LastDayForm(ReasonForm):
    last_day = DayField(
        label=_("Last day"),
        required=True,
        initial=price_day,
        help_text=_(
            "Today or later, by UTC. From the next day on the product is not sold, until another price begins."
        ),
    )
    field_order = ("last_day", "reason")


class EndPrices(StaffAct):
    name = "admin:end-prices"
    model = ProductPrice
    staff_permission = StaffPermission.KEEP_CATALOG
    label = _("End price…")
    title = _("End these prices?")
    form_class = LastDayForm
    refusals = (CannotEnd,)

    def sentences(self) -> list[str]:
        return [str(PRICES_ARE_KEPT)]

    def act_on(self, row, wanted) -> None:
        end_price(price=row, last_day=wanted["last_day"], by=self.by, reason=wanted["reason"])


@admin.register(ProductPrice)
class ProductPriceAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_CATALOG
    change_permission = StaffPermission.KEEP_CATALOG
    group = Group.CATALOGUE
    form = PriceForm
    may_change = False
    refusals = (prices.CannotSetPrice,)
    fields = ("product", "monthly", "annual", "currency", "since", "until")
    exact = ("product__uuid", "product__sku")
    subject = "product.uuid"
    list_display = ("product", "cloud", "since", "until", "monthly", "annual")
    list_filter = ("product__cloud", FamilyOfProductFilter)
    list_select_related = ("product",)
    search_fields = ("product__search_text__contains",)
    autocomplete_fields = ("product",)
    ordering = ("product__name_key", "product_id", "-valid")
    acts = (EndPrices,)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("product", "monthly", "annual", "from_day", "reason")

    @admin.display(description=_("cloud"))
    def cloud(self, price: ProductPrice) -> str:
        return price.product.get_cloud_display()

    @admin.display(description=_("from"))
    def since(self, price: ProductPrice):
        return price.valid.lower

    @admin.display(description=_("until"))
    def until(self, price: ProductPrice):
        return price.valid.upper

    def store(self, row, *, form, by, reason) -> None:
        stored = prices.set_price(
            product=row.product,
            monthly=row.monthly,
            annual=row.annual,
            from_day=form.cleaned_data["from_day"],
            by=by,
            reason=reason,
        )
        row.pk, row.valid, row.currency, row._state.adding = stored.pk, stored.valid, stored.currency, False
