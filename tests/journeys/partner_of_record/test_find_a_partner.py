"""While buying, search for a partner, or get matched with one."""

import pytest
from django.conf import settings

from partners.models.partner import PartnerKind
from subscriptions.models import Order
from tests.database import as_owner
from tests.factories import PASSWORD, make_family, make_member, make_partner, make_tenant
from tests.facts import audit_rows, mailed
from tests.journeys.client import buy_now, sell
from tests.page import attribute, words

HELP = "What a subscription advisor partner does"
WISH = "Help us to move our mail"


def finder(world) -> str:
    return f"/t/{world.tenant.slug}/billing/purchase-services/find-a-partner/"


def test_need_help_with_your_order_leads_to_the_finder(person, adding_world):
    person.sign_in(adding_world.admin)
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Purchase services")
    page = person.choose("Need help with your order?", "Get assistance from a Microsoft Partner")
    assert page.heading == "Find a partner"
    assert adding_world.partner.number in page.text
    assert person.follow("Purchase services").heading == "Purchase services"


def test_where_customers_find_no_partners_nothing_leads_there(person, vianet):
    person.comes_back(vianet.admin)
    for path in ("subscriptions/", "purchase-services/"):
        page = person.open(f"/t/{vianet.tenant.slug}/billing/{path}")
        assert page.status == 200
        assert not page.has("Find a partner")
        assert "Need help with your order?" not in page.text
    assert person.open(finder(vianet)).status == 404


def test_search_for_a_partner(person, adding_world):
    person.sign_in(adding_world.reader)
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Subscriptions")
    page = person.choose(HELP, "Find a partner")
    assert page.heading == "Find a partner"
    assert page.value("country") == adding_world.tenant.country_code
    assert [row.split(" English")[0].split(" Seattle")[0] for row in page.rows] == sorted(
        f"{partner.name} {partner.number}" for partner in (adding_world.partner, adding_world.other)
    )
    assert "Copy the ID. Name it at check-out or on a subscription." in page.text
    assert page.link("Find a partner on the Microsoft Pinpoint website") == "https://pinpoint.microsoft.com"
    page = person.press("Search", q=adding_world.other.name[:6])
    assert len(page.rows) == 1 and adding_world.other.number in page.rows[0]
    assert len(person.follow("Clear all").rows) == 2


def test_each_partner_says_what_it_is_authorized_for(person, contoso):
    make_partner(number="612345", name="Litware", authorized_families=("exchange",))
    make_family(code="visio")
    make_partner(number="999", name="Northwind", kind=PartnerKind.GLOBAL)
    person.comes_back(contoso.reader)
    page = person.open(finder(contoso))
    assert [row.partition("English ")[2].partition(" Copy")[0] for row in page.rows] == [
        "All services",
        "Exchange",
        "All services",
    ]
    assert "Northwind" not in page.text
    assert len(person.press("Search", service="visio").rows) == 2


def test_get_matched_with_a_partner(person, adding_world):
    make_family(code="exchange")
    person.sign_in(adding_world.billing)
    person.open(finder(adding_world))
    page = person.press("Ask to be matched", partners=person.page.boxes("partners")[-1])
    assert page.heading == "Ask to be matched"
    page = person.press("Send request")
    assert (page.status, page.errors) == (422, ["Say what you need help with."])
    page = person.press("Send request", wish=WISH, service="exchange")
    assert page.banner == "Your request is on its way. This page shows what becomes of it."
    assert page.heading == "Your match requests"
    (row,) = page.rows
    asked = max(adding_world.partner, adding_world.other, key=lambda partner: partner.name_key)
    for shown in (WISH, "Exchange", "Open", asked.number, "Staff of Microsoft", "Bianca Pisani"):
        assert shown in row
    assert audit_rows() == [("match-request.sent", "Bianca Pisani", WISH, "")]
    assert mailed() == {("match-requested", asked.mailbox), ("match-to-arrange", settings.STAFF_MAILBOX)}


def test_a_request_that_was_typed_outlives_the_session(person, contoso):
    person.comes_back(contoso.billing)
    person.open(finder(contoso))
    chosen = person.page.boxes("partners")[-1]
    person.press("Ask to be matched", partners=chosen)
    del person.client.cookies["session"]
    person.press("Send request", wish=WISH)
    page = person.press("Sign in", login=contoso.billing.email, password=PASSWORD)
    assert (page.heading, words(page.by_id("id_wish")), page.value("partners")) == ("Ask to be matched", WISH, chosen)
    assert (audit_rows(), mailed()) == ([], set())
    assert person.press("Send request", wish=WISH).heading == "Your match requests"
    assert [row[0] for row in audit_rows()] == ["match-request.sent"]


