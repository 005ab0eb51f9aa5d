"""A kind of subscriptions that needs attention is a filter of their list."""

from collections.abc import Callable, Mapping
from typing import Any

from subscriptions.access import Permission
from subscriptions.attention.kinds import AttentionKind
from subscriptions.models import Subscription, Tenant
from subscriptions.subscriptions.reads import END_FILTERS, PARTNER_FILTERS, Narrowed


def of_partner(name: str, **facts: Any) -> AttentionKind:
    """By the partner of record."""
    return AttentionKind(
        name=f"partner-{name}",
        rows=_rows_of(PARTNER_FILTERS, name),
        filters=f"partner={name}",
        acts_by=Permission.SET_PARTNER_OF_RECORD,
        **_OF_THE_LIST,
        **facts,
    )


def of_end(name: str, **facts: Any) -> AttentionKind:
    """By what the end of the term brings, the first one first."""
    return AttentionKind(
        name=f"ends-{name}",
        rows=_rows_of(END_FILTERS, name),
        day="term_ends_on",
        filters=f"ends={name}&order=ends",
        acts_by=Permission.MANAGE_SUBSCRIPTIONS,
        **_OF_THE_LIST,
        **facts,
    )


_OF_THE_LIST: dict[str, Any] = {"list_name": "subscriptions:list", "permission": Permission.READ_SUBSCRIPTIONS}


def _rows_of(filters: Mapping[str, Narrowed], name: str) -> Callable[[Tenant], Any]:
    """The rows of the list with this one filter; which filters there are is known when they are asked for."""

    def rows(tenant: Tenant) -> Any:
        return filters[name].narrow(Subscription.objects.of_tenant(tenant).with_partner(), tenant)

    return rows
