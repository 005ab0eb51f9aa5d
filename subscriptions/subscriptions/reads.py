"""Which subscriptions the filters of the list leave, wherever somebody asks by these filters."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from subscriptions.base.formats import with_figures
from subscriptions.clouds import Text
from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import in_state
from subscriptions.models.subscription import BillingFrequency, SubscriptionStatus
from subscriptions.subscriptions.lifecycle import today_of

# By the field of the list's form: what an upper app knows of the rows
MORE_FILTERS: dict[str, Callable[[Tenant, Any, str], Any]] = {}
TRIALS_END_WITHIN = timedelta(days=14)
TERMS_END_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Narrowed:
    """One choice of a filter: its words, and the rows that it leaves of those of an organization."""

    label: Text
    narrow: Callable[[Any, Tenant], Any]


# By their partner of record; the upper app adds what only it knows of partners
PARTNER_FILTERS: dict[str, Narrowed] = {
    "with": Narrowed(_("With partner of record"), lambda rows, tenant: rows.filter(current__isnull=False)),
    "without": Narrowed(_("Without partner of record"), lambda rows, tenant: rows.without_partner()),
}


def ends_within(days: timedelta, today: date, column: str = "term_ends_on") -> Q:
    """From today to the last of these days."""
    return Q((f"{column}__gte", today), (f"{column}__lte", today + days))


def _trials(rows: Any, tenant: Tenant) -> Any:
    today = today_of(tenant)
    return rows.filter(in_state(SubscriptionStatus.TRIAL, today), ends_within(TRIALS_END_WITHIN, today))


def _active(rows: Any, tenant: Tenant, **facts: Any) -> Any:
    today = today_of(tenant)
    return rows.filter(in_state(SubscriptionStatus.ACTIVE, today), ends_within(TERMS_END_WITHIN, today), **facts)


def _days(text: Text, time: timedelta) -> Text:
    return with_figures(text, {"days": time.days})


END_FILTERS: dict[str, Narrowed] = {
    "trial": Narrowed(_days(_("Trials that end within %(days)s days"), TRIALS_END_WITHIN), _trials),
    "expires": Narrowed(
        _days(_("Expire within %(days)s days"), TERMS_END_WITHIN),
        lambda rows, tenant: _active(rows, tenant, recurring_billing=False),
    ),
    # Each monthly term renews within that time, which nobody has to be told
    "renews": Narrowed(
        _days(_("Annual terms that renew within %(days)s days"), TERMS_END_WITHIN),
        lambda rows, tenant: _active(rows, tenant, recurring_billing=True, billing_frequency=BillingFrequency.ANNUAL),
    ),
}


def filter_choices(filters: Mapping[str, Narrowed], all_label: Text) -> list[tuple[str, Text]]:
    return [("", all_label), *((name, each.label) for name, each in filters.items())]


def find_subscriptions(tenant: Tenant, wanted: Mapping[str, Any]) -> Any:
    """Those of the organization that answer to all of `wanted`, the fields of the list's form; with their partner."""
    rows = filter_subscriptions(tenant, wanted)
    return rows.matching(wanted["q"], tenant=tenant) if wanted["q"] else rows


def filter_subscriptions(tenant: Tenant, wanted: Mapping[str, Any]) -> Any:
    """The same without the search."""
    rows: Any = Subscription.objects.of_tenant(tenant).with_partner()
    if wanted["status"]:
        rows = rows.filter(in_state(wanted["status"], today_of(tenant)))
    if narrowed := PARTNER_FILTERS.get(wanted["partner"]):
        rows = narrowed.narrow(rows, tenant)
    if narrowed := END_FILTERS.get(wanted.get("ends", "")):
        rows = narrowed.narrow(rows, tenant)
    if wanted["partner_id"]:
        rows = rows.filter(current__partner__number=wanted["partner_id"])
    if wanted.get("scheduled"):
        rows = rows.with_scheduled_change(wanted["scheduled"])
    for name, leave in MORE_FILTERS.items():
        if wanted.get(name):
            rows = leave(tenant, rows, wanted[name])
    return rows
