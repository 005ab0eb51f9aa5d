"""What a person's open orders hold, as every page of the shop shows it: lines, total, and what comes after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.base import formats
from subscriptions.models import Order, OrderLine, Tenant
from subscriptions.models.subscription import BillingFrequency
from subscriptions.orders.acts import open_drafts


@dataclass(frozen=True)
class Cart:
    """An order that is not placed yet."""

    order: Order
    lines: Sequence[OrderLine]
    currency: str

    @property
    def total(self) -> Decimal:
        """Of the first billing period."""
        return sum((line.cost for line in self.lines), Decimal(0))

    @property
    def later(self) -> list[tuple[int, str, str, bool]]:
        """Billed each month and each year from then on: the months, when, the amount, whether it is none."""
        when = {BillingFrequency.MONTHLY: _("Then each month"), BillingFrequency.ANNUAL: _("Then each year")}
        return [
            (frequency.months, label, formats.money(billed, self.currency), not billed)
            for frequency, label in when.items()
            for billed in [self._billed(frequency)]
        ]

    def _billed(self, frequency: BillingFrequency) -> Decimal:
        return sum((line.cost for line in self.lines if line.billing_frequency == frequency), Decimal(0))


def carts_of(tenant: Tenant, *, by: Actor) -> list[Cart]:
    """The person's open orders that hold something, in one statement; first that into which Buy now puts."""
    drafts = open_drafts(tenant=tenant, by=by)
    rows = OrderLine.objects.filter(tenant=tenant, order__in=drafts).select_related("order", "product")
    by_order = groupby(rows.order_by("-order_id", "id"), key=lambda line: line.order)
    return [Cart(order, list(lines), tenant.cloud_profile.currency) for order, lines in by_order]
