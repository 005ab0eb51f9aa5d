"""Subscriptions of several organizations as rows, and the organizations with their numbers."""

from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.bulk.rules import SEES_MANY
from subscriptions.groups.reads import Seat, Summary
from subscriptions.models.state_by_date import status_in
from subscriptions.models.subscription import SubscriptionStatus, full_name
from subscriptions.subscriptions.pages.rows import end_cell, partner_cell, told_apart
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web import cells
from subscriptions.web.paging import first_page
from subscriptions.web.tables import Column, Place, Table

VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name", "status", "cost_per_month", "currency",
    "term_ends_on", "lapses_on", "recurring_billing", "payment_method", "reseller_managed",
    "current__partner__number", "current__partner__name", "current__partner__state", "changes_on",
)  # fmt: skip


def state_of(row: dict) -> SubscriptionStatus:
    """As of the organization's today, whether or not the job of the night has stored it."""
    return status_in(row, row["seat"].today)


def columns_of(listed: Any) -> list[Column]:
    """Of a SeveralList."""
    statuses = {status: cells.tag(STATUS_TAGS[status], status.label) for status in SubscriptionStatus}
    places = {seat: place_cell(seat) for seat in listed.seats}
    return [
        Column(_("Name"), _name, sort="name"),
        Column(_("Organization"), lambda row: places[row["seat"]], place=Place.LINE),
        Column(_("Status"), lambda row: statuses[state_of(row)], place=Place.STATE),
        Column(
            _("Cost per month"),
            lambda row: formats.money(row["cost_per_month"], row["currency"]),
            css="num",
            sort="cost" if listed.has_one_currency else "",
            place=Place.FIGURE,
        ),
        Column(_("Renews or expires"), end_cell(state_of), css="day", sort="ends", place=Place.DAY),
        Column(_("Partner of record"), partner_cell(says_changes=True), place=Place.WHOM),
    ]


def _name(row: dict) -> SafeString:
    url = reverse("subscriptions:detail", args=[row["seat"].tenant.slug, row["uuid"]])
    below = told_apart(row, _("managed by your reseller"))
    return markup('<a href="{}"><bdi>{}</bdi></a>{}', url, full_name(row["name"], row["own_name"]), below)


def place_cell(seat: Seat) -> SafeString:
    """With its cloud, and that the person may only read there."""
    only_reads = "" if seat.actor.can(SEES_MANY) else _("You may only read here")
    facts = formats.below_a_name(seat.tenant.cloud_profile.label, only_reads)
    return cells.together(cells.name(seat.tenant.name), cells.below(facts))


def summaries_table(listed: Any) -> Table:
    """Of the rows that the filters leave; each number leads to these rows."""
    query = first_page(listed.request.GET)

    def named(summary: Summary) -> SafeString:
        tenant = summary.seat.tenant
        link = cells.link(reverse("admin-home", args=[tenant.slug]), cells.name(tenant.name))
        return cells.together(link, cells.below(tenant.cloud_profile.label))

    columns = [
        Column(_("Organization"), named),
        Column(_("Your role"), lambda summary: _role(summary.seat), place=Place.WHOM),
        Column(_("Subscriptions"), lambda one: _number(one.subscriptions, query, one), css="num"),
        Column(
            _("Without partner of record"),
            lambda one: _number(one.without_partner, query, one, partner="without"),
            css="num",
        ),
        Column(_("Cost per month"), _costs, css="num", place=Place.FIGURE),
    ]
    return Table(_("Your organizations"), columns, listed.summaries, shows_caption=True)


def _role(seat: Seat) -> str:
    return str(seat.actor.role.label) if seat.actor.role else ""


def _number(number: int, query: QueryDict, summary: Summary, **more: str) -> object:
    if not number:
        return formats.number(number)
    leads = query.copy()
    for name, value in {"organization": summary.seat.tenant.slug, **more}.items():
        leads[name] = value
    return cells.link(f"?{leads.urlencode()}", formats.number(number))


def _costs(summary: Summary) -> object:
    said = [formats.money(amount, currency) for currency, amount in summary.costs]
    return cells.lines(said) if said else formats.DASH
