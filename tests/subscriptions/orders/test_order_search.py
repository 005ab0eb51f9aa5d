"""Orders are found by the beginning of their number, and by words of what was bought and of whom they name."""

import pytest

from subscriptions.db import scopes
from subscriptions.models import OrderLine
from subscriptions.orders import acts as orders
from tests.database import as_owner
from tests.factories import make_actor, make_order, make_sold_product, make_subscription, placed

LIST = "/t/alpha/billing/orders/"
NAMED = {"partner_number": "565380", "partner_name": "Łódź O’Brien Consulting"}


@pytest.fixture
def client(alpha, beta, global_admin, sign_in):
    """Three orders of alpha, and one of another organization that would answer to each search."""
    make_order(tenant=alpha, product=make_sold_product(name="Visio"), **placed("2026-000123"))
    suite = make_order(tenant=alpha, **NAMED, **placed("2026-000200"))
    make_order(tenant=alpha, product=make_sold_product(name="Project"))
    make_order(tenant=beta, product=make_sold_product(name="Visio Plan 2"), **NAMED, **placed("2026-000124"))
    subscription = make_subscription(tenant=alpha, name="Suite of Berlin", own_name="Lab", cost_center="KST 7")
    with as_owner():
        OrderLine.objects.filter(order=suite).update(subscription=subscription)
    return sign_in(global_admin)


def found(client, text: str) -> list[str]:
    return [row["number"] for row in client.get(LIST, {"q": text}).context["list"].rows]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2026-0001", ["2026-000123"]),
        ("2026-000124", []),
        ("000123", []),
        ("visio", ["2026-000123"]),
        ("project", [""]),
        ("consulting lodz", ["2026-000200"]),
        ("o'brien", ["2026-000200"]),
        ("5653", ["2026-000200"]),
        ("00565380", ["2026-000200"]),
        ("berlin suite", ["2026-000200"]),
        ("lab kst", ["2026-000200"]),
        ("consulting visio", []),
        ("", ["", "2026-000200", "2026-000123"]),
    ],
)
def test_an_order_is_found_by_number_product_subscription_and_partner(client, text, numbers):
    assert found(client, text) == numbers


def test_a_partner_that_a_draft_names_later_is_found_and_no_more_once_it_is_removed(alpha, global_admin, client):
    draft = make_order(tenant=alpha)
    by = make_actor(user=global_admin)
    for facts, numbers in (
        ({"partner_number": "777001", "partner_name": "Fabrikam"}, [""]),
        ({"partner_number": "", "partner_name": ""}, []),
    ):
        with scopes.tenant(alpha.pk):
            draft.refresh_from_db()
            orders.keep(tenant=alpha, order=draft, version=draft.version, facts=facts, by=by)
        assert found(client, "fabrikam") == found(client, "7770") == numbers


def test_a_search_without_orders_says_so(client):
    assert "No order matches these filters." in client.get(LIST, {"q": "nothing"}).content.decode()
