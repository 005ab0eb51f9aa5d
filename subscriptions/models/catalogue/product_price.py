from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from subscriptions.base import formats
from subscriptions.models.catalogue.product import Product


def price_day() -> date:
    """The day whose prices hold now: prices have days of UTC, for staff and for organizations in every zone.

    So a price begins and ends in one moment everywhere, and what staff withdraw is from then on sold nowhere. A
    buyer who saw another price is asked again, so orders keep the price that the buyer saw.
    """
    return timezone.now().date()


class ProductPriceQuerySet(models.QuerySet):
    def on(self, day):
        """The prices of that day."""
        return self.filter(valid__contains=day)


class ProductPrice(models.Model):
    """What a product costs per user and month from a day on, billed monthly or for a whole year.

    Orders and subscriptions hold the price they were made with, so a new row never touches them.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices", verbose_name=_("product"))
    currency = models.CharField(_("currency"), max_length=3)
    monthly = models.DecimalField(_("per user and month, billed monthly"), max_digits=10, decimal_places=2)
    annual = models.DecimalField(_("per user and month, billed annually"), max_digits=10, decimal_places=2)
    valid = DateRangeField(_("valid"))

    objects = ProductPriceQuerySet.as_manager()

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            ExclusionConstraint(
                name="productprice_one_at_a_time",
                expressions=[("product_id", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("The product has another price in that time."),
            ),
            models.CheckConstraint(name="productprice_not_negative", condition=Q(monthly__gte=0, annual__gte=0)),
            models.CheckConstraint(name="productprice_currency_code", condition=Q(currency__regex=r"^[A-Z]{3}$")),
            models.CheckConstraint(
                name="productprice_half_open",
                condition=Q(valid__isempty=False, valid__lower_inf=False, valid__lower_inc=True)
                & Q(valid__upper_inc=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}{formats.mark(': ')}{formats.money(self.monthly, self.currency)}"
