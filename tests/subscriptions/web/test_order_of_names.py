"""People and products stand in lists as a reader looks for them, whatever the case and accents of their names."""

import pytest
from django.test import Client
from django.urls import reverse

from subscriptions.web import paging
from tests.desk import change_url, list_url
from tests.factories import make_member, make_partner, make_partner_person, make_relationship, make_sold_product

SORTED = ["anna", "Ärzte", "Bob", "Gloria Admin", "Zoe"]


@pytest.fixture
def client(alpha, global_admin, sign_in) -> Client:
    """Gloria's, among people whose names a database would sort by its own collation."""
    for number, name in enumerate(["Zoe", "Ärzte", "Bob", "anna"]):
        make_member(tenant=alpha, name=name, email=f"{number}@alpha.example")
    return sign_in(global_admin)


def people(client: Client, query: str = ""):
    return client.get(f"/t/alpha/settings/members/{query}")


def names(response) -> list[str]:
    return [person["user__name"] for person in response.context["list"].rows]


def test_people_are_sorted_without_case_and_accents(client):
    assert names(people(client)) == SORTED


def test_pages_of_people_go_on_where_the_last_one_ended(client, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    first = people(client)
    second = people(client, first.context["page"].older_url)
    third = people(client, second.context["page"].older_url)
    assert [names(page) for page in (first, second, third)] == [SORTED[:2], SORTED[2:4], SORTED[4:]]
    assert names(people(client, third.context["page"].newer_url)) == SORTED[2:4]


@pytest.mark.parametrize("typed", ["ärz", "ARZ", "ÄRZ"])
def test_people_are_found_without_case_and_accents(client, typed):
    assert names(people(client, f"?q={typed}")) == ["Ärzte"]


def test_a_renamed_person_moves(client, desk, global_admin):
    facts = {"email": global_admin.email, "name": "Älva", "reason": "Married"}
    assert desk.post(change_url("subscriptions_user", global_admin.pk), facts).status_code == 302
    assert names(people(client)) == ["Älva", "anna", "Ärzte", "Bob", "Zoe"]


def test_a_partners_people_are_sorted_alike(alpha, global_admin, sign_in):
    relationship = make_relationship(tenant=alpha, partner=make_partner(), roles=("global-reader",))
    for number, name in enumerate(["Zoe", "Ärzte", "Bob", "anna"]):
        make_partner_person(partner=relationship.partner, name=name, email=f"{number}@tailspin.example")
    page = sign_in(global_admin).get(reverse("partners:relationship-detail", args=["alpha", relationship.uuid]))
    assert [person.name for person in page.context["people"].rows] == ["anna", "Ärzte", "Bob", "Zoe"]


def test_products_are_sorted_and_found_alike(alpha, client, desk):
    for name in ("Visio", "Éditeur", "office 365", "Exchange"):
        make_sold_product(name=name)
    shop = "/t/alpha/billing/purchase-services/"
    shown = [card["item"].name for card in client.get(shop, {"order": "name"}).context["list"].rows]
    assert shown == ["Éditeur", "Exchange", "office 365", "Visio"]
    assert [card["item"].name for card in client.get(shop, {"q": "edit"}).context["list"].rows] == ["Éditeur"]
    found = desk.get(list_url("subscriptions_product"), {"q": "EDITEUR"}).context["cl"].result_list
    assert [product.name for product in found] == ["Éditeur"]
