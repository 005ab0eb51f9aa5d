"""Credited subscriptions as rows of the workspace's tables and of its file. Never what they cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Value, When
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partners.access import PartnerRequest
from partners.overview.credit_values import PAID, ListPrices
from partners.overview.credited_subscriptions import states_there
from subscriptions.base import formats
from subscriptions.base.days import today_by_zone
from subscriptions.models.tenant import TenantState
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web import cells
from subscriptions.web.files.file_values import Day, FileValue, Key, Same, StatusByDate
from subscriptions.web.tables import Column, Place

CREDITED = 2  # where the columns of the subscription begin, behind its organization's


def credit_columns(request: PartnerRequest, prices: ListPrices) -> list[Column]:
    """Of rows of credited_subscriptions.facts."""
    organization, state = _organizations(request.partner.number), states_there()
    return [
        Column(_("Organization"), organization, value="tenant__name", sort="organization"),
        Column(_("Country or region"), value="tenant__country"),
        Column(_("Subscription"), with_product, value="subscription__name", place=Place.LINE),
        Column(_("Subscription ID"), value=Key("subscription__uuid")),
        Column(_("Product"), value="subscription__product__name"),
        Column(_("Status"), value=StatusByDate(state, today_by_zone("tenant__time_zone"), "subscription__")),
        Column(_("Assigned licenses"), value="subscription__licenses_assigned"),
        Column(_("Licenses"), _licenses, value="subscription__licenses_total", css="num"),
        Column(_("List value a month"), prices.said, css="num", place=Place.FIGURE),
        *_days(),
        Column(_("List value a month"), value=ListValue(prices)),
        Column(_("Currency"), value=Same(prices.currency)),
        Column(_("The organization's address in the portal"), value="tenant__slug"),
        Column(_("Status"), lambda row: cells.tag(STATUS_TAGS[state(row)], state(row).label), place=Place.STATE),
    ]


@dataclass(frozen=True)
class ListValue(FileValue):
    """A month by the list price, of what is paid for and still sold."""

    prices: ListPrices

    def __call__(self, row: Mapping[str, Any]) -> Decimal | None:
        return self.prices.of(row)

    def in_sql(self) -> Case:
        sold = {product: price for product, price in self.prices.monthly.items() if price is not None}
        whens = (When(PAID, product=product, then=Value(sold[product]) * F("licenses")) for product in sold)
        return Case(*whens, output_field=DecimalField(max_digits=20, decimal_places=2))


def _days() -> list[Column]:
    return [
        Column(
            _("Credited since"),
            lambda row: formats.day(row["began"]),
            value=Day("began"),
            css="day",
            sort="-since",
            place=Place.DAY,
            in_zone=True,
        ),
        Column(_("Term ends"), lambda row: formats.day(row["subscription__term_ends_on"]), css="day", sort="ends"),
        Column(_("Term ends (a day of the organization's zone)"), value="subscription__term_ends_on"),
    ]


def _organizations(number: str) -> Callable[[dict], object]:
    """The cell of a row's organization, which leads to its page in this partner's workspace."""
    prefix = reverse("workspace:customers", args=[number])

    def organization(row: dict) -> object:
        name = cells.link(f"{prefix}{row['tenant__uuid']}/", cells.name(row["tenant__name"]))
        state = TenantState(row["tenant__state"])
        held = "" if state == TenantState.ACTIVE else cells.warning(state.label)
        return cells.together(name, held, cells.below_mono(row["tenant__slug"]))

    return organization


def with_product(row: dict) -> SafeString:
    """A subscription that was given a name of its own also tells its product."""
    name, product = row["subscription__name"], row["subscription__product__name"]
    return cells.together(name, cells.below(product if product != name else ""))


def _licenses(row: dict) -> str:
    assigned, total = row["subscription__licenses_assigned"], row["subscription__licenses_total"]
    return f"{formats.number(assigned)} / {formats.number(total)}"
