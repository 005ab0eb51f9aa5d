"""What a subscription costs: price per user and month × licenses × months of the billing period."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from subscriptions.access import Refused, Verdict, VerdictCode
from subscriptions.models import Product, ProductPrice, Subscription
from subscriptions.models.subscription import BillingFrequency

CENT = Decimal("0.01")
HIGHEST_COST = Decimal("9999999999.99")  # what the column can hold


def price_on(day: date, *, product: Product, frequency: str) -> Decimal | None:
    """The list price of that day; None where the product was not sold."""
    price = ProductPrice.objects.on(day).filter(product=product).first()
    if price is None:
        return None
    return price.annual if frequency == BillingFrequency.ANNUAL else price.monthly


def price_or_refuse(day: date, *, product: Product, frequency: str) -> Decimal:
    """Like `price_on`; raises Refused where there is no price."""
    price = price_on(day, product=product, frequency=frequency)
    if price is None:
        raise Refused(
            Verdict(
                code=VerdictCode.NO_PRICE,
                reason=_("%(product)s is not sold at present, so there is no price for it.") % {"product": product},
                next_step=_("Leave the subscription as it is, or buy another product."),
            )
        )
    return price


def is_sold(unit_price: Decimal, licenses: int, frequency: str) -> bool:
    """Whether so many licenses have a cost that can be stored."""
    return _product_of(unit_price, licenses, frequency) <= HIGHEST_COST


def cost_of(unit_price: Decimal, licenses: int, frequency: str) -> Decimal:
    """Raises Refused for a cost that cannot be stored."""
    if not is_sold(unit_price, licenses, frequency):
        raise Refused(
            Verdict(
                code=VerdictCode.NO_PRICE,
                reason=_("So many licenses are sold by our sales team only."),
                next_step=_("Leave the subscription as it is, or buy another product."),
            )
        )
    return _product_of(unit_price, licenses, frequency)


def _product_of(unit_price: Decimal, licenses: int, frequency: str) -> Decimal:
    return unit_price * licenses * BillingFrequency(frequency).months


def price_held(subscription: Subscription) -> Decimal:
    """The price that the subscription was made with; of one that only knows its cost, the share of one license."""
    shares = subscription.licenses_total * BillingFrequency(subscription.billing_frequency).months
    if subscription.unit_price or not shares:
        return subscription.unit_price
    return (subscription.cost / shares).quantize(CENT)
