"""Billing > Orders."""

from django.utils import timezone
from django.utils.formats import date_format

from tests.factories import make_order, placed
from tests.journeys.client import shop_url


def test_orders_shows_who_ordered_what_and_when_newest_first(person, contoso):
    make_order(tenant=contoso.tenant, **placed("2026-000001"))
    named = {"partner_number": "565380", "partner_name": "Tailspin Consulting"}
    make_order(tenant=contoso.tenant, **placed("2026-000002"), **named)
    make_order(tenant=contoso.tenant, started_by="Bianca Pisani")
    person.comes_back(contoso.reader)
    person.open(shop_url(contoso))
    page = person.choose("Billing", "Orders")
    today = date_format(timezone.localdate(), "M j, Y")
    assert page.rows == [
        f"Draft {today} Draft $50.00 – Bianca Pisani",
        f"2026-000002 {today} Placed $50.00 565380 Tailspin Consulting Gloria Admin",
        f"2026-000001 {today} Placed $50.00 – Gloria Admin",
    ]
    assert person.follow("2026-000002").heading == "Order 2026-000002"


def test_an_order_of_another_organization_is_not_found(person, contoso, vianet):
    order = make_order(tenant=vianet.tenant, **placed("2026-000009"))
    person.comes_back(contoso.admin)
    base = "/t/contoso/billing/"
    paths = [f"orders/{order.uuid}/"] + [
        f"purchase-services/check-out/{order.uuid}/{step}/"
        for step in ("products", "review", "payment", "confirmation")
    ]
    assert [person.open(base + path).status for path in paths] == [404] * 5
