"""How many Python functions a page calls: a measure of its work that no other process disturbs.

A ceiling stands some way above what is needed: a small change passes, and a page that does its work twice fails.
Where a page became lighter, its ceiling comes down with it.
"""

import sys
from collections.abc import Callable

import pytest
from django.test import Client

from subscriptions.clouds import Cloud
from tests.personas import open_session
from tests.worlds import World, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="Each version of Python counts differently."),
]

LIST = "/t/nordwind/billing/subscriptions/"
CEILINGS: dict[str, tuple[Callable[[World], str], int]] = {
    "a page that is none": (lambda world: "/t/nowhere/", 5_700),
    "home": (lambda world: "/t/nordwind/", 21_900),
    "subscriptions": (lambda world: LIST, 9_450),
    "a subscription": (lambda world: world.url(world.named), 10_100),
    "Partner information": (lambda world: world.url(world.named, "partner-of-record/"), 11_700),
    "relationships": (lambda world: "/t/nordwind/settings/partner-relationships/", 10_100),
    "audit log": (lambda world: "/t/nordwind/settings/audit-log/", 13_700),
    "orders": (lambda world: "/t/nordwind/billing/orders/", 6_600),
}


def calls_of(client: Client, url: str) -> int:
    found = 0

    def count(frame, event, argument):
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        client.get(url)
    finally:
        sys.setprofile(None)
    return found


def test_a_page_calls_no_more_functions_than_its_ceiling():
    world, client = make_world(Cloud.GERMANY), Client()
    open_session(client, world.admin)
    found = {}
    for page, (url, _most) in CEILINGS.items():
        client.get(url(world))  # what is kept in the process is made by now
        found[page] = calls_of(client, url(world))
    assert {page: calls for page, calls in found.items() if calls > CEILINGS[page][1]} == {}, found
    assert {page: calls for page, calls in found.items() if calls < CEILINGS[page][1] // 2} == {}, (
        "Lower the ceiling."
    )
