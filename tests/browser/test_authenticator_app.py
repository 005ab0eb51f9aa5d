"""An authenticator app by the keyboard alone, on pages in which neither axe nor the browser finds a fault."""

import time

from playwright.sync_api import Page, expect

from tests.browser.client import faults, listen, tab_to
from tests.factories import PASSWORD
from tests.personas import PERIOD, code_of


def go(page: Page, button: str, heading: str) -> None:
    tab_to(page, button)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def type_into(page: Page, field: str, text: str) -> None:
    tab_to(page, field)
    page.keyboard.type(text)


def lasting_code(secret: str) -> str:
    """A code that is good for some seconds more."""
    left = PERIOD - time.time() % PERIOD
    if left < 6:
        time.sleep(left)
    return code_of(secret)


def test_an_app_is_set_up_and_asked_for_by_the_keyboard_alone(open_as, contoso):
    page = open_as(contoso.admin)
    complaints = listen(page)
    page.goto("/account/")
    go(page, "Set up", "Confirm that it is you")
    type_into(page, "password", PASSWORD)
    go(page, "Confirm", "Set up an authenticator app")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    assert list(faults(page)) == []
    secret = page.locator(".setup .mono").inner_text()
    type_into(page, "code", lasting_code(secret))
    go(page, "Turn on", "Keep your recovery codes")
    assert list(faults(page)) == []
    code = page.locator(".codes li").first.inner_text()
    tab_to(page, "kept")
    page.keyboard.press("Space")
    go(page, "Done", "My account")
    go(page, "Recovery codes", "Recovery codes")
    assert list(faults(page)) == []
    go(page, "My account", "My account")
    go(page, "Turn off", "Turn off the authenticator app?")
    page.context.clear_cookies()
    page.goto("/accounts/sign-in/")
    type_into(page, "login", contoso.admin.email)
    type_into(page, "password", PASSWORD)
    go(page, "Sign in", "Enter a code")
    assert list(faults(page)) == []
    type_into(page, "code", code)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    assert complaints == []
