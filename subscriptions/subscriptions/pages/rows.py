"""Subscriptions as rows of a table: what is the same in many rows is looked up and drawn once."""

from collections.abc import Callable
from functools import lru_cache

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partners.directory.rules import flag_of
from partners.models.partner import PartnerState
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.models.state_by_date import status_in
from subscriptions.models.subscription import BillingFrequency, EndOfTerm, SubscriptionStatus, end_of_term, full_name
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web import cells
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.tables import Column, Place

VALUES = (
    "uuid", "name", "own_name", "cost_center", "product__name",
    "status", "licenses_assigned", "licenses_total", "billing_frequency", "cost",
    "currency", "term_ends_on", "lapses_on", "recurring_billing", "payment_method", "reseller_managed",
    "current__partner__number", "current__partner__name", "current__partner__state",
)  # fmt: skip
PARTNER = '<span class="mono">{}</span><br><span class="muted small"><bdi>{}</bdi></span>{}{}'


def subscription_columns(request: TenantRequest) -> list[Column]:
    language = get_language()
    statuses, periods = _statuses(language), _periods(language)
    today, reader = today_of(request.tenant), formats.formats_in_force()

    def cost(row: dict) -> SafeString:
        """With its period, as amounts of months and of years stand below each other."""
        return markup("{}{}", reader.money(row["cost"], row["currency"]), periods[row["billing_frequency"]])

    def licenses(row: dict) -> str:
        return f"{reader.number(row['licenses_assigned'])} / {reader.number(row['licenses_total'])}"

    def state(row: dict) -> SubscriptionStatus:
        """As of today, whether or not the job of the night has stored it."""
        return status_in(row, today)

    return [
        Column(_("Name"), _name_cell(request), value="name", sort="name"),
        Column(_("Status"), lambda row: statuses[state(row)], place=Place.STATE),
        Column(_("Licenses"), licenses, css="num", place=Place.ELSEWHERE),
        Column(_("Cost"), cost, css="num", sort="cost", place=Place.FIGURE),
        Column(_("Renews or expires"), end_cell(state), css="day", sort="ends", place=Place.DAY),
        Column(_("Partner of record"), partner_cell(says_changes=not request.actor.is_partner), place=Place.WHOM),
    ]


@lru_cache
def _statuses(_language: str | None) -> dict[str, SafeString]:
    """As each row shows them, in the language in force, which is named to tell these of others apart."""
    return {status.value: cells.tag(STATUS_TAGS[status], status.label) for status in SubscriptionStatus}


@lru_cache
def _periods(_language: str | None) -> dict[str, SafeString | str]:
    return {frequency.value: cells.below(frequency.per_period) for frequency in BillingFrequency}


@lru_cache
def _ends(_language: str | None) -> dict[EndOfTerm, str]:
    return {end: str(end.in_a_row) for end in EndOfTerm}


@lru_cache
def _flags(_language: str | None) -> dict[str, SafeString | str]:
    """Behind a partner that is not active."""
    return {state.value: cells.warning(flag.label) if (flag := flag_of(state)) else "" for state in PartnerState}


def _name_cell(request: TenantRequest) -> Callable[[dict], SafeString]:
    """Told apart from others of its product by the organization's own name and cost center."""
    prefix, query = reverse("subscriptions:list", args=[request.tenant.slug]), request.GET.urlencode()
    suffix = f"?{urlencode({'list': query})}" if query else ""
    managed = _("managed by a reseller") if request.actor.is_partner else _("managed by your reseller")

    def cell(row: dict) -> SafeString:
        named, url = full_name(row["name"], row["own_name"]), f"{prefix}{row['uuid']}/{suffix}"
        return markup('<a href="{}"><bdi>{}</bdi></a>{}', url, named, told_apart(row, managed))

    return cell


def told_apart(row: dict, managed: str) -> SafeString | str:
    """What a subscription is beside its name; `managed` says whose reseller manages it."""
    product = row["product__name"] if row["product__name"] != row["name"] else ""
    center = _("Cost center: %(name)s") % {"name": row["cost_center"]} if row["cost_center"] else ""
    managed = managed if row["reseller_managed"] else ""
    return cells.below(formats.below_a_name(product, center, managed)) if product or center or managed else ""


def end_cell(state: Callable[[dict], SubscriptionStatus]) -> Callable[[dict], str]:
    ends = _ends(get_language())
    reader = formats.formats_in_force()

    def cell(row: dict) -> str:
        recurs, method = row["recurring_billing"], row["payment_method"]
        end = end_of_term(status=state(row), recurring_billing=recurs, payment_method=method)
        return ends[end] % {"day": reader.date(row["term_ends_on"])}

    return cell


def partner_cell(*, says_changes: bool) -> Callable[[dict], SafeString | str]:
    """With the day on which it changes, for the organization's own people."""
    flags = _flags(get_language())
    none, changes_on = cells.muted(_("None")), _("Changes on %(day)s")

    def cell(row: dict) -> SafeString | str:
        number, day = row["current__partner__number"], row.get("changes_on") if says_changes else None
        changes = cells.below(changes_on % {"day": formats.day(day)}) if day else ""
        if number is None:
            return markup("{}{}", none, changes)
        flag = flags[row["current__partner__state"]]
        return markup(PARTNER, number, row["current__partner__name"], flag, changes)

    return cell
