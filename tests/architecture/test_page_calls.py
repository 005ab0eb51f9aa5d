"""How many Python functions a page calls: a measure of its work that no other process disturbs.

A ceiling stands some way above what is needed: a small change passes, and a page that does its work twice fails.
Where a page became lighter, its ceiling comes down with it.
"""

import sys
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pytest
from django.test import Client

from subscriptions.clouds import Cloud
from tests.partners.partner_of_record import client as acts
from tests.personas import open_session
from tests.worlds import World, make_world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="Each version of Python counts differently."),
]

LIST = "/t/nordwind/billing/subscriptions/"
CEILINGS: dict[str, tuple[Callable[[World], str], int]] = {
    "a page that is none": (lambda world: "/t/nowhere/", 5_500),
    "home": (lambda world: "/t/nordwind/", 21_400),
    "subscriptions": (lambda world: LIST, 8_900),
    "a subscription": (lambda world: world.url(world.named), 9_600),
    "Partner information": (lambda world: world.url(world.named, "partner-of-record/"), 11_300),
    "relationships": (lambda world: "/t/nordwind/settings/partner-relationships/", 9_700),
    "audit log": (lambda world: "/t/nordwind/settings/audit-log/", 13_300),
    "orders": (lambda world: "/t/nordwind/billing/orders/", 6_200),
}


CHECK_ID = 8_300  # the part of the page that a press of the button changes


def calls_of(ask: Callable[[], object]) -> int:
    found = 0

    def count(frame, event, argument):
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        ask()
    finally:
        sys.setprofile(None)
    return found


def test_a_page_calls_no_more_functions_than_its_ceiling():
    world, client = make_world(Cloud.GERMANY), Client()
    open_session(client, world.admin)
    found = {}
    for page, (url, _most) in CEILINGS.items():
        client.get(url(world))  # what is kept in the process is made by now
        found[page] = calls_of(partial(client.get, url(world)))
    assert {page: calls for page, calls in found.items() if calls > CEILINGS[page][1]} == {}, found
    assert {page: calls for page, calls in found.items() if calls < CEILINGS[page][1] // 2} == {}, (
        "Lower the ceiling."
    )


def test_check_id_calls_no_more_functions_than_its_ceiling():
    """As htmx sends it."""
    world, client = make_world(Cloud.GERMANY), Client()
    open_session(client, world.admin)
    typed = urlencode(acts.opened(client, world.named) | {"partner_id": world.other.number})
    headers = {"HX-Request": "true", "HX-Target": "check-result"}
    form = "application/x-www-form-urlencoded"
    ask = partial(client.post, acts.check_url(world.named), typed, content_type=form, headers=headers)
    assert world.other.name in ask().content.decode()
    calls = calls_of(ask)
    assert CHECK_ID // 2 < calls <= CHECK_ID
