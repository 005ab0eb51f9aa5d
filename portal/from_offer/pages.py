"""After the answer: create the trial or subscription account that came with a partner's offer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import OfferedProduct, PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers.answer_rules import may_create, offer_page
from portal.from_offer import acts as from_offer
from portal.from_offer.acts import Created
from subscriptions.access import Permission
from subscriptions.catalogue import shop
from subscriptions.catalogue.costs import cost_of
from subscriptions.catalogue.shop import ITEM_COLUMNS, Item
from subscriptions.clouds import Capability
from subscriptions.models import Order, Tenant
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.lifecycle import months_later, today_of
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES, TRIAL_MONTHS
from subscriptions.verdicts import Stale, Verdict, VerdictCode
from subscriptions.web.acts import Answer
from subscriptions.web.forms import read_key
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.responses import address_of
from subscriptions.web.tenant_acts import TenantAct

OFFERS = Capability.RECEIVE_PARTNER_OFFERS


@tenant_page(Permission.BUY, capability=OFFERS)
def create(request: TenantRequest, uuid: UUID) -> HttpResponse:
    offer = _find_offer(request.tenant, uuid)
    may_create(offer).require()
    rows = _rows(request, offer)
    context = {
        "profile": request.tenant.cloud_profile,
        "total": sum(row["cost"] or 0 for row in rows if row["is_left"]),
        "rows": rows,
        "orderable": any(row["is_left"] for row in rows),
        "may_buy": shop.may_buy(request.actor, request.tenant),
        "trial_licenses": TRIAL_LICENSES,
        "trial_ends_on": months_later(today_of(request.tenant), TRIAL_MONTHS),
        "form": CreateOrder(request, slug=request.tenant.slug, uuid=uuid).form(),
        **_describe_offer(offer),
        **_ways(request.tenant, offer),
    }
    return render(request, "offers/offer_create.html", context)


def _describe_offer(offer: PartnerOffer) -> dict[str, Any]:
    accepted = offer.state == OfferState.ACCEPTED
    return {
        "offer": offer,
        "is_trial": offer.purchase == OfferedPurchase.TRIAL,
        "is_purchase": offer.purchase == OfferedPurchase.PURCHASE,
        "accepted": accepted,
        "credits": accepted and offer.credit == CreditWanted.BOUGHT,
    }


def _ways(tenant: Tenant, offer: PartnerOffer) -> dict[str, Any]:
    """Where the page's buttons and links lead."""
    list_url = reverse("partners:relationship-list", args=[tenant.slug])
    offer_url = address_of(offer_page(tenant, offer))
    return {
        "trial_url": reverse("from-offer:create-trial", args=[tenant.slug, offer.uuid]),
        "order_url": reverse("from-offer:create-order", args=[tenant.slug, offer.uuid]),
        "offer_url": offer_url,
        "list_url": list_url,
        "breadcrumbs": [
            (_("Settings"), None),
            (_("Partner Relationships"), list_url),
            (offer.name, offer_url),
            (_("Create"), None),
        ],
    }


def _find_offer(tenant: Tenant, uuid: UUID) -> PartnerOffer:
    offers = PartnerOffer.objects.of_tenant(tenant).with_state().select_related("partner", "tenant")
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
    created, frequency = offered.created, BillingFrequency(offered.billing_frequency)
    price = product.price(frequency) if product else None
    return {
        "offered": offered,
        "created": created,
        "created_url": reverse("subscriptions:detail", args=[request.tenant.slug, created.uuid]) if created else "",
        "price": price,
        "cost": None if price is None else cost_of(price, offered.licenses, frequency),
        "per_period": frequency.per_period,
        "is_left": product is not None and created is None,
        "may_start_trial": product and _may_start_trial(request, product),
    }


def _may_start_trial(request: TenantRequest, product: Item) -> Verdict:
    """Where there is no trial to be had, the way to buy it."""
    verdict = shop.may_start_trial(request.actor, request.tenant, product)
    if verdict.code not in (VerdictCode.NO_TRIAL, VerdictCode.TRIAL_USED):
        return verdict
    url = f"{reverse('subscriptions:purchase-services', args=[request.tenant.slug])}?{urlencode({'q': product.name})}"
    return replace(verdict, next_url=url, next_label=_("Purchase services"))


class CreateAct(TenantAct):
    """A button on the page of what came with an offer."""

    permission = Permission.BUY
    capability = OFFERS
    page = "from-offer:create"
    offer: PartnerOffer

    def find(self) -> None:
        self.offer = _find_offer(self.tenant, self.address["uuid"])

    def may(self) -> Verdict:
        return may_create(self.offer)

    def again(self, form: forms.Form) -> Answer:
        """Nobody types into a button: one without its key was drawn for something else."""
        raise Stale


class CreateTrial(CreateAct):
    """Another form of the same product is refused, as an organization tries each product once."""

    called = gettext_lazy("Start the offered trial")
    name = "from-offer:create-trial"
    offered: OfferedProduct

    def find(self) -> None:
        """The product whose button was pressed; where there is none, a new UUID finds none."""
        super().find()
        product = read_key(self.request.POST.get("product", ""))
        self.offered = get_object_or_404(_offered(self.offer), product__uuid=product)

    def do(self, wanted: Mapping[str, Any]) -> Created:
        return from_offer.create_trial(tenant=self.tenant, offer=self.offer, offered=self.offered, by=self.by)

    def announce(self, created: Created) -> None:
        facts = {"product": created.trial.name, "partner": self.offer.partner.name}
        messages.success(self.request, _("Your free trial of %(product)s has started.") % facts)
        if created.credited:
            messages.success(self.request, _("%(partner)s is partner of record of %(product)s.") % facts)
        elif created.credited is False:
            told = _(
                "%(partner)s could not become partner of record of %(product)s: it is not active or not authorized."
            )
            messages.warning(self.request, told % facts)

    def destination(self, created: Created) -> str:
        return self.url_of("subscriptions:detail", uuid=created.trial.uuid)


class CreateOrder(CreateAct):
    """Into the check-out, where all of it can be changed and nothing is bought before its end."""

    called = gettext_lazy("Order what is offered")
    name = "from-offer:create-order"

    def do(self, wanted: Mapping[str, Any]) -> Order:
        return from_offer.put_into_order(tenant=self.tenant, offer=self.offer, by=self.by)

    def destination(self, order: Order) -> str:
        """It says what was added, beside what was in the order before."""
        products = [str(offered.product.uuid) for offered in _offered(self.offer)]
        return f"{self.url_of('checkout:products', uuid=order.uuid)}?{urlencode({'added': products}, doseq=True)}"
