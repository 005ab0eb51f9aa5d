"""Buy now, and the first step: how many licenses of what, billed how often."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from portal.checkout.forms import ProductsForm
from portal.checkout.pages.steps import Checkout, conflict_page, draft_of
from subscriptions.access import Permission
from subscriptions.catalogue import shop
from subscriptions.orders import acts as orders
from subscriptions.orders.acts import StaleOrder
from subscriptions.web.page_access import TenantRequest, tenant_act, tenant_form
from subscriptions.web.responses import see_other


@tenant_act(Permission.BUY)
def product_add(request: TenantRequest) -> HttpResponse:
    """Buy now. Sent twice it adds the product once."""
    shop.may_buy(request.actor, request.tenant).require()
    item = shop.find_item(tenant=request.tenant, uuid=_product(request))
    if item is None:
        raise Http404
    order = orders.add_product(tenant=request.tenant, item=item, by=request.actor)
    return see_other(reverse("checkout:products", args=[request.tenant.slug, order.uuid]))


def _product(request: TenantRequest) -> UUID:
    try:
        return UUID(request.POST.get("product", ""))
    except ValueError:
        raise Http404 from None


@tenant_form(Permission.BUY)
def products(request: TenantRequest, uuid: UUID) -> HttpResponse:
    checkout = draft_of(request, uuid)
    if request.method != "POST":
        form = ProductsForm(lines=checkout.lines, initial={"version": checkout.order.version})
        return checkout.render("products", {"form": form})
    try:
        return _save(checkout)
    except StaleOrder:
        return conflict_page(checkout, "products")


def _save(checkout: Checkout) -> HttpResponse:
    """Every button keeps what was typed; they differ in where they lead."""
    post = checkout.request.POST
    form = ProductsForm(post, lines=checkout.lines, initial={"version": checkout.order.version})
    removed = [line.pk for line in checkout.lines if str(line.pk) == post.get("remove")]
    for pk in removed:
        form.leave_out(pk)
    if not form.is_valid():
        if form.data.get("version") and form.data["version"] != str(checkout.order.version):
            raise StaleOrder
        return checkout.render("products", {"form": form}, status=422)
    orders.change_lines(
        tenant=checkout.request.tenant,
        order=checkout.order,
        version=form.cleaned_data["version"],
        wanted=form.wanted(),
        removed=removed,
        by=checkout.request.actor,
    )
    if "more" in post:
        return see_other(checkout.shop_url)
    return see_other(checkout.url("review" if "next" in post else "products"))
