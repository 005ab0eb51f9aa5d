"""Every address of the portal, as the resolver knows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, get_resolver

ADMIN = "admin:"
IN_STAFF_ROUTES = {
    "<path:object_id>": "1",
    "<uuid:uuid>": "00000000-0000-4000-8000-000000000000",
    "<slug:tab>": "people",
    r"^(?P<app_label>subscriptions|partners)/$": "partners/",
    r"(?P<url>.*)$": "nowhere/",
}


@dataclass(frozen=True)
class Address:
    name: str
    route: str
    view: Callable

    def __str__(self) -> str:
        return self.name or self.route


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns, route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(namespace + (pattern.name or ""), path, pattern.callback)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, path, inner)


def portal_addresses() -> list[Address]:
    """All but those of Django admin, which has one door for all."""
    return [address for address in addresses() if not address.name.startswith(ADMIN)]


def staff_addresses() -> list[Address]:
    return [address for address in addresses() if address.name.startswith(ADMIN)]


def staff_urls() -> dict[str, str]:
    """An address for each, of a row that is there or not; names come twice, so the route is part of them."""
    return {f"{address.name} {address.route}": staff_url(address.route) for address in staff_addresses()}


def staff_url(route: str) -> str:
    for part, value in IN_STAFF_ROUTES.items():
        route = route.replace(part, value)
    assert "<" not in route, f"Say in IN_STAFF_ROUTES what stands in {route}."
    return f"/{route}"
