"""Workspace > Home: what was gained and lost, and what waits for this partner or ends soon, each with its list."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.overview.credit_months import RECENT_DAYS, Change, Gain, first_of_recent, gains
from partners.overview.credit_values import ListPrices, list_prices
from partners.overview.workspace.mails import notice_on_home
from subscriptions.access import Permission
from subscriptions.attention.pages import attention_context
from subscriptions.base import formats
from subscriptions.web import cells
from subscriptions.web.tables import Column, Table


@partner_page(Permission.READ_WORKSPACE)
def home(request: PartnerRequest) -> HttpResponse:
    """The same statements for any number of customers and credits."""
    context = {
        "attention": attention_context(request.partner, request.actor),
        "gains": gained_and_lost(request, list_prices(request.partner)),
        "all_url": reverse("workspace:partner-of-record", args=[request.partner.number]),
    }
    return render(request, "workspace/home.html", context | notice_on_home(request))


def gained_and_lost(request: PartnerRequest, prices: ListPrices) -> Table:
    today, zone = timezone.localdate(), timezone.get_current_timezone_name()
    month, recent = today.replace(day=1), first_of_recent(today)
    found = gains(request.partner, [month, recent], zone=zone)
    url = reverse("workspace:credit-changes", args=[request.partner.number])
    rows = [
        _row(url, label, period, [found[what][number] for what in Change], prices)
        for number, (label, period) in enumerate(_periods(month))
    ]
    return Table(_("Gained and lost"), COLUMNS, rows)


def _periods(month: date) -> list[tuple[object, dict[str, Any]]]:
    recent = _("Last %(days)s days") % {"days": RECENT_DAYS}
    return [(formats.month(month), {"month": f"{month:%Y-%m}"}), (recent, {"days": RECENT_DAYS})]


def _row(url: str, label: object, period: dict[str, Any], both: list[Gain], prices: ListPrices) -> dict[str, Any]:
    row: dict[str, Any] = {"label": label}
    for what, gain in zip(Change, both, strict=True):
        row[what.value] = gain.number
        row[f"{what}_value"] = prices.a_month(prices.sum(gain.licenses))
        row[f"{what}_url"] = f"{url}?{urlencode({'what': what.value} | period)}"
    return row


def _number(what: Change, row: dict[str, Any]) -> object:
    """Leads to what it counts, where that is something."""
    if not row[what.value]:
        return "0"
    told = {Change.GAINED: _("gained: %(period)s"), Change.LOST: _("lost: %(period)s")}[what]
    number = cells.together(formats.number(row[what.value]), cells.unseen(told % {"period": row["label"]}))
    return cells.link(row[f"{what}_url"], number)


COLUMNS = (
    Column(_("Period"), lambda row: row["label"]),
    Column(_("Gained"), lambda row: _number(Change.GAINED, row), css="num"),
    Column(_("List value gained"), lambda row: row["gained_value"], css="num"),
    Column(_("Lost"), lambda row: _number(Change.LOST, row), css="num"),
    Column(_("List value lost"), lambda row: row["lost_value"], css="num"),
)