def test_the_requests_are_reached_from_the_finder(person, contoso):
    person.comes_back(contoso.reader)
    person.open(finder(contoso))
    page = person.follow("Your match requests")
    assert "Your organization has not asked to be matched with a partner yet." in page.text
    assert person.follow("Find a partner").heading == "Find a partner"


def test_nobody_found_still_leads_to_staff(person, contoso):
    person.comes_back(contoso.admin)
    person.open(finder(contoso))
    page = person.press("Search", q="nobody", language="de")
    assert "No partner matches these filters." in page.text
    page = person.press("Ask to be matched")
    assert "your request goes to the operator's staff alone" in page.text
    assert page.value("language") == "de"
    person.press("Send request", wish=WISH)
    assert mailed() == {("match-to-arrange", settings.STAFF_MAILBOX)}


def test_a_reader_sees_why_not(person, adding_world):
    person.comes_back(adding_world.reader)
    page = person.open(finder(adding_world))
    button = page.button("Ask to be matched")
    assert attribute(button, "aria-disabled") == "true"
    assert words(page.by_id(attribute(button, "aria-describedby"))).startswith(
        "Your role here is Global reader, which may read this but not change it."
        " Who can help: A Global admin or Billing admin of your organization can do it."
    )
    assert person.open(f"{finder(adding_world)}ask/").status == 403
    page = person.send(f"{finder(adding_world)}ask/", wish=WISH)
    assert page.status == 403
    assert (audit_rows(), mailed()) == ([], set())


@pytest.mark.parametrize("rest", ["", "ask/", "requests/"])
def test_a_crafted_request_finds_nothing_where_the_partner_starts(person, vianet, rest):
    person.comes_back(vianet.admin)
    person.open(f"/t/{vianet.tenant.slug}/")
    page = person.send(f"{finder(vianet)}{rest}", wish=WISH, partners=str(vianet.partner.uuid))
    assert page.status == 404
    assert (audit_rows(), mailed()) == ([], set())


def find(person, world) -> None:
    person.open(f"{finder(world)}?q={world.partner.number}")


def test_an_id_that_was_found_is_used_for_the_open_order(person, contoso):
    sell(contoso)
    person.comes_back(contoso.billing)
    find(person, contoso)
    assert not person.page.has("Use for my order")
    buy_now(person, contoso)
    find(person, contoso)
    page = person.follow("Use for my order")
    assert (page.heading, page.value("partner_id")) == ("Check out", contoso.partner.number)
    with as_owner():
        assert Order.objects.get().partner_number == ""


def test_an_id_that_was_found_is_used_for_a_subscription_without_partner(person, contoso):
    person.comes_back(contoso.billing)
    find(person, contoso)
    page = person.follow("Use for a subscription")
    assert page.heading == "Use for a subscription"
    assert contoso.named.name not in page.text
    page = person.follow(contoso.bare.name)
    assert (page.heading, page.value("partner_id")) == ("Partner information", contoso.partner.number)
    assert audit_rows() == []


def test_a_reader_finds_the_id_and_no_way_to_use_it(person, contoso):
    person.comes_back(contoso.reader)
    find(person, contoso)
    assert not person.page.has("Use for a subscription")
    assert "Copy the ID." in person.page.text


def test_the_location_ids_of_a_global_id_can_be_used_at_once(person, contoso):
    company = make_partner(number="700700", name="Tailspin", kind=PartnerKind.GLOBAL)
    make_partner(number="700701", name="Tailspin West", parent=company)
    person.comes_back(contoso.billing)
    person.open(contoso.url(contoso.bare, "partner-of-record/"))
    person.press("Check ID", partner_id=company.number, reason="They help us")
    page = person.press("Use 700701")
    assert (page.heading, page.value("partner_id")) == ("Partner information", "700701")
    assert "Partner found: Tailspin West" in page.text
    assert page.value("reason") == "They help us"
    assert audit_rows() == []


def test_in_the_check_out_they_can_be_used_at_once_too(person, contoso):
    company = make_partner(number="700700", name="Tailspin", kind=PartnerKind.GLOBAL)
    make_partner(number="700701", name="Tailspin West", parent=company)
    sell(contoso)
    person.comes_back(contoso.billing)
    buy_now(person, contoso)
    person.press("Next")
    person.press("Check ID", partner_id=company.number)
    page = person.press("Use 700701")
    assert page.value("partner_id") == "700701"
    assert "Partner found: Tailspin West" in page.text


def test_without_partners_the_relationships_lead_to_the_portals_own_finder(person, contoso):
    tenant = make_tenant(slug="empty", name="Empty")
    person.comes_back(make_member(tenant=tenant, email="admin@empty.example"))
    person.open("/t/empty/settings/partner-relationships/")
    assert person.follow("Find a partner").heading == "Find a partner"
