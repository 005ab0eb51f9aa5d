"""Which subscriptions the filters of the list leave, wherever somebody asks by these filters."""

from collections.abc import Callable, Mapping
from typing import Any

from subscriptions.models import Subscription, Tenant
from subscriptions.models.state_by_date import in_state
from subscriptions.subscriptions.lifecycle import today_of

# By the field of the list's form: what an upper app knows of the rows
MORE_FILTERS: dict[str, Callable[[Tenant, Any, str], Any]] = {}


def find_subscriptions(tenant: Tenant, wanted: Mapping[str, Any]) -> Any:
    """Those of the organization that answer to all of `wanted`, the fields of the list's form; with their partner."""
    rows = filter_subscriptions(tenant, wanted)
    return rows.matching(wanted["q"], tenant=tenant) if wanted["q"] else rows


def filter_subscriptions(tenant: Tenant, wanted: Mapping[str, Any]) -> Any:
    """The same without the search."""
    rows: Any = Subscription.objects.of_tenant(tenant).with_partner()
    if wanted["status"]:
        rows = rows.filter(in_state(wanted["status"], today_of(tenant)))
    if wanted["partner"] == "with":
        rows = rows.filter(current__isnull=False)
    if wanted["partner"] == "without":
        rows = rows.without_partner()
    if wanted["partner_id"]:
        rows = rows.filter(current__partner__number=wanted["partner_id"])
    if wanted.get("scheduled"):
        rows = rows.with_scheduled_change(wanted["scheduled"])
    for name, leave in MORE_FILTERS.items():
        if wanted.get(name):
            rows = leave(tenant, rows, wanted[name])
    return rows
