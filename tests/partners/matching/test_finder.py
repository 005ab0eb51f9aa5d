"""Find a partner: who is in the directory, and what the page says of each."""

from dataclasses import replace
from html import unescape

import pytest
from django.urls import reverse

from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions import clouds
from subscriptions.clouds import Cloud, Finder
from subscriptions.db import scopes
from subscriptions.models.people.membership import Role
from subscriptions.web import paging
from tests.factories import make_family, make_member, make_partner, make_tenant

URL = "/t/alpha/billing/purchase-services/find-a-partner/"


@pytest.fixture
def client(global_admin, sign_in):
    return sign_in(global_admin)


def find_ids(client, **wanted) -> list[str]:
    """The IDs on the page, in its order."""
    answer = client.get(URL, wanted)
    assert answer.status_code == 200
    return [row["number"] for row in answer.context["list"].rows]


def test_the_page_has_the_address_of_its_menu_path():
    assert reverse("partners:find-partner", args=["alpha"]) == URL


@pytest.mark.parametrize(
    "facts",
    [
        {"state": PartnerState.INACTIVE},
        {"state": PartnerState.SUSPENDED},
        {"state": PartnerState.PENDING},
        {"kind": PartnerKind.GLOBAL},
        {"cloud": Cloud.GERMANY},
        {"authorized_countries": ("DE",)},
    ],
)
def test_only_active_locations_of_the_cloud_for_the_country_are_found(client, facts):
    make_partner(number="1", name="Adventure Works")
    make_partner(number="2", name="Hidden", **facts)
    assert find_ids(client) == ["1"]


def test_partners_stand_by_name(client):
    for number, name in (("3", "éclair"), ("1", "Zeta"), ("2", "alpha")):
        make_partner(number=number, name=name)
    assert find_ids(client) == ["2", "3", "1"]


@pytest.mark.parametrize(
    ("text", "ids"), [("tail", ["565380"]), ("ÉCLAIR", ["77"]), (" 565 3", ["565380"]), ("5", ["565380"])]
)
def test_a_partner_is_found_by_a_part_of_its_name_or_the_start_of_its_id(client, text, ids):
    make_partner(number="565380", name="Tailspin Consulting")
    make_partner(number="77", name="Eclair Services")
    assert find_ids(client, q=text) == ids


def test_the_id_of_a_company_finds_its_locations(client):
    company = make_partner(number="999", name="Northwind", kind=PartnerKind.GLOBAL)
    make_partner(number="1001", name="Northwind", parent=company)
    make_partner(number="1002", name="Northwind", parent=company, authorized_countries=["DE"])
    assert find_ids(client, q="ID: 999") == ["1001"]
    assert "Use for a subscription" in client.get(URL, {"q": "999"}).content.decode()


def test_a_service_finds_those_that_are_authorized_for_it_or_for_all(client):
    make_partner(number="1", name="All")
    make_partner(number="2", name="Mail", authorized_families=("exchange", "office"))
    make_partner(number="3", name="Visio", authorized_families=("visio",))
    assert find_ids(client, service="exchange") == ["1", "2"]


def test_a_language_finds_those_that_write_it(client):
    make_partner(number="1", name="One")
    make_partner(number="2", name="Zwei", language="de")
    assert find_ids(client, language="de") == ["2"]


def test_the_country_is_the_organizations_until_another_is_chosen(client):
    make_partner(number="1", name="Here", authorized_countries=("US",))
    make_partner(number="2", name="There", authorized_countries=("DE",))
    assert find_ids(client) == find_ids(client, country="") == ["1"]
    assert find_ids(client, country="DE") == ["2"]
    page = unescape(client.get(URL, {"country": "DE"}).content.decode())
    assert "Your organization is in United States." in page
    assert "Not authorized in your organization's country" in page


