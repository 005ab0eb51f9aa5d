"""What the steps of the check-out share: the draft, where each step is, and the page of a conflict."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.from_offer.creation import credit_to_come
from subscriptions.base import formats
from subscriptions.models import Order, OrderLine
from subscriptions.orders import acts as orders
from subscriptions.web.page_access import TenantRequest

STEPS = {
    "products": gettext_lazy("Products"),
    "review": pgettext_lazy("check-out", "Review"),
    "payment": gettext_lazy("Payment"),
    "confirmation": gettext_lazy("Confirmation"),
}


@dataclass
class Checkout:
    """One order on its way through the steps."""

    request: TenantRequest
    order: Order

    @cached_property
    def lines(self) -> list[OrderLine]:
        return orders.lines_of(self.order, self.request.tenant)

    def url(self, name: str) -> str:
        return reverse(f"checkout:{name}", args=[self.request.tenant.slug, self.order.uuid])

    @property
    def shop_url(self) -> str:
        return reverse("subscriptions:purchase-services", args=[self.request.tenant.slug])

    def render(self, step: str, context: dict, *, status: int = 200) -> HttpResponse:
        template = f"checkout/order_{step}.html"
        return render(self.request, template, self._shared(step) | context, status=status)

    def credit_to_come(self) -> dict | None:
        """Whom the draft credits because of an offer, which the buyer reads before the order is placed."""
        partner, products = credit_to_come(tenant=self.request.tenant, order=self.order, lines=self.lines)
        return {"partner": partner, "products": formats.join_list(products)} if partner else None

    def _shared(self, step: str) -> dict:
        return {
            "order": self.order,
            "lines": self.lines,
            "total": sum(line.cost for line in self.lines),
            "currency": self.request.tenant.cloud_profile.currency,
            "profile": self.request.tenant.cloud_profile,
            "steps": [(label, name == step) for name, label in STEPS.items()],
            "shop_url": self.shop_url,
            "breadcrumbs": [
                (_("Billing"), None),
                (_("Purchase services"), self.shop_url),
                (_("Check out"), None),
            ],
        }


def order_of(request: TenantRequest, uuid: UUID) -> Checkout:
    """The organization's order of that address, whatever has become of it."""
    order = Order.objects.of_tenant(request.tenant).filter(uuid=uuid).first()
    if order is None:
        raise Http404
    return Checkout(request, order)


def draft_of(request: TenantRequest, uuid: UUID) -> Checkout:
    """An order that can still be changed; raises Refused for any other."""
    checkout = order_of(request, uuid)
    orders.may_continue(request.actor, request.tenant, checkout.order).require()
    return checkout


def conflict_page(checkout: Checkout, step: str) -> HttpResponse:
    """The order was changed in another window: nothing was overwritten, and the step can be opened again."""
    context = {"reopen_url": checkout.url(step)}
    return render(checkout.request, "checkout/order_conflict.html", context, status=409)
