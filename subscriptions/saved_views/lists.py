"""The lists of an organization whose filters a person can give a name: one line a list."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from subscriptions.access import Permission
from subscriptions.clouds import Text

# What of an address is no filter: the place in the pages, a file, what is chosen, and that all are to be shown
NO_FILTERS = frozenset({"after", "before", "choose", "file", "view"})
ALL = "?view=all"  # the list without any filter, where an address without a query opens the own view


@dataclass(frozen=True)
class Listed:
    """A list by the name of its address, and who reads it."""

    label: Text
    url_name: str
    permission: Permission
    all_query: str = ALL


SUBSCRIPTIONS, ORDERS, AUDIT_LOG, SCHEDULED, APPROVALS = (
    "subscriptions",
    "orders",
    "audit-log",
    "scheduled-changes",
    "approvals",
)
LISTS = {
    SUBSCRIPTIONS: Listed(
        _("Subscriptions"), "subscriptions:list", Permission.READ_SUBSCRIPTIONS, all_query="?order=name"
    ),
    ORDERS: Listed(_("Orders"), "subscriptions:order-list", Permission.READ_ORDERS),
    AUDIT_LOG: Listed(_("Audit log"), "subscriptions:audit-log", Permission.READ_AUDIT_LOG),
    SCHEDULED: Listed(_("Scheduled changes"), "partners:scheduled-list", Permission.SET_PARTNER_OF_RECORD),
    APPROVALS: Listed(_("Approvals"), "subscriptions:approval-list", Permission.SET_PARTNER_OF_RECORD),
}


def filters_in(query: QueryDict) -> str:
    """What of an address a view keeps, always in the same order; empty where nothing is set."""
    kept = QueryDict(mutable=True)
    for name in sorted(query):
        if name not in NO_FILTERS and (values := [value for value in query.getlist(name) if value]):
            kept.setlist(name, values)
    return kept.urlencode()
