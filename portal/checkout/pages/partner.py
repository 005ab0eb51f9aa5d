"""Partner information in the second step: Check ID, add, change and remove. None is credited before Place order."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.models import Partner
from portal.checkout import place
from portal.checkout.forms import OrderActForm
from portal.checkout.pages.review import partner_form, review_page
from portal.checkout.pages.steps import Checkout, conflict_page, draft_of
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.db.limits import TooManyRequests
from subscriptions.orders.acts import StaleOrder
from subscriptions.web.page_access import TenantRequest, tenant_act
from subscriptions.web.responses import see_other, too_many_requests

AT_PURCHASE = Capability.NAME_PARTNER_AT_PURCHASE


@tenant_act(Permission.BUY, capability=AT_PURCHASE)
def partner_check(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Looks the ID up and changes nothing."""
    checkout = draft_of(request, uuid)
    if not checkout.lines:
        return see_other(checkout.url("products"))
    form = partner_form(checkout, request.POST)
    try:
        form.is_valid()
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    found = None if "partner_id" in form.errors else form.cleaned_data["partner_id"]
    return review_page(checkout, form=form, found=found, status=200 if found else 422)


@tenant_act(Permission.BUY, capability=AT_PURCHASE)
def partner_add(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """An order without products has nothing to name a partner for."""
    checkout = draft_of(request, uuid)
    if not checkout.lines:
        return see_other(checkout.url("products"))
    form = partner_form(checkout, request.POST)
    try:
        if not form.is_valid():
            return review_page(checkout, form=form, status=422)
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    partner = form.cleaned_data["partner_id"]
    if form.asks_for_another_submit:
        return review_page(checkout, form=form, found=partner, ask_again=True)
    done = _("%(partner)s will be partner of record of what you buy here, once the order is placed.")
    return _keep(checkout, form.cleaned_data["version"], partner, done % {"partner": partner})


@tenant_act(Permission.BUY, capability=AT_PURCHASE)
def partner_remove(request: TenantRequest, uuid: UUID) -> HttpResponse:
    checkout = draft_of(request, uuid)
    form = OrderActForm(request.POST)
    if not form.is_valid():
        return review_page(checkout, status=422)
    return _keep(checkout, form.cleaned_data["version"], None, _("The order names no partner now."))


def _keep(checkout: Checkout, version: int, partner: Partner | None, done: str) -> HttpResponse:
    try:
        place.name_partner(
            tenant=checkout.request.tenant,
            order=checkout.order,
            version=version,
            partner=partner,
            by=checkout.request.actor,
        )
    except StaleOrder:
        return conflict_page(checkout, "review")
    messages.success(checkout.request, done)
    return see_other(checkout.url("review"))
