"""Billing > Subscriptions: search, filters, sort and pages, all of them kept in the address."""

from datetime import date

import pytest

from subscriptions.models.subscription import SubscriptionStatus
from tests.factories import (
    make_member,
    make_partner,
    make_partner_of_record,
    make_product,
    make_subscription,
    make_tenant,
)
from tests.page import attribute, inside, words

LIST = "/t/alpha/billing/subscriptions/"


@pytest.fixture
def reading(person, db):
    """A Global admin on the list of six subscriptions of Alpha Ltd."""
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    tailspin = make_partner()
    make_partner(number="935287", name="Älpler Beratung")
    named = make_subscription(tenant=tenant, name="Éxchange Archive", cost="30", term_ends_on=date(2031, 1, 1))
    make_partner_of_record(subscription=named, partner=tailspin)
    make_subscription(tenant=tenant, name="Project", cost="9", term_ends_on=date(2033, 1, 1))
    make_subscription(
        tenant=tenant, name="Visio", cost="100", term_ends_on=date(2032, 1, 1), status=SubscriptionStatus.TRIAL
    )
    make_subscription(tenant=tenant, name="Gone", status=SubscriptionStatus.DELETED)
    person.sign_in(make_member(tenant=tenant, email="admin@alpha.example"))
    person.choose("App launcher", "Admin")
    person.choose("Billing", "Subscriptions")
    return person


def names(page) -> list[str]:
    return [words(next(inside(row, "a"))) for row in inside(page.part("tbody"), "tr")]


def test_each_row_says_what_matters(reading):
    row = reading.page.rows[0]
    facts = "Active 12 / 20 $30.00 per month Renews Jan 1, 2031 565380 Tailspin Consulting"
    assert row == f"Éxchange Archive Office 365 E3 {facts}"
    assert "3 subscriptions" in reading.page.text


def test_deleted_subscriptions_are_not_listed(reading):
    assert names(reading.page) == ["Éxchange Archive", "Project", "Visio"]


@pytest.mark.parametrize("typed", ["exchange", "ÉXCHANGE", "tailspin", "565380", "56538", "565 380"])
def test_search_finds_by_name_and_by_partner(reading, typed):
    page = reading.press("Filter", q=typed)
    assert names(page) == ["Éxchange Archive"]
    assert "1 subscription" in page.text


def test_search_finds_by_subscription_id(reading):
    shown = reading.follow("Project").text.partition("Subscription ID ")[2].split()[0]
    reading.open(LIST + "?order=name")
    assert names(reading.press("Filter", q=shown)) == ["Project"]


def test_filters_stand_in_the_address_and_come_off_one_by_one(reading):
    reading.press("Filter", q="o", status="trial", partner="without")
    assert names(reading.page) == ["Visio"]
    assert {"q=o", "status=trial", "partner=without"} <= set(reading.page.url.partition("?")[2].split("&"))
    assert reading.open(reading.page.url).rows == reading.page.rows
    reading.follow("Status: Trial Remove filter")
    assert names(reading.page) == ["Project", "Visio"]
    reading.follow("Clear all")
    assert len(names(reading.page)) == 3


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ({"partner": "with"}, ["Éxchange Archive"]),
        ({"partner": "without"}, ["Project", "Visio"]),
        ({"partner_id": "565380"}, ["Éxchange Archive"]),
        ({"status": "active"}, ["Éxchange Archive", "Project"]),
    ],
)
def test_each_filter(reading, choice, found):
    assert names(reading.press("Filter", **choice)) == found


def test_the_count_on_the_admin_page_leads_to_the_list_of_it(reading):
    reading.choose("App launcher", "Admin")
    page = reading.follow("2 subscriptions have no partner of record")
    assert names(page) == ["Project", "Visio"]


def test_no_match_repeats_the_filter_and_offers_to_clear_it(reading):
    page = reading.press("Filter", q="nothing like that")
    assert "No subscription matches these filters." in page.text
    assert "We didn't find anything" not in page.text
    assert page.has("Search by name, ID or partner: nothing like that Remove filter")


@pytest.mark.parametrize(
    ("column", "ascending"),
    [
        ("Name", ["Éxchange Archive", "Project", "Visio"]),
        ("Cost", ["Project", "Éxchange Archive", "Visio"]),
        ("Renews or expires", ["Éxchange Archive", "Visio", "Project"]),
    ],
)
def test_a_click_on_a_header_sorts_and_another_one_turns_it(reading, column, ascending):
    reading.open(LIST + "?order=" + ("cost" if column == "Name" else "name"))
    assert (names(reading.follow(column)), sorting(reading.page)) == (ascending, {column: "ascending"})
    assert (names(reading.follow(column)), sorting(reading.page)) == (ascending[::-1], {column: "descending"})


