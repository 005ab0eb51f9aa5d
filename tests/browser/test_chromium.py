"""The browser itself works: a page of the portal opens in it."""

from playwright.sync_api import Page


def test_the_sign_in_page_opens(page: Page, site: str):
    answer = page.goto(f"{site}/")
    assert answer.status == 200
    assert page.url.startswith(f"{site}/accounts/sign-in/")
