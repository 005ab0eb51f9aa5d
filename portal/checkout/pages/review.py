"""The second step: the order with the prices that it holds and, where the cloud has it, the partner's pane."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.directory.reads import PartnerUnusable
from partners.models import Partner
from partners.partner_of_record.reads import last_named_partner
from partners.partner_of_record.rules import may_name_at_purchase
from portal.checkout import place
from portal.checkout.forms import OrderActForm, OrderPartnerForm
from portal.checkout.pages.steps import Checkout, conflict_page, draft_of
from subscriptions.access import Permission
from subscriptions.models import Product
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import StaleOrder
from subscriptions.web.page_access import TenantRequest, tenant_act, tenant_form
from subscriptions.web.responses import see_other


@tenant_form(Permission.BUY)
def review(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Next: a POST without facts of its own, as the partner and the prices are kept when they are chosen."""
    checkout = draft_of(request, uuid)
    if request.method != "POST":
        return review_page(checkout) if checkout.lines else see_other(checkout.url("products"))
    form = OrderActForm(request.POST)
    if not form.is_valid():
        return review_page(checkout, status=422)
    if form.cleaned_data["version"] != checkout.order.version:
        return conflict_page(checkout, "review")
    if orders.price_changes(checkout.lines):
        return review_page(checkout, status=409)
    return see_other(checkout.url("payment"))


@tenant_act(Permission.BUY)
def prices_accept(request: TenantRequest, uuid: UUID) -> HttpResponse:
    checkout = draft_of(request, uuid)
    form = OrderActForm(request.POST)
    if not form.is_valid():
        return review_page(checkout, status=422)
    try:
        orders.accept_prices(
            tenant=request.tenant, order=checkout.order, version=form.cleaned_data["version"], by=request.actor
        )
    except StaleOrder:
        return conflict_page(checkout, "review")
    return see_other(checkout.url("review"))


def review_page(
    checkout: Checkout,
    *,
    form: OrderPartnerForm | None = None,
    found: Partner | None = None,
    ask_again: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "act_form": OrderActForm(initial={"version": checkout.order.version}, auto_id=False),
        "price_changes": orders.price_changes(checkout.lines),
        "not_changed": status == 409,
        "credit": checkout.credit_to_come(),
    }
    if may_name_at_purchase(checkout.request.actor, checkout.request.tenant).allowed:
        context |= _partner_pane(checkout, form or partner_form(checkout), found, ask_again)
    return checkout.render("review", context, status=status)


def partner_form(checkout: Checkout, data=None) -> OrderPartnerForm:
    return OrderPartnerForm(
        data,
        initial={"version": checkout.order.version},
        tenant=checkout.request.tenant,
        products=products_of(checkout),
        subject=checkout.order.uuid,
        by=checkout.request.actor,
    )


def products_of(checkout: Checkout) -> list[Product]:
    return [line.product for line in checkout.lines]


def _partner_pane(checkout: Checkout, form: OrderPartnerForm, found: Partner | None, ask_again: bool) -> dict:
    named, unusable = None, None
    try:
        named = place.partner_of(checkout.order, tenant=checkout.request.tenant, products=products_of(checkout))
    except PartnerUnusable as problem:
        unusable = problem
    last = None
    if not checkout.order.partner_number:
        last = last_named_partner(tenant=checkout.request.tenant, products=products_of(checkout))
    return {
        "form": form,
        "found": found,
        "checked": form.checked_token() if found else "",
        "ask_again": ask_again,
        "unusable": form.unusable,
        "partner_offered": True,
        "pane_open": form.is_bound,
        "named": named,
        "named_unusable": unusable,
        "last_named": last,
        "last_named_checked": form.token_for(last.number) if last else "",
        "add_label": _("Change partner") if checkout.order.partner_number else _("add"),
        "partner_add_url": checkout.url("partner-add"),
        "partner_check_url": checkout.url("partner-check"),
        "partner_remove_url": checkout.url("partner-remove"),
    }
