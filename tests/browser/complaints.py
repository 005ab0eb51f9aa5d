"""What the browser complains about: errors of scripts and in the console, and what the page's policy has blocked."""

from playwright.sync_api import Page

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
