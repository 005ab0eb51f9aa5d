"""Staff end a price, or withdraw a product from sale: a product is sold on the days on which it has a price.

Orders and subscriptions hold the price they were made with, so neither is touched.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.base import formats
from subscriptions.base.days import LAST
from subscriptions.catalogue.events import CatalogChanged, Price
from subscriptions.models import AuditEvent, Product, ProductPrice
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.catalogue.product_price import price_day

DAY = timedelta(days=1)


class CannotEnd(Exception):
    """The price cannot end on that day, or there is none to end; the text says why."""


@transaction.atomic
def end_price(*, price: ProductPrice, last_day: date, by: Actor, reason: str) -> AuditEvent:
    """From the next day on the product is not sold, until another price begins. Raises CannotEnd."""
    product = _lock_product(price.product_id)
    price = ProductPrice.objects.get(pk=price.pk)
    _require_can_end(price, last_day)
    before = price.valid.upper - DAY if price.valid.upper else None
    _cut(price, last_day + DAY)
    facts = CatalogChanged(price_from=price.valid.lower, last_day=(before, last_day))
    return _record(product, facts, by=by, reason=reason)


@transaction.atomic
def withdraw_product(*, product: Product, by: Actor, reason: str) -> AuditEvent:
    """Not sold from now on: the price of today ends, those that have not begun are taken back. Raises CannotEnd."""
    product, today = _lock_product(product.pk), price_day()
    ending = list(product.prices.exclude(valid__fully_lt=DateRange(today, None)).order_by("valid"))
    if not ending:
        raise CannotEnd(_("The product is not on sale, and no price is to come."))
    for price in ending:
        if price.valid.lower < today:
            _cut(price, today)
        else:
            price.delete()
    return _record(product, CatalogChanged(withdrawn=tuple(map(_as_it_was, ending))), by=by, reason=reason)


def _lock_product(pk: int) -> Product:
    return Product.objects.select_for_update().get(pk=pk)


def _require_can_end(price: ProductPrice, last_day: date) -> None:
    today = price_day()
    if last_day < today:
        raise CannotEnd(
            _("What the past cost stays as it was. Choose %(day)s, which is today by UTC, or a later day.")
            % {"day": formats.day(today)}
        )
    if last_day < price.valid.lower:
        raise CannotEnd(
            _("This price begins on %(day)s. Choose that day or a later one.")
            % {"day": formats.day(price.valid.lower)}
        )
    if last_day > LAST:
        raise CannotEnd(_("Choose a day between 2000 and 2200."))
    if price.valid.upper and last_day + DAY >= price.valid.upper:
        raise CannotEnd(
            _("The last day of this price is %(day)s already. Choose an earlier one.")
            % {"day": formats.day(price.valid.upper - DAY)}
        )


def _cut(price: ProductPrice, until: date) -> None:
    ProductPrice.objects.filter(pk=price.pk).update(valid=DateRange(price.valid.lower, until))


def _as_it_was(price: ProductPrice) -> Price:
    return Price(price.currency, price.valid.lower, price.valid.upper, price.monthly, price.annual)


def _record(product: Product, facts: CatalogChanged, *, by: Actor, reason: str) -> AuditEvent:
    return audit.record(
        AuditKind.CATALOG_CHANGED,
        by=by,
        tenant=None,
        subject_name=product.name,
        subject_uuid=product.uuid,
        reason=reason,
        facts=facts,
    )
