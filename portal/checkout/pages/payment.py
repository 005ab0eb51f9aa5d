"""The third step, Place order, and the fourth, which says what happens next."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from partners.directory.reads import PartnerUnusable
from portal.checkout.forms import PaymentForm
from portal.checkout.pages.review import review_page
from portal.checkout.pages.steps import Checkout, conflict_page, draft_of, order_of
from portal.checkout.place import place_order
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.db import idempotency
from subscriptions.db.idempotency import KeyReused, Sending
from subscriptions.models import Subscription
from subscriptions.models.order import OrderState
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import PriceChanged, StaleOrder
from subscriptions.subscriptions.payments import Method, chosen_method, methods_of
from subscriptions.verdicts import Refused, VerdictCode
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.page_access import TenantRequest, tenant_form, tenant_page
from subscriptions.web.responses import refused, see_other


@tenant_form(Permission.BUY)
def payment(request: TenantRequest, uuid: UUID) -> HttpResponse:
    if request.method == "POST":
        return _take_form(order_of(request, uuid))
    checkout = draft_of(request, uuid)
    if not checkout.lines or orders.price_changes(checkout.lines):
        return see_other(checkout.url("review"))
    return _payment_page(checkout, _method(checkout), None)


def _method(checkout: Checkout) -> Method:
    wanted = checkout.request.POST.get("payment_method") or checkout.request.GET.get("method", "")
    return chosen_method(checkout.request.tenant.cloud_profile, wanted or checkout.order.payment_method)


def _form(checkout: Checkout, method: Method, data=None) -> PaymentForm:
    order = checkout.order
    initial = {name: getattr(order, name) for name in method.asks}
    initial |= {"version": order.version, "key": new_key(), "payment_method": method.method.value}
    return PaymentForm(data, initial=initial, method=method)


def _payment_page(checkout: Checkout, method: Method, form: PaymentForm | None, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form or _form(checkout, method),
        "method": method,
        "methods": methods_of(checkout.request.tenant.cloud_profile),
        "credit": checkout.credit_to_come(),
    }
    return checkout.render("payment", context, status=status)


def _take_form(checkout: Checkout) -> HttpResponse:
    """The same form again gets the same answer, even where the order is long placed."""
    sending = _sending(checkout)
    try:
        done = idempotency.earlier_answer(sending)
        return see_other(done) if done else _go_on(checkout, sending)
    except (StaleOrder, KeyReused):
        return conflict_page(checkout, "payment")


def _sending(checkout: Checkout) -> Sending:
    post, request = checkout.request.POST, checkout.request
    content = {name: post.get(name, "") for name in sorted(post) if name not in ("csrfmiddlewaretoken", "key")}
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(post.get("key", "")),
        content={**content, "path": request.path},
    )


def _go_on(checkout: Checkout, sending: Sending) -> HttpResponse:
    request = checkout.request
    orders.may_continue(request.actor, request.tenant, checkout.order).require()
    method = _method(checkout)
    form = _form(checkout, method, request.POST)
    valid = form.is_valid()
    if "back" in request.POST and "version" in form.cleaned_data:
        return _back(checkout, method, form)
    if not valid:
        return _payment_page(checkout, method, form, status=422)
    return _place(checkout, method, form, sending)


def _back(checkout: Checkout, method: Method, form: PaymentForm) -> HttpResponse:
    return see_other(_with_payment_kept(checkout, method, form).url("review"))


def _with_payment_kept(checkout: Checkout, method: Method, form: PaymentForm) -> Checkout:
    """The order as it is then: what was typed is in it, as far as it can be kept."""
    orders.keep(
        tenant=checkout.request.tenant,
        order=checkout.order,
        version=form.cleaned_data["version"],
        facts=_facts(method, form),
        by=checkout.request.actor,
    )
    return order_of(checkout.request, checkout.order.uuid)


def _facts(method: Method, form: PaymentForm) -> dict[str, Any]:
    return form.details() | {"payment_method": method.method}


def _place(checkout: Checkout, method: Method, form: PaymentForm, sending: Sending) -> HttpResponse:
    """Where nothing is bought, what was typed is kept after everything else was taken back."""

    def placed() -> str:
        place_order(
            tenant=checkout.request.tenant,
            order=checkout.order,
            version=form.cleaned_data["version"],
            payment=_facts(method, form),
            by=checkout.request.actor,
        )
        return checkout.url("confirmation")

    try:
        return see_other(idempotency.once(sending, placed))
    except (PriceChanged, PartnerUnusable):
        return review_page(_with_payment_kept(checkout, method, form), status=409)
    except Refused as refusal:
        if refusal.verdict.code is not VerdictCode.ORDER_NOT_READY:
            raise
        _with_payment_kept(checkout, method, form)
        return refused(checkout.request, refusal.verdict)


@tenant_page(Permission.BUY)
def confirmation(request: TenantRequest, uuid: UUID) -> HttpResponse:
    checkout = order_of(request, uuid)
    if checkout.order.state not in (OrderState.PLACED, OrderState.CANCELED):
        return see_other(checkout.url("products"))
    without_partner: list[Subscription] = []
    if request.tenant.cloud_profile.allows(Capability.ADD_PARTNER_OF_RECORD):
        bought = Subscription.objects.of_tenant(request.tenant).filter(order_lines__order=checkout.order)
        without_partner = list(bought.without_partner())
    return checkout.render("confirmation", {"without_partner": without_partner})
