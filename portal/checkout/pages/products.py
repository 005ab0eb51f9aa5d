"""What begins on Purchase services: Buy now with the first step, how many licenses of what; and a free trial."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.checkout.forms import ProductsForm
from portal.checkout.pages.steps import OrderAct, shop_url_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import Item
from subscriptions.models import Order, Subscription
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import StaleOrder, Wanted
from subscriptions.orders.carts import carts_of
from subscriptions.subscriptions.lifecycle import months_later, today_of
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES, TRIAL_MONTHS, start_trial
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, Crumb
from subscriptions.web.forms import read_key
from subscriptions.web.tenant_acts import TenantAct


class BuyNow(TenantAct):
    """The button of a product's card. It needs no key: pressed twice it adds the product once."""

    called = gettext_lazy("Buy now")
    name = "checkout:add"
    page = "subscriptions:purchase-services"
    permission = Permission.BUY
    is_keyed = False
    form_class = forms.Form
    item: Item

    def find(self) -> None:
        """The product whose button was pressed; where there is none, a new UUID finds none."""
        item = shop.find_item(tenant=self.tenant, uuid=read_key(self.request.POST.get("product", "")))
        if item is None:
            raise Http404
        self.item = item

    def may(self) -> Verdict:
        return shop.may_buy(self.by, self.tenant)

    def do(self, wanted: Mapping[str, Any]) -> Order:
        """Into the order that the page was opened for, if it is still there."""
        into = read_key(self.request.POST.get("cart", ""))
        return orders.add_product(tenant=self.tenant, item=self.item, by=self.by, wanted=into)

    def destination(self, order: Order) -> str:
        return f"{self.url_of(Products.name, uuid=order.uuid)}?{urlencode({'added': str(self.item.uuid)})}"


class Products(OrderAct):
    """Every button keeps what was typed; they differ in where they lead."""

    called = gettext_lazy("Check out, step 1: products")
    name = "checkout:products"
    step = "products"
    template = "checkout/order_products.html"
    form_class = ProductsForm

    @property
    def removed(self) -> list[int]:
        return [line.pk for line in self.lines if str(line.pk) == self.request.POST.get("remove")]

    def form_arguments(self) -> dict[str, Any]:
        return {"lines": self.lines, "removed": self.removed}

    def context(self, form: forms.Form) -> dict[str, Any]:
        """What a Buy now or an offer has just put in, and what was there before; and the person's other orders."""
        uuids = self.request.GET.getlist("added")
        added = [line for line in self.lines if str(line.product.uuid) in uuids]
        others = [cart for cart in carts_of(self.tenant, by=self.by) if cart.order.pk != self.order.pk]
        more = {"added": added, "before": [line for line in self.lines if line not in added], "other_carts": others}
        return super().context(form) | more

    def do(self, wanted: Mapping[str, Any]) -> Order:
        lines = {
            line.pk: Wanted(wanted[f"licenses-{line.pk}"], wanted[f"frequency-{line.pk}"]) for line in self.lines
        }
        orders.change_lines(**self.common(wanted), wanted=lines, removed=self.removed)
        return self.order

    def destination(self, order: Order) -> str:
        if "more" in self.request.POST:
            return f"{self.back_url}?{urlencode({'cart': str(order.uuid)})}"
        return self.step_url("review" if "next" in self.request.POST else "products")


class BuyOnly(OrderAct):
    """A button of the first step: what was just added becomes an order of its own, and the other one is kept."""

    called = gettext_lazy("Buy only this")
    name = "checkout:buy-only"
    page = Products.name
    step = "products"

    @property
    def wanted_products(self) -> list[UUID]:
        return [read_key(text) for text in self.request.POST.getlist("product")]

    def do(self, wanted: Mapping[str, Any]) -> Order:
        return orders.split_off(**self.common(wanted), products=self.wanted_products)

    def done(self, order: Order) -> str:
        return _("Your other order is kept, and nothing of it is bought here.") if order != self.order else ""

    def destination(self, order: Order) -> str:
        return self.url_of(Products.name, uuid=order.uuid)

    def again(self, form: forms.Form) -> Answer:
        """Nobody types into a button: one without its version was drawn for something else."""
        raise StaleOrder


class StartTrial(TenantAct):
    """Another form of the same product is refused, as an organization tries each product once."""

    name = "checkout:trial-start"
    permission = Permission.BUY
    button = gettext_lazy("Start free trial")
    leave = gettext_lazy("Cancel")
    item: Item

    def find(self) -> None:
        item = shop.find_item(tenant=self.tenant, uuid=self.address["uuid"])
        if item is None:
            raise Http404
        self.item = item

    def may(self) -> Verdict:
        return shop.may_start_trial(self.by, self.tenant, self.item)

    @property
    def title(self) -> str:  # type: ignore[override]
        return _("Start a free trial of %(name)s?") % {"name": self.item.name}

    def sentences(self) -> list[str]:
        told = _(
            "You get %(licenses)s licenses until %(day)s, at no cost. No payment method is needed, and nothing is "
            "bought when the trial ends."
        )
        ends = months_later(today_of(self.tenant), TRIAL_MONTHS)
        facts = {"licenses": formats.number(TRIAL_LICENSES), "day": formats.day(ends)}
        return [told % facts, _("Your organization can try each product once.")]

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Billing"), None), (_("Purchase services"), self.back_url), (_("Start free trial"), None)]

    @property
    def back_url(self) -> str:
        return shop_url_of(self.tenant)

    def do(self, wanted: Mapping[str, Any]) -> Subscription:
        return start_trial(tenant=self.tenant, item=self.item, by=self.by)

    def done(self, trial: Subscription) -> str:
        return _("Your free trial of %(product)s has started.") % {"product": trial.name}

    def destination(self, trial: Subscription) -> str:
        return self.url_of("subscriptions:detail", uuid=trial.uuid)
