"""What a person does at the screen, in few words; what the browser complains about meanwhile, and what axe finds."""

from collections.abc import Callable, Iterator

from axe_playwright_python.base import AXE_SCRIPT
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


Visit = tuple[str, Callable[[], object]]

# What fits 320 pixels fits 375: no rule of the style sheet begins between them
PHONE = {"width": 320, "height": 740}
# What sticks out, where the page as a whole can be scrolled sideways
TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return [...document.querySelectorAll("body *")]
    .filter((part) => scrollWidth > clientWidth && part.getBoundingClientRect().right > clientWidth)
    .map((part) => part.outerHTML.slice(0, 80));
}"""

# A link or tag that begins where the word before it ends
GLUED = """() => [...document.querySelectorAll("main :is(a, .tag)")].filter((part) => {
  const before = part.previousSibling;
  if (!before || !part.checkVisibility() || !/[\\p{L}\\p{N}]$/u.test(before.textContent)) return false;
  const range = document.createRange();
  range.selectNode(before);
  const [last, own] = [[...range.getClientRects()].at(-1), part.getClientRects()[0]];
  const isOneLine = last && own && last.width > 1 && own.top < last.bottom && last.top < own.bottom;
  return isOneLine && Math.abs(own.left - last.right) < 2;
}).map((part) => part.outerHTML.slice(0, 80))"""

EVERYTHING = {"resultTypes": ["violations"], "preload": False}
COLORS = EVERYTHING | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# The texts to be seen, by how they look: the first of each kind
KINDS = """() => {
  const CLEAR = "rgba(0, 0, 0, 0) none 1 none";
  const grounds = new Map([[null, ""]]);
  const ground = (element) => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const own = `${backgroundColor} ${backgroundImage} ${opacity} ${filter}`;
      grounds.set(element, ground(element.parentElement) + (own === CLEAR ? "" : ` on ${own}`));
    }
    return grounds.get(element);
  };
  const kind = (element) => {
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const off = element.closest("[aria-disabled=true], :disabled") ? " off" : "";  // axe does not mind its contrast
    return `${color} ${fontSize} ${fontWeight} ${textShadow}${ground(element)}${off}`;
  };
  const isSeen = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return element.checkVisibility() && width > 1 && height > 1;
  };
  const tells = (element) =>
    element.matches("input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  window.texts = new Map();
  for (const element of document.querySelectorAll("body, body *")) {
    if (tells(element) && isSeen(element) && !texts.has(kind(element))) texts.set(kind(element), element);
  }
  return [...texts.keys()];
}"""
RUN = """async ([kinds, options]) => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-new]" }] });
  document.querySelectorAll("[data-new]").forEach((element) => element.removeAttribute("data-new"));
  kinds.forEach((kind) => window.texts.get(kind).setAttribute("data-new", ""));
  return (await axe.run(options)).violations;
}"""
looked_at: set[str] = set()


def faults_on_the_way(page: Page, walk: Iterator[Visit]) -> list[str]:
    """Of every page and state of a walk."""
    page.add_init_script(AXE_SCRIPT)  # takes Chromium a quarter of the time that evaluating it does
    return [f"{name}: {fault}" for name, go in walk for fault in faults(page, go)]


def faults(page: Page, go: Callable[[], object] = lambda: None) -> Iterator[str]:
    """What a page looks like follows from its width, not from the width it was opened at."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    go()
    yield from _of_axe(page)
    yield from (f"glued: {part}" for part in page.evaluate(GLUED))
    desk = page.viewport_size
    page.set_viewport_size(PHONE)
    yield from (f"too wide: {part}" for part in page.evaluate(TOO_WIDE))
    page.set_viewport_size(desk)


def _of_axe(page: Page) -> Iterator[str]:
    """All rules in light; those about colors in dark too."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    yield from _describe("light", page.evaluate(RUN, [_new_kinds(page), EVERYTHING]))
    page.emulate_media(color_scheme="dark")
    if kinds := _new_kinds(page):
        yield from _describe("dark", page.evaluate(RUN, [kinds, COLORS]))


def _new_kinds(page: Page) -> list[str]:
    """Of text: they count as looked at from now on."""
    kinds = [kind for kind in page.evaluate(KINDS) if kind not in looked_at]
    looked_at.update(kinds)
    return kinds


def _describe(scheme: str, violations: list[dict]) -> Iterator[str]:
    for violation in violations:
        yield f"{scheme}: {violation['id']} {[node['html'][:120] for node in violation['nodes'][:3]]}"
