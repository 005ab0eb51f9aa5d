"""Workspace > Company: customers, credits and their worth of each of the company's IDs, and of all together."""

from collections.abc import Callable, Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.overview.company import MOST_IDS, OfId, ids_of_company, summed, together
from partners.overview.credit_values import ListPrices, list_prices
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.base.countries import country_name
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table


@partner_page(Permission.READ_WORKSPACE)
def company(request: PartnerRequest) -> HttpResponse:
    each = [summed(partner) for partner in ids_of_company(request.partner, request.user.pk)]
    total = together(request.partner, each)
    context = {
        "table": Table(_("Your company's IDs"), _columns(list_prices(request.partner), total), [*each, total]),
        "most": MOST_IDS if len(each) == MOST_IDS else 0,
        "breadcrumbs": [(_("Company"), None)],
    }
    return render(request, "workspace/company.html", context)


def _columns(prices: ListPrices, total: OfId) -> Sequence[Column]:
    def linked(name: str, number: Callable[[OfId], int]) -> Callable[[OfId], object]:
        def cell(row: OfId) -> object:
            url = reverse(f"workspace:{name}", args=[row.partner.number])
            return formats.number(number(row)) if row is total else cells.link(url, formats.number(number(row)))

        return cell

    return (
        Column(_("ID"), lambda row: _("All together") if row is total else _id(row)),
        Column(_("Customers"), linked("customers", lambda row: len(row.tenants)), css="num"),
        Column(_("Credited subscriptions"), linked("partner-of-record", lambda row: row.credits), css="num"),
        Column(_("List value a month"), lambda row: formats.money(row.value(prices), prices.currency), css="num"),
    )


def _id(row: OfId) -> SafeString:
    partner = row.partner
    url = reverse("workspace:home", args=[partner.number])
    where = formats.join_facts(partner.get_kind_display(), partner.city, country_name(str(partner.country)))
    return cells.together(
        cells.link(url, cells.code(partner.number)), " ", cells.name(partner.name), cells.below(where)
    )
