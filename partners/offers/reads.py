"""What a partner's offer says, in one shape: as it is typed (`OfferFacts`), and as it is stored (`Content`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Exists, F, OuterRef, QuerySet

from partners.models import OfferedProduct, OfferedSubscription, OfferTerms, Partner, PartnerOffer
from partners.models.partner_offer import CreditWanted, OfferedPurchase, OfferState
from partners.offers.terms import versions_of
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.catalogue import costs, shop
from subscriptions.clouds import PROFILES, Capability
from subscriptions.models import Product, Subscription, Tenant
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.models.subscription import BillingFrequency
from subscriptions.subscriptions.trial_start import TRIAL_LICENSES

MOST_ANSWERED = 20


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


@dataclass(frozen=True)
class Content:
    """A stored offer with all that it says; each part is read where it is asked for, and once."""

    offer: PartnerOffer

    @cached_property
    def versions(self) -> list[OfferTerms]:
        """Of the terms, the newest first."""
        return versions_of(self.offer)

    @property
    def terms(self) -> OfferTerms:
        return self.versions[0]

    @cached_property
    def named(self) -> list[Subscription]:
        """On which it asks for the credit, with no more of them than a partner may read too."""
        rows = OfferedSubscription.objects.filter(tenant=self.offer.tenant_id, offer=self.offer)
        named = Subscription.objects.filter(tenant=self.offer.tenant_id, pk__in=rows.values("subscription"))
        return list(named.only("uuid", "name").order_by("name_key", "pk"))

    @cached_property
    def products(self) -> list[OfferedProduct]:
        """`created_uuid` is of what came of one; `price` and `cost` are today's, None of what nobody sells."""
        offered = OfferedProduct.objects.filter(tenant=self.offer.tenant_id, offer=self.offer)
        rows = costs.with_todays_prices_in(self.currency, offered.select_related("product"))
        found = list(rows.annotate(created_uuid=F("created__uuid")).order_by("product__name_key", "pk"))
        for row in found:
            row.price = costs.todays_price(row, row.billing_frequency)
            row.cost = row.price and costs.cost_of(row.price, row.licenses, row.billing_frequency)
        return found

    @cached_property
    def currency(self) -> str:
        return self.offer.tenant.cloud_profile.currency

    @property
    def total(self) -> Decimal:
        """Of the first billing period, at today's prices."""
        return sum((row.cost or Decimal(0) for row in self.products), Decimal(0))

    @property
    def partner(self) -> Partner:
        return self.offer.partner

    @property
    def credit_named(self) -> bool:
        return self.offer.credit == CreditWanted.NAMED

    @property
    def credit_bought(self) -> bool:
        return self.offer.credit == CreditWanted.BOUGHT

    @property
    def is_trial(self) -> bool:
        return self.offer.purchase == OfferedPurchase.TRIAL

    @property
    def is_left(self) -> bool:
        """Whether something that came with it is still to be created."""
        return any(offered.created_id is None for offered in self.products)

    @property
    def facts(self) -> OfferFacts:
        """The same to be checked again, or to be changed in a form."""
        return OfferFacts(
            name=self.offer.name,
            terms=self.terms.html,
            roles=tuple(self.offer.roles),
            days=self.offer.days,
            credit=self.offer.credit,
            subscriptions=tuple(subscription.uuid for subscription in self.named),
            purchase=self.offer.purchase,
            lines=tuple(
                Line(product=row.product.uuid, licenses=row.licenses, billing_frequency=row.billing_frequency)
                for row in self.products
            ),
        )


def sold_in(*clouds: str) -> QuerySet[Product]:
    """What has a price today."""
    return Product.objects.filter(cloud__in=clouds, prices__valid__contains=price_day())


def products_of_cloud(cloud: str, kept: Iterable[UUID]) -> Iterator[dict[str, Any]]:
    """What can be chosen in a template: what the cloud sells today. What the template has and nobody sells any more
    stays there, so that it is refused and not lost.
    """
    columns, sold = ("uuid", "name", "has_trial"), sold_in(cloud)
    for row in sold.order_by("name_key", "id").values(*columns):
        yield row | {"is_sold": True}
    unsold = Product.objects.filter(uuid__in=list(kept)).exclude(pk__in=sold.values("pk"))
    for row in unsold.order_by("name_key", "id").values(*columns):
        yield row | {"is_sold": False}


def products_for(tenant: Tenant | None, draft: PartnerOffer | None = None) -> Iterator[dict[str, Any]]:
    """What can be chosen in a draft: what the organization's cloud sells today, or all clouds that have offers. What
    the draft has and nobody sells any more stays there, so that it is refused and not lost.
    """
    columns = ("uuid", "name", "has_trial")
    if tenant:
        sold = shop.items(tenant)
    else:
        clouds = [cloud for cloud, profile in PROFILES.items() if profile.allows(Capability.RECEIVE_PARTNER_OFFERS)]
        sold = sold_in(*clouds)
    for row in sold.order_by("name_key", "id").values(*columns):
        yield row | {"is_sold": True}
    if draft:
        kept = OfferedProduct.objects.filter(tenant=draft.tenant_id, offer=draft).values("product")
        unsold = Product.objects.filter(pk__in=kept).exclude(pk__in=shop.items(draft.tenant).values("pk"))
        for row in unsold.order_by("name_key", "id").values(*columns):
            yield row | {"is_sold": False}


def credited_subscriptions(tenant: Tenant, partner: Partner) -> list[dict[str, Any]]:
    """The organization's subscriptions that credit the partner now."""
    rows = Subscription.objects.of_tenant(tenant).filter(
        partners_of_record__partner=partner, partners_of_record__valid__upper_inf=True
    )
    return list(rows.order_by("name_key", "id").values("uuid", "name"))


def answered_offers(tenant: Tenant, *, only_left: bool = False) -> list[PartnerOffer]:
    """The newest answers, first those with something that `is_left` to create; `only_left` for nothing but these."""
    if not tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS):
        return []
    return ANSWERED[only_left].rows(tenant=tenant.pk)


def _answered(*, only_left: bool) -> QuerySet[PartnerOffer]:
    tenant: Any = Argument("tenant", BigIntegerField())
    left = OfferedProduct.objects.to_create().filter(tenant=tenant, offer=OuterRef("pk"))
    rows = (
        PartnerOffer.objects.of_tenant(tenant)
        .filter(state__in=[OfferState.ACCEPTED, OfferState.DECLINED])
        .annotate(is_left=Exists(left))
        .select_related("partner")
    )
    if only_left:
        rows = rows.filter(is_left=True)
    return rows.order_by("-is_left", "-decided_at", "-pk")[:MOST_ANSWERED]


ANSWERED = {only_left: KnownQuery(partial(_answered, only_left=only_left)) for only_left in (False, True)}
