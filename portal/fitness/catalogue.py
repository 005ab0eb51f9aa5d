"""What does each cloud have on sale, now and in a month?"""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.fitness.findings import MOST_NAMED, Finding, good, join_first, not_used, warning
from subscriptions.base import formats
from subscriptions.clouds import Cloud, CloudStatus, Text, profile_of
from subscriptions.db import scopes
from subscriptions.models import CloudState, Product, ProductPrice
from subscriptions.models.catalogue.product_price import price_day

AHEAD = timedelta(days=31)
THE_PRICES, THE_PRODUCTS = gettext_lazy("Enter prices"), gettext_lazy("Enter products")


def asking(cloud: Cloud) -> Callable[[], Finding]:
    def ask() -> Finding:
        with scopes.staff():
            return _ask(cloud)

    return ask


def _ask(cloud: Cloud) -> Finding:
    state = CloudState.objects.filter(cloud=cloud).values_list("status", flat=True).first()
    if (state or profile_of(cloud).default_status) == CloudStatus.CLOSED:
        return not_used(_("Closed, so nothing is sold there."))
    today, later = price_day(), price_day() + AHEAD
    prices = ProductPrice.objects.filter(product=OuterRef("pk"), currency=profile_of(cloud).currency)
    products = Product.objects.filter(cloud=cloud)
    on_sale = products.filter(Exists(prices.on(today)))
    sold, number = on_sale.count(), products.count()
    if not sold:
        link, label = _place(has_products=bool(number))
        return warning(_("Nothing is on sale: no product has a price of today."), link, label)
    ending = list(on_sale.exclude(Exists(prices.on(later))).values_list("name", flat=True)[: MOST_NAMED + 1])
    if ending:
        names = join_first(ending)
        sentence = _("Without a price from %(day)s or earlier, when they leave the shop: %(products)s.")
        link, label = _place(has_products=True)
        return warning(sentence % {"day": formats.day(later), "products": names}, link, label)
    sentence = ngettext(
        "%(sold)s of %(number)s product is on sale, today and in a month.",
        "%(sold)s of %(number)s products are on sale, today and in a month.",
        number,
    )
    return good(sentence % {"sold": formats.number(sold), "number": formats.number(number)})


def _place(*, has_products: bool) -> tuple[str, Text]:
    if has_products:
        return reverse("admin:subscriptions_productprice_changelist"), THE_PRICES
    return reverse("admin:subscriptions_product_changelist"), THE_PRODUCTS