def test_what_each_is_authorized_for_is_named(client):
    make_partner(number="1", name="All")
    make_partner(number="2", name="Mail", authorized_families=("exchange",), language="de")
    all_, mail = client.get(URL).context["list"].rows
    assert (all_["services"], mail["services"]) == ([], ["Exchange"])
    assert (mail["language"], mail["city"], mail["country"]) == ("Deutsch", "Seattle", "United States")


def test_each_filter_is_a_chip_that_can_be_removed_but_for_the_preset(client):
    make_partner()
    make_family(code="visio")
    shown = client.get(URL, {"q": "tail", "country": "US", "service": "visio"}).context["list"].active
    assert [chip.label for chip in shown] == ["Search by name or ID: tail", "Service: Visio"]
    shown = client.get(URL, {"country": "DE"}).context["list"].active
    assert [(chip.label, chip.remove_url) for chip in shown] == [("Country or region: Germany", "?")]


@pytest.mark.parametrize("wanted", [{"service": "bread"}, {"language": "xx"}, {"country": "XX"}, {"q": "a" * 101}])
def test_a_filter_that_does_not_exist_is_told(client, wanted):
    assert client.get(URL, wanted).status_code == 422


def test_pages_follow_each_other_by_key(client, monkeypatch):
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    for number in range(5):
        make_partner(number=str(10 + number), name="Same name")
    seen, address = [], URL
    while address:
        page = client.get(address).context
        seen += [row["number"] for row in page["list"].rows]
        address = page["page"].older_url and URL + page["page"].older_url
    assert seen == ["10", "11", "12", "13", "14"]


def test_no_match_and_nothing_yet_are_told_apart(client):
    nothing = client.get(URL).content.decode()
    assert "No partner is authorized for your country or region (United States) yet." in nothing
    make_partner()
    no_match = client.get(URL, {"q": "nobody"}).content.decode()
    assert "No partner matches these filters." in no_match
    assert "Ask to be matched" in no_match


def test_a_reader_searches_too_and_sees_why_not_ask(reader, sign_in):
    make_partner()
    page = sign_in(reader).get(URL)
    assert [row["number"] for row in page.context["list"].rows] == ["565380"]
    text = page.content.decode()
    assert 'aria-describedby="why-not-ask"' in text
    assert "Your role here is Global reader" in text
    assert 'type="checkbox"' not in text


@pytest.fixture
def sister(db):
    """An organization in the cloud in which the partner starts everything."""
    cloud = next(cloud for cloud in Cloud if clouds.PROFILES[cloud].finder is None)
    return make_tenant(slug="sister", cloud=cloud, country="CN")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("rest", ["", "ask/", "requests/"])
def test_in_a_cloud_without_a_finder_there_is_no_such_page(sister, sign_in, role, rest):
    client = sign_in(make_member(tenant=sister, role=role))
    address = f"/t/sister/billing/purchase-services/find-a-partner/{rest}"
    assert [client.get(address).status_code, client.post(address, {"wish": "x"}).status_code] == [404, 404]


def test_a_finder_outside_is_one_word_in_the_clouds_row(client, monkeypatch):
    make_partner()
    outside = replace(clouds.PROFILES[Cloud.WORLDWIDE], finder=Finder.OUTSIDE)
    monkeypatch.setitem(clouds.PROFILES, Cloud.WORLDWIDE, outside)
    answer = client.get(URL)
    assert (answer.status_code, answer.url) == (302, "https://pinpoint.microsoft.com")
    assert client.get(f"{URL}ask/").status_code == 404
    assert client.post(f"{URL}ask/", {"wish": "Help"}).status_code == 404
    assert client.get(f"{URL}requests/").status_code == 200


def test_the_index_of_the_directory_carries_the_search(alpha):
    with scopes.tenant(alpha.pk):
        rows = Partner.objects.findable(cloud=alpha.cloud, country="US").order_by("name_key", "id")[:26]
        conditions = str(rows.query)
    index = next(index for index in Partner._meta.indexes if index.name == "partner_directory")
    assert index.fields == ["cloud", "name_key", "id"]
    assert '"kind" = location' in conditions and '"state" = active' in conditions
