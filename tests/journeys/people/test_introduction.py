"""The help panel says what holds in this cloud, and nothing of another one."""

import pytest

from tests.page import attribute, inside, words

ADVISOR = "What a subscription advisor partner does"
DELEGATION = "What it means to delegate administration to a partner"
PAGES = ("billing/subscriptions/", "settings/partner-relationships/")


@pytest.mark.parametrize("page", PAGES)
def test_where_customers_add_the_panel_tells_of_advisors(person, adding_world, page):
    panel = help_panel(person, adding_world, page, ADVISOR)
    assert "is credited for that subscription and sees its usage" in words(panel)
    assert "Ask the partner for it" in words(panel)
    assert "delegate" not in words(panel)
    assert "21Vianet" not in words(panel)


def test_it_leads_to_where_a_partner_can_be_found(person, adding_world):
    panel = help_panel(person, adding_world, PAGES[0], ADVISOR)
    assert {words(link): attribute(link, "href") for link in inside(panel, "a")} == {
        "Find a partner": f"/t/{adding_world.tenant.slug}/billing/purchase-services/find-a-partner/",
        "Find a partner on the Microsoft Pinpoint website": "https://pinpoint.microsoft.com",
    }


@pytest.mark.parametrize("page", PAGES)
def test_operated_by_21vianet_the_panel_tells_of_delegation(person, vianet, page):
    panel = help_panel(person, vianet, page, DELEGATION)
    assert "an authorized partner of 21Vianet" in words(panel)
    assert "it sends you an email that asks for your permission" in words(panel)
    assert "Pinpoint" not in words(panel)
    assert "Microsoft" not in words(panel)


def test_no_page_of_21vianet_speaks_of_microsoft_partners(person, vianet):
    person.comes_back(vianet.admin)
    for page in ("", *PAGES):
        text = person.open(f"/t/lanyun/{page}").text
        assert "Microsoft" not in text
        assert "Pinpoint" not in text


def test_the_panel_stands_on_the_pages_of_a_subscription_too(person, world):
    title = str(world.tenant.cloud_profile.help_title)
    person.comes_back(world.admin)
    assert words(person.open(world.url(world.named)).menu(title)).startswith(title)
    assert words(person.open(world.url(world.named, "partner-of-record/")).menu(title)).startswith(title)


def help_panel(person, world, page, title):
    person.comes_back(world.reader)
    return person.open(f"/t/{world.tenant.slug}/{page}").menu(title)
