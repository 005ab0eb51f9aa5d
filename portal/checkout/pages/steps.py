"""What the steps of the check-out share: how an act finds its order, where each step is, what every page shows."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.from_offer.acts import credit_to_come
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.models import Order, OrderLine, Tenant
from subscriptions.orders import acts as orders
from subscriptions.orders.carts import Cart
from subscriptions.orders.tables import lines_table
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Crumb
from subscriptions.web.forms import ActForm
from subscriptions.web.tenant_acts import TenantAct

STEPS = {
    "products": gettext_lazy("Products"),
    "review": pgettext_lazy("check-out", "Review"),
    "payment": gettext_lazy("Payment"),
    "confirmation": gettext_lazy("Confirmation"),
}


class OrderAct(TenantAct):
    """An act on an order that is not placed yet, at one step of the check-out."""

    permission = Permission.BUY
    conflict_template = "checkout/order_conflict.html"
    open_again = gettext_lazy("Open the order again")
    form_class: ClassVar[type[forms.Form]] = ActForm
    step: ClassVar[str]
    order: Order
    lines: list[OrderLine]

    def find(self) -> None:
        self.order = find_order(self.tenant, self.address["uuid"])
        self.lines = orders.lines_of(self.order, self.tenant)

    @property
    def version(self) -> int:
        return self.order.version

    def may(self) -> Verdict:
        return orders.may_continue(self.by, self.tenant, self.order)

    def common(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        return {"tenant": self.tenant, "order": self.order, "version": wanted["version"], "by": self.by}

    def context(self, form: forms.Form) -> dict[str, Any]:
        return step_context(self.tenant, self.order, self.lines, self.step)

    def breadcrumbs(self) -> list[Crumb]:
        return step_breadcrumbs(self.tenant)

    def step_url(self, step: str) -> str:
        return self.url_of(f"checkout:{step}")

    @property
    def back_url(self) -> str:
        return shop_url_of(self.tenant)


def find_order(tenant: Tenant, uuid: UUID) -> Order:
    """The organization's order of that address, whatever has become of it."""
    order = Order.objects.of_tenant(tenant).filter(uuid=uuid).first()
    if order is None:
        raise Http404
    return order


def shop_url_of(tenant: Tenant) -> str:
    return reverse("subscriptions:purchase-services", args=[tenant.slug])


def step_breadcrumbs(tenant: Tenant) -> list[Crumb]:
    return [(_("Billing"), None), (_("Purchase services"), shop_url_of(tenant)), (_("Check out"), None)]


def step_context(tenant: Tenant, order: Order, lines: list[OrderLine], step: str) -> dict[str, Any]:
    cart = Cart(order, lines, tenant.cloud_profile.currency)
    return {
        "order": order,
        "cart": cart,
        "lines": lines,
        "table": lines_table(tenant, lines),
        "total": cart.total,
        "currency": tenant.cloud_profile.currency,
        "profile": tenant.cloud_profile,
        "steps": [(label, name == step) for name, label in STEPS.items()],
        "shop_url": shop_url_of(tenant),
        "continues_trial": any(line.trial_id for line in lines),
    }


def offer_credit(act: OrderAct) -> dict[str, Any] | None:
    """Whom the draft credits because of an offer, which the buyer reads before the order is placed."""
    partner, products = credit_to_come(tenant=act.tenant, order=act.order, lines=act.lines)
    return {"partner": partner, "products": formats.join_list(products)} if partner else None
