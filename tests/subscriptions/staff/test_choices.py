"""What staff choose from: accounts told apart, and lists of countries and time zones with a search box."""

import json
from datetime import UTC, datetime

import pytest

from partners.models import PartnerRelationship
from subscriptions.models import Tenant, User
from tests.database import as_owner
from tests.desk import add_url, change_url, errors_of, rows_of, sent_by
from tests.factories import make_member, make_partner, make_partner_person, make_product, make_tenant, make_user
from tests.page import parse

ORGANIZATION = {"name": "Gamma AG", "slug": "gamma", "cloud": "o365-worldwide", "country": "DE"}


def offered(desk, app: str, model: str, field: str, text: str) -> list[str]:
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": text}
    return [each["text"] for each in json.loads(desk.get("/staff/autocomplete/", asked).content)["results"]]


def test_accounts_of_one_name_are_told_apart(desk, alpha):
    make_member(tenant=alpha, email="a@one.example", name="Alex Wilber")
    agent = make_partner_person(partner=make_partner(), email="b@two.example", name="Alex Wilber")
    with as_owner():
        User.objects.filter(pk=agent.pk).update(last_login=datetime(2026, 3, 4, 12, tzinfo=UTC))
    make_user(email="c@three.example", name="Alex Wilber", is_staff=True)
    assert sorted(offered(desk, "subscriptions", "membership", "user", "wilber")) == [
        "Alex Wilber, a@one.example, Global admin, Alpha Ltd, has never signed in",
        "Alex Wilber, b@two.example, 565380 Tailspin Consulting, last sign-in Mar 4, 2026",
        "Alex Wilber, c@three.example, Staff, has never signed in",
    ]


def test_organizations_partners_and_products_of_one_name_are_told_apart(desk):
    make_tenant(slug="gamma-1", name="Gamma", city="Bonn"), make_tenant(slug="gamma-2", name="Gamma", city="Ulm")
    make_partner()
    make_product(name="Visio")
    assert sorted(offered(desk, "subscriptions", "membership", "tenant", "gamma")) == [
        "Gamma, gamma-1, Bonn, Worldwide", "Gamma, gamma-2, Ulm, Worldwide",
    ]  # fmt: skip
    assert offered(desk, "partners", "partnerperson", "partner", "tailspin") == [
        "565380 Tailspin Consulting, Seattle, Worldwide, Active"
    ]
    assert offered(desk, "subscriptions", "productprice", "product", "visio") == ["Visio, VISIO, Worldwide"]


@pytest.mark.parametrize("number", [1, 8])
def test_offering_eight_accounts_costs_what_offering_one_costs(desk, alpha, number, django_assert_num_queries):
    for each in range(number):
        make_member(tenant=alpha, email=f"{each}@one.example", name="Alex Wilber")
    offered(desk, "subscriptions", "membership", "user", "wilber")
    with django_assert_num_queries(15):
        assert len(offered(desk, "subscriptions", "membership", "user", "wilber")) == number


def test_what_was_chosen_is_shown_as_it_was_offered(desk):
    tenant = make_tenant(slug="gamma", name="Gamma", city="Bonn")
    page = desk.post(add_url("subscriptions_subscription"), {"tenant": tenant.pk}).content.decode()
    assert "Gamma, gamma, Bonn, Worldwide" in page


@pytest.mark.parametrize(
    ("model", "name", "value"),
    [
        ("subscriptions_tenant", "time_zone", "Europe/Berlin"),
        ("subscriptions_tenant", "country", "DE"),
        ("partners_partner", "country", "DE"),
        ("partners_partner", "authorized_countries", "CN"),
    ],
)
def test_a_list_with_search_is_a_plain_list_without_a_script(desk, model, name, value):
    (choice,) = parse(desk.get(add_url(model)).content.decode()).xpath(f"//select[@name='{name}']")
    assert value in choice.value_options
    assert "searched" in choice.get("class")


def test_a_time_zone_is_chosen_by_its_place(desk):
    assert (
        desk.post(add_url("subscriptions_tenant"), ORGANIZATION | {"time_zone": "Europe/Berlin"}).status_code == 302
    )
    assert rows_of(Tenant)[0].time_zone == "Europe/Berlin"
    answer = desk.post(add_url("subscriptions_tenant"), ORGANIZATION | {"slug": "g-2", "time_zone": "Mars/Base"})
    assert (answer.status_code, list(errors_of(answer))) == (422, ["time_zone"])


def test_a_stored_zone_that_is_no_place_stays(desk):
    tenant = make_tenant(slug="gamma", time_zone="EST5EDT")
    url = change_url("subscriptions_tenant", tenant.pk)
    assert desk.post(url, sent_by(desk.get(url)) | {"city": "Bonn", "reason": "Moved"}).status_code == 302
    assert [(row.city, row.time_zone) for row in rows_of(Tenant)] == [("Bonn", "EST5EDT")]


def without_script(desk, model: str, **typed) -> dict:
    """What a browser without a script sends for a new row: boxes for IDs stand in its page."""
    page = desk.get(add_url(model))
    boxes = set(parse(page.content.decode()).xpath("//noscript//input/@name"))
    assert {name for name in typed if name.endswith("__typed")} <= boxes
    return sent_by(page) | typed


def test_without_a_script_rows_are_named_by_their_ids(desk):
    tenant, partner = make_tenant(slug="gamma", name="Gamma"), make_partner(number="565380")
    facts = {"kind": "reseller", "reason": "As they asked us", "started_at_0": "2026-01-02", "started_at_1": "10:00"}
    url = add_url("partners_partnerrelationship")
    for given in ("gamma", " Gamma ", str(tenant.uuid)):
        typed = {"tenant__typed": given, "partner__typed": "nobody-has-this"}
        answer = desk.post(url, without_script(desk, "partners_partnerrelationship", **facts, **typed))
        assert (answer.status_code, list(errors_of(answer))) == (422, ["partner"]), given
        assert "type its ID or address exactly" in str(errors_of(answer)["partner"])
        assert 'value="nobody-has-this"' in answer.content.decode()
    typed = {"tenant__typed": "gamma", "partner__typed": "565380"}
    answer = desk.post(url, without_script(desk, "partners_partnerrelationship", **facts, **typed))
    assert answer.status_code == 302, errors_of(answer)
    assert [(row.tenant_id, row.partner_id) for row in rows_of(PartnerRelationship)] == [(tenant.pk, partner.pk)]


def test_a_number_that_is_no_partner_id_is_not_taken_for_a_rows_key(desk):
    make_tenant(slug="gamma", name="Gamma")
    partner = make_partner(number="565380")
    typed = {"tenant__typed": "gamma", "partner__typed": str(partner.pk), "kind": "reseller", "reason": "R"}
    sent = without_script(desk, "partners_partnerrelationship", **typed)
    answer = desk.post(add_url("partners_partnerrelationship"), sent)
    assert (answer.status_code, "partner" in errors_of(answer)) == (422, True)
    assert rows_of(PartnerRelationship) == []
