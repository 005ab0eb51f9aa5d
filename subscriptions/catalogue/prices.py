"""What a product costs from a day on. Orders and subscriptions hold the price they were made with."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.base import formats
from subscriptions.base.days import LAST
from subscriptions.catalogue.events import CatalogChanged
from subscriptions.clouds import profile_of
from subscriptions.models import Product, ProductPrice
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.catalogue.product_price import price_day


class CannotSetPrice(Exception):
    """The price cannot begin on that day, or is the same as before; the text says why."""


def require_settable(*, product: Product, monthly: Decimal, annual: Decimal, from_day: date) -> None:
    """Raises CannotSetPrice. What the past cost stays as it was: people bought at those prices."""
    today = price_day()
    if from_day < today:
        raise CannotSetPrice(
            _("A price cannot begin in the past. Choose %(day)s, which is today by UTC, or a later day.")
            % {"day": formats.day(today)}
        )
    if from_day > LAST:
        raise CannotSetPrice(_("Choose a day between 2000 and 2200."))
    current = product.prices.on(from_day).first()
    if current and (current.monthly, current.annual) == (monthly, annual):
        raise CannotSetPrice(_("The product has this price on that day already."))


@transaction.atomic
def set_price(
    *, product: Product, monthly: Decimal, annual: Decimal, from_day: date, by: Actor, reason: str = ""
) -> ProductPrice:
    """The price from that day until the next one that is entered already, if any; the one before ends on that day.

    A price that begins on the very day is corrected. Raises CannotSetPrice; locks the product.
    """
    product = Product.objects.select_for_update().get(pk=product.pk)
    require_settable(product=product, monthly=monthly, annual=annual, from_day=from_day)
    before = product.prices.on(from_day).first()
    if before and before.valid.lower == from_day:
        price = _corrected(before, monthly, annual)
    else:
        price = _begun(product, before, monthly, annual, from_day)
    _record(product, before, price, from_day, by=by, reason=reason)
    return price


def _corrected(before: ProductPrice, monthly: Decimal, annual: Decimal) -> ProductPrice:
    ProductPrice.objects.filter(pk=before.pk).update(monthly=monthly, annual=annual)
    return ProductPrice.objects.get(pk=before.pk)


def _begun(
    product: Product, before: ProductPrice | None, monthly: Decimal, annual: Decimal, from_day: date
) -> ProductPrice:
    """The period that holds the day is cut there first, so that the two never overlap."""
    if before:
        ProductPrice.objects.filter(pk=before.pk).update(valid=DateRange(before.valid.lower, from_day))
    return ProductPrice.objects.create(
        product=product,
        currency=profile_of(product.cloud).currency,
        monthly=monthly,
        annual=annual,
        valid=DateRange(from_day, before.valid.upper if before else _next_day(product, from_day)),
    )


def _next_day(product: Product, day: date) -> date | None:
    """When the next price begins that is entered already."""
    later = product.prices.filter(valid__fully_gt=DateRange(day, day, "[]")).order_by("valid").first()
    return later.valid.lower if later else None


def _record(
    product: Product, before: ProductPrice | None, price: ProductPrice, from_day: date, *, by: Actor, reason: str
) -> None:
    audit.record(
        AuditKind.CATALOG_CHANGED,
        by=by,
        tenant=None,
        subject_name=product.name,
        subject_uuid=product.uuid,
        reason=reason,
        facts=CatalogChanged(
            {
                name: [str(getattr(before, name)) if before else None, str(getattr(price, name))]
                for name in ("monthly", "annual")
            },
            from_day=from_day,
            currency=price.currency,
        ),
    )