def test_sorting_keeps_the_filters(reading):
    reading.press("Filter", status="active")
    reading.follow("Cost")
    assert names(reading.page) == ["Project", "Éxchange Archive"]


@pytest.mark.parametrize("query", ["order=password", "order=tenant__name", "status=none-such", "partner_id=x"])
def test_an_address_that_was_tampered_with_says_so(reading, query):
    """Columns and choices come from a list."""
    page = reading.open(f"{LIST}?{query}")
    assert (page.status, page.rows) == (422, [])
    assert "Your organization has no subscriptions yet." not in page.text


def sorting(page) -> dict[str, str]:
    headers = list(inside(page.part("thead"), "th"))
    return {words(header): attribute(header, "aria-sort") for header in headers if attribute(header, "aria-sort")}


def test_an_only_subscription_opens_at_once(person, db):
    """The seed: "If you have more than one subscription, select the subscription"."""
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    make_subscription(tenant=tenant, name="The only one")
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    person.open("/t/alpha/")
    assert person.choose("Billing", "Subscriptions").heading == "The only one"
    crumbs = person.page.by_class("ol", "breadcrumbs")
    assert person.open(person.page.link("Subscriptions", within=crumbs)).heading == "Subscriptions"
    assert len(person.page.rows) == 1


@pytest.mark.parametrize("way_out", ["Clear all", "Status: Expired Remove filter"])
def test_without_its_last_filter_the_list_of_an_only_subscription_stays_a_list(person, db, way_out):
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    make_subscription(tenant=tenant, name="The only one")
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    person.open(f"{LIST}?status=expired")
    page = person.follow(way_out)
    assert (page.heading, len(page.rows)) == ("Subscriptions", 1)


def test_without_any_subscription_the_list_says_so(person, db):
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    page = person.open(LIST)
    assert "We didn't find anything to show here." in page.text
    assert "Your organization has no subscriptions yet." in page.text


@pytest.fixture
def many(person, db):
    """A list of sixty: two full pages, and ten more."""
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    for number in range(60):
        make_subscription(tenant=tenant, name=f"Plan {number:02}", cost=str(number % 7))
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    return person


def plans(*numbers: int) -> list[str]:
    return [f"Plan {number:02}" for number in range(*numbers)]


def test_pages_follow_each_other_and_back(many):
    pages = [names(many.open(LIST)), names(many.follow("Next page")), names(many.follow("Next page"))]
    assert pages == [plans(25), plans(25, 50), plans(50, 60)]
    assert not many.page.has("Next page")
    assert names(many.follow("Previous page")) == plans(25, 50)
    assert names(many.follow("Previous page")) == plans(25)
    assert not many.page.has("Previous page")
    assert "60 subscriptions" in many.page.text


@pytest.mark.parametrize("order", ["cost", "-cost", "ends", "-name"])
def test_no_row_is_lost_or_doubled_between_pages(many, order):
    many.open(f"{LIST}?order={order}")
    seen = names(many.page)
    while many.page.has("Next page"):
        seen += names(many.follow("Next page"))
    assert sorted(seen) == plans(60)


def test_a_page_that_has_emptied_shows_the_first_one(many):
    """The bookmark of a page whose rows are no longer in the filter."""
    many.open(f"{LIST}?q=plan")
    address = many.follow("Next page").url
    page = many.open(address.replace("q=plan", "q=Plan+00"))
    assert names(page) == plans(1)


@pytest.mark.parametrize("key", ["nonsense", "WyIiLDFd:1tampered", ""])
def test_a_key_that_is_no_key_shows_the_first_page(many, key):
    assert names(many.open(f"{LIST}?after={key}")) == plans(25)


def test_the_search_in_the_bar_searches_from_every_page(many):
    many.open("/t/alpha/settings/audit-log/")
    bar = next(inside(many.page.part("header"), "form"))
    page = many.open(attribute(bar, "action") + "?q=plan+07")
    assert [label for label in page.links() if "Plan" in label] == ["Add partner of record to Plan 07", "Plan 07"]
    assert many.follow("Plan 07").heading == "Plan 07"


def test_a_subscription_with_a_name_of_its_own_also_tells_its_product(alpha, global_admin, sign_in):
    product = make_product(name="Office 365 E3")
    make_subscription(tenant=alpha, product=product, name="Sales team")
    make_subscription(tenant=alpha, product=product, name="Office 365 E3")
    table = sign_in(global_admin).get("/t/alpha/billing/subscriptions/").context["list"].table
    assert [table.drawn(row).partition("<th")[2].count("Office 365 E3") for row in table.rows] == [1, 1]
