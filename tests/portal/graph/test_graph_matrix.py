"""Each address of the facades × each method × each kind of caller, as the table says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from subscriptions.models import ApplicationToken
from subscriptions.models.people.application import ApplicationScope
from tests.database import as_owner
from tests.factories import (
    make_application,
    make_partner,
    make_partner_of_record,
    make_partner_offer,
    make_subscription,
    make_token,
    make_user,
)
from tests.portal.graph.client import Program

METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
CALLERS = ("alpha", "beta", "partner", "other partner", "operator", "of a gone maker", "expired", "revoked", "nobody")
# What is answered to a call without a body, by caller: at the top all that there is, then only what differs
FOUND = {"alpha": 200, "beta": 200, "of a gone maker": 200}
OF_ALPHA = {"alpha": 200, "of a gone maker": 200}
OF_ANYBODYS_ALPHA = {**OF_ALPHA, "operator": 200}  # where the address names the organization
OF_PARTNER = {"partner": 200}
OF_BOTH = {"alpha": 200, "of a gone maker": 200, "partner": 200}
BAD = 400  # in: there is no body, or it is none that says anything
TABLE: dict[str, dict[str, dict[str, int]]] = {
    "graph-subscriptions": {"get": FOUND},
    "graph-subscription": {"get": OF_ALPHA, "patch": {"alpha": BAD, "of a gone maker": BAD}},
    "graph-subscription-by-key": {"get": OF_ALPHA, "patch": {"alpha": BAD, "of a gone maker": BAD}},
    "graph-relationships": {
        "get": {**FOUND, "partner": 200, "other partner": 200},
        "post": {"partner": BAD, "other partner": BAD},
    },
    "graph-relationship": {"get": OF_BOTH, "patch": {"partner": BAD}, "delete": {"partner": 428}},
    "graph-requests": {"get": OF_BOTH, "post": {"alpha": BAD, "of a gone maker": BAD, "partner": BAD}},
    "graph-request": {"get": {}},
    "graph-customers": {"get": {"partner": 200, "other partner": 200}},
    "graph-customer": {"get": OF_PARTNER},
    "graph-skus": {"get": FOUND},
    "graph-organizations": {"get": {**FOUND, "partner": 200, "other partner": 200}},
    "graph-organization": {"get": OF_ALPHA},
    "arm-partners": {"get": OF_ANYBODYS_ALPHA},
    "arm-partner": {
        "get": OF_ANYBODYS_ALPHA,
        "put": {**OF_ALPHA, "operator": 403},
        "patch": {**OF_ALPHA, "operator": 403},
        "delete": {"alpha": 200, "operator": 403, "of a gone maker": 404},  # who comes later
    },
}
WITHOUT_A_TOKEN = ("expired", "revoked", "nobody")


def patterns(resolver: Any, route: str = "") -> Iterator[tuple[str, URLPattern, str]]:
    for pattern in resolver.url_patterns:
        whole = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield pattern.name or "", pattern, whole
        else:
            yield from patterns(pattern, whole)


ADDRESSES = {
    name: (pattern, route)
    for name, pattern, route in patterns(get_resolver())
    if name.startswith(("graph-", "arm-")) and not name.endswith("-nothing")
}


def expected(name: str, method: str, caller: str) -> int:
    told = TABLE[name].get("get" if method == "head" else method)
    if told is None:
        return 405
    return 401 if caller in WITHOUT_A_TOKEN else told.get(caller, 404)


@pytest.fixture
def urls(alpha) -> dict[str, str]:
    """With rows of alpha and of its partner behind them."""
    partner = make_partner()
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=partner)
    offer = make_partner_offer(tenant=alpha, partner=partner)
    uuids = {
        "graph-subscription": subscription.uuid,
        "graph-subscription-by-key": subscription.uuid,
        "graph-customer": alpha.uuid,
        "graph-organization": alpha.uuid,
        "arm-partners": subscription.uuid,
        "arm-partner": subscription.uuid,
    }
    found = {}
    for name, (_pattern, route) in ADDRESSES.items():
        uuid = str(uuids.get(name, offer.uuid))
        url = route.replace("<slug:slug>", alpha.slug).replace("<str:number>", partner.number)
        for part in ("<uuid:uuid>", "<str:uuid>", "<uuid:request_id>"):
            url = url.replace(part, uuid)
        found[name] = f"/{url}" + ("?api-version=2018-02-01" if name.startswith("arm-") else "")
    return found


@pytest.fixture
def callers(urls, alpha, beta) -> dict[str, Program]:
    partner, other = (make_partner(number=number, name=number) for number in ("111111", "935287"))
    with as_owner():
        partner = type(partner).objects.get(number="565380")
    scopes = ApplicationScope.values
    gone = make_user(email="gone@alpha.example", is_active=False)
    applications = {
        "alpha": make_application(tenant=alpha, scopes=scopes),
        "beta": make_application(tenant=beta, scopes=scopes),
        "partner": make_application(partner=partner, scopes=scopes),
        "other partner": make_application(partner=other, scopes=scopes),
        "operator": make_application(scopes=scopes),
        "of a gone maker": make_application(tenant=alpha, scopes=scopes, name="Old", maker=gone),
    }
    tokens = {name: make_token(application) for name, application in applications.items()}
    tokens |= {"expired": make_token(applications["alpha"], days=-1), "revoked": make_token(applications["alpha"])}
    with as_owner():
        ApplicationToken.objects.order_by("-pk")[:1].get().delete()
    return {name: Program(tokens.get(name, "")) for name in CALLERS}


def test_the_table_has_each_address():
    assert TABLE.keys() == ADDRESSES.keys()


def test_each_caller_gets_what_the_table_says(urls, callers):
    wrong = {}
    for name in TABLE:
        for method in METHODS:
            for caller in CALLERS:
                status = callers[caller].client.generic(method.upper(), urls[name]).status_code
                if status != expected(name, method, caller):
                    wrong[name, method, caller] = status, expected(name, method, caller)
    assert wrong == {}
