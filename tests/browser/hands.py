"""What a person does at the screen, in few words, and what the browser complains about meanwhile."""

from playwright.sync_api import Page

from subscriptions.models import User
from tests.factories import PASSWORD


def check(page: Page, number: str) -> None:
    page.get_by_label("Microsoft Partner ID").fill(number)
    page.get_by_role("button", name="Check ID").click()


def sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def launch(page: Page, tile: str) -> None:
    page.locator("summary", has_text="App launcher").click()
    page.locator(".launcher-menu").get_by_role("link", name=tile).click()


def focused(page: Page) -> str:
    return page.evaluate("(e => (e.name || e.innerText || '').trim())(document.activeElement)")


def tab_to(page: Page, label: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page) == label:
            return
    raise AssertionError(f"Tab never reaches {label!r}")


TELL = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`blocked by ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`));
"""
# Chromium reports each answer with a status of 400 and more in the console, which is no fault of the page.
STATUS = "Failed to load resource: the server responded with a status of 4"


def listen(page: Page) -> list[str]:
    """A list that grows with each complaint about this page."""
    found: list[str] = []
    page.add_init_script(TELL)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on("console", lambda message: _note(found, page, message))
    return found


def _note(found: list[str], page: Page, message) -> None:
    if message.type in ("error", "warning") and not message.text.startswith(STATUS):
        found.append(f"{page.url}: {message.text}")
