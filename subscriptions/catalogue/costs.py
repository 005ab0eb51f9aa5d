"""What a subscription costs: price per user and month × licenses × months of the billing period."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from subscriptions.base.known_queries import Argument
from subscriptions.models import Product, ProductPrice, Subscription
from subscriptions.models.catalogue.product_price import price_day
from subscriptions.models.subscription import BillingFrequency, cost_of_period
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode

MOST_LICENSES = 100_000  # that a form takes at once
CENT = Decimal("0.01")
HIGHEST_COST = Decimal("9999999999.99")  # what the column can hold


class PriceNotAsShown(Exception):
    """The price is another one than the person saw; nothing is written before the new one was shown too."""

    def __init__(self, shown: Decimal, now: Decimal):
        super().__init__(shown, now)
        self.shown, self.now = shown, now


def require_as_shown(shown: Decimal, now: Decimal) -> None:
    """Raises PriceNotAsShown."""
    if shown != now:
        raise PriceNotAsShown(shown, now)


def price_on(day: date, *, product: Product, currency: str, frequency: str) -> Decimal | None:
    """The list price of that day; None where the product was not sold."""
    price = ProductPrice.objects.on(day).filter(product=product, currency=currency).first()
    if price is None:
        return None
    return price.annual if frequency == BillingFrequency.ANNUAL else price.monthly


def with_todays_prices(rows: QuerySet) -> QuerySet:
    """Subscriptions or lines of an order with the list prices of today, for `todays_price`; in the same query."""
    return _with_prices(rows, price_day(), product=OuterRef("product"), currency=OuterRef("currency"))


def with_todays_prices_in(currency: str, rows: QuerySet) -> QuerySet:
    """The same of rows that have a product and hold no currency of their own."""
    return _with_prices(rows, price_day(), product=OuterRef("product"), currency=currency)


def products_with_todays_prices_in(currency: str, products: QuerySet) -> QuerySet:
    """The same of products themselves."""
    return _with_prices(products, price_day(), product=OuterRef("pk"), currency=currency)


def with_prices_of(day: Argument, rows: QuerySet, *, tenant: Argument, uuid: Argument) -> QuerySet:
    """The same on a day of rows that are all of one subscription: looked up once, and not for each row."""
    own = {"product__subscriptions__tenant": tenant, "product__subscriptions__uuid": uuid}
    return _with_prices(rows, day, **own, currency=F("product__subscriptions__currency"))


def _with_prices(rows: QuerySet, day: date | Argument, **wanted: Any) -> QuerySet:
    prices = ProductPrice.objects.on(day).filter(**wanted)
    return rows.annotate(
        todays_monthly=Subquery(prices.values("monthly")[:1]), todays_annual=Subquery(prices.values("annual")[:1])
    )


def todays_price(row: Any, frequency: str) -> Decimal | None:
    """None where the product is not sold today. Needs a row of `with_todays_prices`."""
    return row.todays_annual if frequency == BillingFrequency.ANNUAL else row.todays_monthly


def known_price(row: Any, frequency: str) -> Decimal:
    """Like `todays_price`, after a verdict that there is one."""
    price = todays_price(row, frequency)
    assert price is not None  # noqa: S101 - the verdict refuses it
    return price


def may_cost(unit_price: Decimal | None, *, product: Product, licenses: int, frequency: str) -> Verdict:
    """Is there a price today, and a cost that can be stored?"""
    if unit_price is None:
        reason = _("%(product)s is not sold at present, so there is no price for it.") % {"product": product}
    elif not is_sold(unit_price, licenses, frequency):
        reason = _("So many licenses are sold by our sales team only.")
    else:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NO_PRICE,
        reason=reason,
        next_step=_("Leave the subscription as it is, or buy another product."),
    )


def is_sold(unit_price: Decimal, licenses: int, frequency: str) -> bool:
    """Whether so many licenses have a cost that can be stored."""
    return cost_of(unit_price, licenses, frequency) <= HIGHEST_COST


def cost_of(unit_price: Decimal, licenses: int, frequency: str) -> Decimal:
    """Of one billing period; whether it can be stored is `may_cost`."""
    return cost_of_period(unit_price, licenses, BillingFrequency(frequency).months)


def price_held(subscription: Subscription) -> Decimal:
    """The price that the subscription was made with; of one that only knows its cost, the share of one license."""
    shares = subscription.licenses_total * BillingFrequency(subscription.billing_frequency).months
    if subscription.unit_price or not shares:
        return subscription.unit_price
    return (subscription.cost / shares).quantize(CENT)


def price_of_return(subscription: Subscription) -> Decimal | None:
    """At which it is reactivated: the price held. A trial that lapsed holds none and gets that of the day, if any."""
    held = price_held(subscription)
    if held or not subscription.began_as_trial:
        return held
    return todays_price(subscription, subscription.billing_frequency)
