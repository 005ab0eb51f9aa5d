"""The lines of an order as a table, in the order's own page and in the check-out."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.models import OrderLine, Tenant
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table


def lines_table(tenant: Tenant, lines: Iterable[OrderLine]) -> Table:
    """A line that was fulfilled leads to its subscription."""
    prefix = reverse("subscriptions:list", args=[tenant.slug])

    def product(line: OrderLine) -> SafeString:
        url = f"{prefix}{line.subscription.uuid}/" if line.subscription else ""
        own_name = line.subscription.own_name if line.subscription else ""
        trial = _("continues your trial") if line.trial else ""
        return cells.together(cells.link(url, line.product.name), cells.below(own_name), cells.below(trial))

    columns = (
        Column(_("Product"), product),
        Column(_("Licenses"), lambda line: formats.number(line.licenses), css="num"),
        Column(_("Billing frequency"), lambda line: line.get_billing_frequency_display()),
        Column(_("Per user and month"), lambda line: formats.money(line.unit_price, line.currency), css="num"),
        Column(_("Cost"), lambda line: formats.money(line.cost, line.currency), css="num"),
    )
    return Table(_("Products of the order"), columns, lines)
