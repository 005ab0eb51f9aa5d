"""What an offer says, before it is a row and after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partners.models import OfferedProduct, OfferedSubscription, PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase
from partners.offers.terms import current_terms
from subscriptions.catalogue import shop
from subscriptions.models import Product
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES


@dataclass(frozen=True, kw_only=True)
class Line:
    """A product of the cloud, and how much of it. A trial has its own number of licenses."""

    product: UUID
    licenses: int = TRIAL_LICENSES
    billing_frequency: str = BillingFrequency.MONTHLY


@dataclass(frozen=True, kw_only=True)
class OfferFacts:
    """What the partner asks for. `subscriptions` count where the credit is for named ones, `lines` where there is
    something to buy or try, `days` where there are roles.
    """

    name: str
    terms: str
    roles: tuple[str, ...] = ()
    days: int | None = None
    credit: str = CreditWanted.NOTHING
    subscriptions: tuple[UUID, ...] = ()
    purchase: str = OfferedPurchase.NONE
    lines: tuple[Line, ...] = ()


def read_facts(said: Mapping[str, Any], *, subscriptions: Iterable[UUID], lines: Iterable[Line]) -> OfferFacts:
    """What was typed; each form names subscriptions and products in its own way."""
    return OfferFacts(
        name=said["name"],
        terms=said["terms"],
        roles=tuple(said["roles"]),
        days=said["days"],
        credit=said["credit"],
        subscriptions=tuple(subscriptions),
        purchase=said["purchase"],
        lines=tuple(lines),
    )


def no_longer_sold(offer: PartnerOffer) -> QuerySet[Product]:
    """Its products without a price today: a draft shows them until they are taken out."""
    kept = OfferedProduct.objects.filter(tenant=offer.tenant_id, offer=offer).values("product")
    sold = shop.items(offer.tenant).values("pk")
    return Product.objects.filter(pk__in=kept).exclude(pk__in=sold).order_by("name_key", "id")


def facts_of(offer: PartnerOffer) -> OfferFacts:
    """What a stored offer says, to be checked again or shown in a form."""
    named = OfferedSubscription.objects.filter(tenant=offer.tenant_id, offer=offer).order_by("pk")
    products = OfferedProduct.objects.filter(tenant=offer.tenant_id, offer=offer).order_by("pk")
    return OfferFacts(
        name=offer.name,
        terms=current_terms(offer).html,
        roles=tuple(offer.roles),
        days=offer.days,
        credit=offer.credit,
        subscriptions=tuple(named.values_list("subscription__uuid", flat=True)),
        purchase=offer.purchase,
        lines=tuple(
            Line(product=uuid, licenses=licenses, billing_frequency=frequency)
            for uuid, licenses, frequency in products.values_list("product__uuid", "licenses", "billing_frequency")
        ),
    )
