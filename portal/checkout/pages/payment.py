"""The third step, Place order, and the fourth, which says what happens next."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from partners.directory.reads import PartnerUnusable
from portal.checkout.acts import place_order
from portal.checkout.forms import PaymentForm
from portal.checkout.pages.review import review_afresh
from portal.checkout.pages.steps import OrderAct, find_order, offer_credit, step_breadcrumbs, step_context
from subscriptions.access import Decision, Permission, SignInTooOld
from subscriptions.clouds import Capability
from subscriptions.models import Order, Subscription
from subscriptions.models.order import OrderState
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import PriceChanged
from subscriptions.subscriptions.lifecycle import first_term_end, today_of
from subscriptions.subscriptions.payments import Method, chosen_method, methods_of
from subscriptions.verdicts import Refused, VerdictCode
from subscriptions.web.acts import Answer
from subscriptions.web.answers import SAFE
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.responses import refused, see_other


class Payment(OrderAct):
    """Place order, and Back, which keeps what was typed as far as it can be kept."""

    called = gettext_lazy("Place order")
    name = "checkout:payment"
    step = "payment"
    template = "checkout/order_payment.html"
    form_class = PaymentForm
    is_secret = True
    problems = (PriceChanged, PartnerUnusable, Refused, SignInTooOld)

    @property
    def goes_back(self) -> bool:
        return "back" in self.request.POST

    @property
    def decision(self) -> Decision | None:  # type: ignore[override]
        return Decision.CREDIT_PARTNER if self.order.partner_number else None

    def decision_of(self, wanted: Mapping[str, Any]) -> Decision | None:
        return None if self.goes_back else self.decision

    def over(self) -> Answer | None:
        """An order that cannot be placed as it is shows its review instead."""
        if self.request.method in SAFE and (not self.lines or orders.price_changes(self.lines)):
            return partial(see_other, self.step_url("review"))
        return None

    @property
    def method(self) -> Method:
        wanted = self.request.POST.get("payment_method") or self.request.GET.get("method", "")
        return chosen_method(self.tenant.cloud_profile, wanted or self.order.payment_method)

    def form_arguments(self) -> dict[str, Any]:
        return {"method": self.method, "goes_back": self.goes_back}

    def initial(self) -> dict[str, Any]:
        kept = {name: getattr(self.order, name) for name in self.method.asks}
        return {**kept, "payment_method": self.method.method.value}

    def context(self, form: forms.Form) -> dict[str, Any]:
        methods = methods_of(self.tenant.cloud_profile)
        more = {"method": self.method, "methods": methods, "credit": offer_credit(self), "renewals": self._renewals()}
        return super().context(form) | more

    def _renewals(self) -> list[dict[str, Any]]:
        """When each line's first term would end, if it were bought today, and what is billed then."""
        today = today_of(self.tenant)
        return [{"line": line, "day": first_term_end(today, line.billing_frequency)} for line in self.lines]

    def do(self, wanted: Mapping[str, Any]) -> Order:
        if self.goes_back:
            self.keep_typed(wanted)
            return self.order
        return place_order(**self.common(wanted), payment=self.payment(wanted))

    def payment(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        typed = {name: wanted[name] for name in self.method.asks if name in wanted}
        return typed | {"payment_method": self.method.method}

    def keep_typed(self, wanted: Mapping[str, Any]) -> None:
        orders.keep(**self.common(wanted), facts=self.payment(wanted))

    def destination(self, order: Order) -> str:
        return self.step_url("review" if self.goes_back else "confirmation")

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        """Where nothing was bought, what was typed is kept after everything else was taken back."""
        if isinstance(problem, Refused) and problem.verdict.code is not VerdictCode.ORDER_NOT_READY:
            raise problem
        self.keep_typed(form.cleaned_data)
        if isinstance(problem, SignInTooOld):
            raise problem
        if isinstance(problem, Refused):
            return partial(refused, self.request, problem.verdict)
        return review_afresh(self, status=409)


@tenant_page(Permission.BUY)
def confirmation(request: TenantRequest, uuid: UUID) -> HttpResponse:
    tenant = request.tenant
    order = find_order(tenant, uuid)
    lines = orders.lines_of(order, tenant)
    if order.state not in (OrderState.PLACED, OrderState.CANCELED):
        return see_other(reverse("checkout:products", args=[tenant.slug, uuid]))
    without_partner: list[Subscription] = []
    if tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD):
        bought = Subscription.objects.of_tenant(tenant).filter(order_lines__order=order)
        without_partner = list(bought.without_partner())
    context = step_context(tenant, order, lines, "confirmation")
    context |= {"without_partner": without_partner, "breadcrumbs": step_breadcrumbs(tenant)}
    return render(request, "checkout/order_confirmation.html", context)
