"""A partner at the time of purchase in Chromium, with JavaScript and without; and the shop without partners.

The same steps without JavaScript in every cloud: tests/journeys/partner_of_record/test_add_partner_at_purchase.py.
"""

import pytest
from playwright.sync_api import Page, expect

from subscriptions.clouds import Cloud
from tests.browser.client import check, launch
from tests.factories import make_sold_product
from tests.facts import audit_rows
from tests.worlds import CUSTOMER_STARTS, PARTNER_STARTS, World, make_world


def to_products(page: Page) -> None:
    page.goto("/")
    launch(page, "Admin")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Purchase services").click()
    page.locator("summary", has_text="Buy").click()
    page.get_by_role("button", name="Buy now").click()


def to_review(page: Page) -> None:
    to_products(page)
    page.get_by_label("Licenses of").fill("12")
    page.get_by_role("button", name="Next").click()


def to_the_end(page: Page) -> None:
    page.get_by_role("button", name="Next").click()
    for label, text in (("Fapiao title", "蓝云科技"), ("Taxpayer number", "91310000MA1FL0AB1X")):
        if page.get_by_label(label).count():
            page.get_by_label(label).fill(text)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Place order").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your order")


def world_with_an_offer(cloud: Cloud) -> World:
    make_sold_product(name="Visio Online (Plan 2)", cloud=cloud)
    return make_world(cloud)


@pytest.mark.parametrize(("cloud", "scripts"), list(zip(CUSTOMER_STARTS, (True, False), strict=True)))
def test_a_partner_is_named_at_the_time_of_purchase(open_as, site, cloud, scripts):
    world = world_with_an_offer(cloud)
    page = open_as(world.billing, java_script_enabled=scripts)
    to_review(page)
    page.locator("aside summary", has_text="add").click()
    check(page, world.partner.number)
    expect(page.get_by_text(f"Partner found: {world.partner.name}")).to_be_visible()
    page.get_by_role("button", name="Add to the order").click()
    to_the_end(page)
    page.get_by_role("link", name="Go to Subscriptions").click()
    expect(page.get_by_role("row", name="Visio Online (Plan 2)")).to_contain_text(world.partner.number)
    assert "order.placed" in [row[0] for row in audit_rows()]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_typed_id_goes_along_with_next(open_as, site, scripts):
    world = world_with_an_offer(Cloud.WORLDWIDE)
    page = open_as(world.billing, java_script_enabled=scripts)
    to_review(page)
    page.locator("aside summary", has_text="add").click()
    check(page, "9999999")
    expect(page.get_by_text("No partner has the ID 9999999").first).to_be_visible()
    page.get_by_label("Microsoft Partner ID").fill(world.partner.number)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("main")).to_contain_text(f"Partner of record: {world.partner.name} ({world.partner.number})")


def test_the_total_follows_at_once_and_is_that_of_the_next_page(open_as, site):
    page = open_as(world_with_an_offer(Cloud.WORLDWIDE).billing)
    to_products(page)
    page.get_by_label("Licenses of").fill("12")
    expect(page.locator("[data-total]")).to_have_text("$120.00")
    page.get_by_label("Annual").check()
    expect(page.locator("[data-total]")).to_have_text("$1,296.00")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("[data-total]")).to_have_text("$1,296.00")


def test_where_partners_start_the_shop_says_no_word_of_them(open_as, site):
    world = world_with_an_offer(PARTNER_STARTS)
    page = open_as(world.billing)
    to_review(page)
    expect(page.locator("main")).not_to_contain_text("artner")
    to_the_end(page)
    expect(page.locator("main")).not_to_contain_text("artner")
