"""The emailed offer in Chromium, with and without JavaScript: from the partner's Send to the created trial."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.client import sign_in
from tests.factories import make_partner_person, make_sold_product
from tests.post_office import open_for_mail
from tests.worlds import PARTNER_STARTS, World, make_world

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])


def send_offer(page: Page, world: World) -> None:
    page.goto(f"/p/{world.partner.number}/offers/")
    page.get_by_role("link", name="New offer").click()
    page.get_by_label("The organization's address").fill(world.tenant.slug)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Name of the offer").fill("Administration for a year")
    page.get_by_label("Helpdesk administrator").check()
    page.get_by_label("On what is created from the offer").check()
    page.get_by_label("A free trial").check()
    page.locator("input[name=products]").first.evaluate("box => box.closest('details')?.setAttribute('open', '')")
    page.locator("input[name=products]").first.check()
    page.get_by_label("Your terms").fill("We look after your subscriptions.")
    page.get_by_role("button", name="Save and preview").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("main")).to_contain_text("Waiting for an answer")


@SCRIPTS
def test_from_send_to_the_trial(open_as, browser, site, scripts):
    world = make_world(PARTNER_STARTS)
    make_sold_product(cloud=world.tenant.cloud, name="Office 365 E1", has_trial=True)
    agent = make_partner_person(partner=world.partner, email="agent@yunhuoban.example", name="Agatha Agent")
    send_offer(open_as(agent, java_script_enabled=scripts), world)
    with open_for_mail() as post:
        post.deliver()
        (link,) = re.findall(r"https?://[^/]+(/\S+)", post.newest(world.admin.email)[1])
    context = browser.new_context(base_url=site, locale="en-US", java_script_enabled=scripts)
    page = context.new_page()
    referers: list[str] = []
    page.on("request", lambda request: referers.append(request.headers.get("referer", "")))
    page.goto(link)
    token = link.split("/")[2]
    assert token not in page.url
    sign_in(page, world.admin)
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{world.partner.name} asks for your permission")
    assert not any(token in referer for referer in [*referers, page.url])
    expect(page.get_by_role("heading", name="Partner Relationships")).to_be_visible()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Create trial").click()
    expect(page.locator("main")).to_contain_text("Your free trial of Office 365 E1 has started.")
    expect(page.locator("main")).to_contain_text(world.partner.number)
    context.close()
