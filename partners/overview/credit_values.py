"""What credits are worth by the list prices of today: a partner never reads what an organization pays.

A month of a subscription that is paid for, whatever its billing; a trial, one that is over, and a product that nobody
sells today are worth nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from partners.models import Partner
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.overview.customers import credited
from subscriptions.base import formats
from subscriptions.catalogue.costs import products_with_todays_prices_in
from subscriptions.clouds import profile_of
from subscriptions.models import Product
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus

PAID = Q(status=SubscriptionStatus.ACTIVE)


@dataclass(frozen=True)
class ListPrices:
    """Of a license and month, by the product's key; None where it is not sold today."""

    monthly: Mapping[int, Decimal | None]
    currency: str

    def of(self, row: Mapping[str, Any]) -> Decimal | None:
        """A month of a credit with `product_id`, `status` and `licenses`."""
        price = self.monthly.get(row["product_id"])
        if row["status"] != SubscriptionStatus.ACTIVE or price is None:
            return None
        return price * row["licenses"]

    def said(self, row: Mapping[str, Any]) -> str:
        value = self.of(row)
        return formats.DASH if value is None else formats.money(value, self.currency)

    def sum(self, licenses: Mapping[int, int]) -> Decimal:
        """Of licenses by product."""
        amounts = ((self.monthly.get(product) or Decimal(0)) * number for product, number in licenses.items())
        return sum(amounts, Decimal(0))

    def a_month(self, amount: Decimal) -> str:
        return BillingFrequency.MONTHLY.a_period(formats.money(amount, self.currency))


def products_of(partner: Partner) -> list[dict[str, Any]]:
    """Those of the partner's cloud by name, each with its list price of today."""
    rows = products_with_todays_prices_in(
        profile_of(partner.cloud).currency, Product.objects.filter(cloud=partner.cloud)
    )
    return list(rows.order_by("name_key", "id").values("id", "uuid", "name", "todays_monthly"))


def list_prices(partner: Partner, products: list[dict[str, Any]] | None = None) -> ListPrices:
    found = products_of(partner) if products is None else products
    return ListPrices({row["id"]: row["todays_monthly"] for row in found}, profile_of(partner.cloud).currency)


def licenses_of(partner: Partner) -> list[dict[str, Any]]:
    """By product and country of all that credits the partner: what filters offer, and the licenses paid for."""
    rows = credited(partner).order_by().values("product_id", "country")
    return list(rows.annotate(number=Coalesce(Sum("licenses", filter=PAID), 0)))


def by_product(rows: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    found: Counter[int] = Counter()
    for row in rows:
        found[row["product_id"]] += row["number"]
    return found


def paid_licenses(credits: PartnerOfRecordQuerySet) -> dict[int, int]:
    """How many licenses are paid for, by product."""
    return by_product(credits.filter(PAID).order_by().values("product_id").annotate(number=Sum("licenses")))
