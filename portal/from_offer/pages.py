"""After the answer: create the trial or subscription account that came with a partner's offer."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import OfferedProduct, PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers.answer_rules import may_create, offer_path
from portal.from_offer import creation
from subscriptions.access import Permission
from subscriptions.catalogue import shop
from subscriptions.catalogue.shop import ITEM_COLUMNS, Item
from subscriptions.clouds import Capability
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.subscriptions.lifecycle import months_later, today_of
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES, TRIAL_MONTHS
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.page_access import TenantRequest, tenant_act, tenant_page
from subscriptions.web.responses import see_other

OFFERS = Capability.RECEIVE_PARTNER_OFFERS


@tenant_page(Permission.BUY, capability=OFFERS)
def create(request: TenantRequest, uuid: UUID) -> HttpResponse:
    offer = _offer(request, uuid)
    may_create(offer).require()
    slug = request.tenant.slug
    list_url = reverse("partners:relationship-list", args=[slug])
    rows = _rows(request, offer)
    context = {
        "offer": offer,
        "profile": request.tenant.cloud_profile,
        "is_trial": offer.purchase == OfferedPurchase.TRIAL,
        "is_purchase": offer.purchase == OfferedPurchase.PURCHASE,
        "credits": offer.state == OfferState.ACCEPTED and offer.credit == CreditWanted.BOUGHT,
        "rows": rows,
        "orderable": any(row["is_left"] for row in rows),
        "may_buy": shop.may_buy(request.actor, request.tenant),
        "trial_licenses": TRIAL_LICENSES,
        "trial_ends_on": months_later(today_of(request.tenant), TRIAL_MONTHS),
        "key": new_key(),
        "trial_url": reverse("from-offer:create-trial", args=[slug, offer.uuid]),
        "order_url": reverse("from-offer:create-order", args=[slug, offer.uuid]),
        "offer_url": offer_path(request.tenant, offer),
        "list_url": list_url,
        "breadcrumbs": [
            (_("Settings"), None),
            (_("Partner Relationships"), list_url),
            (offer.name, offer_path(request.tenant, offer)),
            (_("Create"), None),
        ],
    }
    return render(request, "offers/offer_create.html", context)


def _offer(request: TenantRequest, uuid: UUID) -> PartnerOffer:
    offers = PartnerOffer.objects.of_tenant(request.tenant).with_state().select_related("partner", "tenant")
    return get_object_or_404(offers.exclude(purchase=OfferedPurchase.NONE), uuid=uuid)


def _offered(offer: PartnerOffer) -> QuerySet[OfferedProduct]:
    rows = OfferedProduct.objects.filter(tenant=offer.tenant_id, offer=offer)
    return rows.select_related("product", "created").order_by("product__name_key", "pk")


def _rows(request: TenantRequest, offer: PartnerOffer) -> list[dict]:
    rows = list(_offered(offer))
    sold = shop.items(request.tenant).filter(pk__in=[row.product_id for row in rows]).values(*ITEM_COLUMNS)
    products = {row["id"]: Item(**row) for row in sold}
    return [_describe_product(request, row, products.get(row.product_id)) for row in rows]


def _describe_product(request: TenantRequest, offered: OfferedProduct, product: Item | None) -> dict:
    """A product of the offer, what came of it, and whether it can be had."""
    created = offered.created
    return {
        "offered": offered,
        "created": created,
        "created_url": reverse("subscriptions:detail", args=[request.tenant.slug, created.uuid]) if created else "",
        "price": product and product.price(offered.billing_frequency),
        "is_left": product is not None and created is None,
        "may_start_trial": product and shop.may_start_trial(request.actor, request.tenant, product),
    }


@tenant_act(Permission.BUY, capability=OFFERS)
def create_trial(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """The same form again gets the same trial; another form of the same product is refused."""
    offer = _offer(request, uuid)
    may_create(offer).require()
    offered = get_object_or_404(_offered(offer), product__uuid=_product(request))

    def start() -> str:
        created = creation.create_trial(tenant=request.tenant, offer=offer, offered=offered, by=request.actor)
        _announce(request, offer, created)
        return reverse("subscriptions:detail", args=[request.tenant.slug, created.trial.uuid])

    return see_other(idempotency.once(_sending(request), start))


def _product(request: TenantRequest) -> UUID:
    """The product whose button was pressed; a new UUID, which no product has, where there is none."""
    return read_key(request.POST.get("product", ""))


def _announce(request: TenantRequest, offer: PartnerOffer, created: creation.Created) -> None:
    facts = {"product": created.trial.name, "partner": offer.partner.name}
    messages.success(request, _("Your free trial of %(product)s has started.") % facts)
    if created.credited:
        messages.success(request, _("%(partner)s is partner of record of %(product)s.") % facts)
    elif created.credited is False:
        messages.warning(
            request,
            _("%(partner)s could not become partner of record of %(product)s: it is not active or not authorized.")
            % facts,
        )


@tenant_act(Permission.BUY, capability=OFFERS)
def create_order(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Into the check-out, where all of it can be changed and nothing is bought before its end."""
    offer = _offer(request, uuid)

    def put() -> str:
        order = creation.put_into_order(tenant=request.tenant, offer=offer, by=request.actor)
        return reverse("checkout:products", args=[request.tenant.slug, order.uuid])

    return see_other(idempotency.once(_sending(request), put))


def _sending(request: TenantRequest) -> Sending:
    return Sending(
        tenant=request.tenant,
        user_id=request.user.pk,
        key=read_key(request.POST.get("key", "")),
        content={"path": request.path, "product": request.POST.get("product", "")},
    )
