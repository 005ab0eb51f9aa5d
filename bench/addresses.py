"""Every page whose address names no row, found in the portal's own addresses, and lists asked as people ask them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import URLResolver, get_resolver, reverse

LARGE, AGENT, STAFF = "large", "agent", "staff"
# By how an address begins: whose session asks, and what stands for the names in it
PLACES = {
    "t/<slug:slug>/": (LARGE, "t/bench-1/"),
    "p/<slug:number>/": (AGENT, "p/5000001/"),
    "staff/": (STAFF, "staff/"),
}
NO_PAGES = (".csv", "logout/", "login/", "jsi18n/", "autocomplete/", "/file/")
TEXTS = {"rare": "zephyr", "no hit": "nothing there", "in all": "site", "two words": "office zephyr"}
SUBSCRIPTIONS, CREDITS = "/t/bench-1/billing/subscriptions/", "/p/5000001/partner-of-record/"
FILTERED = {
    SUBSCRIPTIONS: (
        "order=cost", "order=-ends", "status=active", "status=trial", "status=disabled&order=cost", "partner=with",
        "partner=without", "partner_id=5000007", "ends=expires", "ends=renews", "ends=trial",
    ),
    "/t/bench-1/settings/audit-log/": ("kind=order.placed", "actor=person+7", "since=2025-06-01"),
    "/t/bench-1/billing/orders/": ("q=zephyr", "q=2025-00", "state=placed", "state=draft"),
    "/t/bench-1/settings/partner-relationships/": ("q=zenith", "q=nothing", "status=all", "status=ends-soon"),
    CREDITS: ("order=ends", "order=organization", "status=expired", "country=US", "ends=runs-out-30", "ends=term-90"),
    "/p/5000001/customers/": ("q=company", "q=nothing", "tie=reseller", "tie=ends-soon"),
}  # fmt: skip


def every_page() -> Iterator[tuple[str, str]]:
    """Address and whose session asks."""
    yield from _beginning_so(get_resolver(), "")
    for path, queries in FILTERED.items():
        yield from ((f"{path}?{query}", AGENT if path.startswith("/p/") else LARGE) for query in queries)
    for path, who in ((SUBSCRIPTIONS, LARGE), (CREDITS, AGENT), ("/staff/search/", STAFF)):
        yield from ((f"{path}?q={text.replace(' ', '+')}", who) for text in TEXTS.values())
    for model, page in admin.site._registry.items():
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield f"{path}?p=200", STAFF  # the last page of a long one
        if page.search_fields:
            yield from ((f"{path}?q={text.replace(' ', '+')}", STAFF) for text in TEXTS.values())
        yield from ((f"{path}?{query}", STAFF) for query in _filters(page))


def _filters(page: Any) -> Iterator[str]:
    names = [name for each in page.list_filter for name in getattr(each, "parameter_names", ())]
    if "tenant" in names:
        yield "tenant=10000"
    yield from (f"{name}=2026-01-01" for name in names if name.endswith("-since"))


def _beginning_so(resolver: URLResolver, before: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _beginning_so(pattern, route)
            continue
        for beginning, (who, place) in PLACES.items():
            path = route.replace(beginning, place, 1) if route.startswith(beginning) else "<"
            if not any(mark in path for mark in ("<", "(", "^")) and not path.endswith(NO_PAGES):
                yield f"/{path}", who
