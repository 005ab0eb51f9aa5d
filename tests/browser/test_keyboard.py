"""Everything by the keyboard alone, and the few keys that do more."""

from playwright.sync_api import expect

from tests.browser.client import focused, tab_to
from tests.facts import audit_rows


def test_adding_by_the_keyboard_alone(open_as, contoso):
    page = open_as(contoso.billing)
    page.goto(contoso.url(contoso.bare))
    tab_to(page, "More actions")
    page.keyboard.press("Enter")
    tab_to(page, "Add partner of record")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Partner information")
    tab_to(page, "partner_id")
    page.keyboard.type("565380")
    tab_to(page, "Check ID")
    page.keyboard.press("Space")
    expect(page.locator("#check-result .found")).to_be_focused()
    tab_to(page, "Submit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is now partner of record")
    tab_to(page, "Undo")
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("Undone.")


def test_enter_in_the_box_checks_first(form):
    form.get_by_label("Microsoft Partner ID").fill("565380")
    form.keyboard.press("Enter")
    expect(form.locator("#check-result .found")).to_be_focused()
    assert audit_rows() == []


def test_escape_closes_a_menu_and_gives_the_focus_back(open_as, contoso):
    page = open_as(contoso.billing)
    page.goto(contoso.url(contoso.bare))
    tab_to(page, "More actions")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Add partner of record")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Add partner of record")).to_be_hidden()
    assert focused(page) == "More actions"


def test_slash_goes_to_the_search_but_not_while_typing(form):
    form.get_by_label("Reason").fill("a")
    form.keyboard.press("/")
    expect(form.get_by_label("Reason")).to_have_value("a/")
    form.get_by_role("heading", level=1).click()
    form.keyboard.press("/")
    expect(form.get_by_role("searchbox", name="Search", exact=True)).to_be_focused()
    form.keyboard.type("365 E5")
    form.keyboard.press("Enter")
    expect(form.get_by_role("link", name="Office 365 E5", exact=True)).to_be_visible()


def test_the_skip_link_comes_first(form):
    form.keyboard.press("Tab")
    assert focused(form) == "Skip to main content"
    form.keyboard.press("Enter")
    assert form.evaluate("document.activeElement.id") == "main"


def test_what_is_disabled_can_be_reached_and_does_nothing(open_as, contoso):
    page = open_as(contoso.reader)
    page.goto(contoso.url(contoso.named))
    tab_to(page, "Edit partner of record")
    page.keyboard.press("Enter")
    assert page.url.endswith(contoso.url(contoso.named))
    described = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
    )
    assert "Your role here is Global reader" in described
