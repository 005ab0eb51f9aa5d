"""Lists on a phone: filters in one button, a row in three lines, and nothing that breaks a day in two."""

import pytest
from playwright.sync_api import Page, expect

PHONE = {"width": 375, "height": 800}
LINES = """row => new Set([...row.querySelectorAll("a, td")]
  .filter(part => part.checkVisibility())
  .map(part => Math.round(part.getBoundingClientRect().bottom / 8))).size"""
# Of each cell that holds a day or money: on how many lines its first text stands
BROKEN = """() => [...document.querySelectorAll("td.day, td.num")].filter((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell.firstChild);
  return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1;
}).map((cell) => cell.textContent)"""


@pytest.fixture
def listed(open_as, contoso) -> Page:
    page = open_as(contoso.reader)
    page.set_viewport_size(PHONE)
    page.goto(f"/t/{contoso.tenant.slug}/billing/subscriptions/?order=name")
    return page


def test_filters_fold_into_one_button_that_opens_them(listed):
    expect(listed.get_by_label("Status")).to_be_hidden()
    listed.locator("summary", has_text="Filters").click()
    expect(listed.get_by_label("Status")).to_be_visible()


def test_filters_that_are_set_stay_open_and_are_counted(listed):
    listed.goto(f"{listed.url}&status=active&partner=with")
    expect(listed.get_by_label("Status")).to_be_visible()
    expect(listed.locator("summary", has_text="Filters")).to_have_text("Filters 2")


def test_where_there_is_room_the_filters_need_no_button(listed):
    listed.set_viewport_size({"width": 1366, "height": 800})
    expect(listed.locator("summary", has_text="Filters")).to_be_hidden()
    expect(listed.get_by_label("Status")).to_be_visible()


def test_a_row_takes_three_lines(listed, contoso):
    row = listed.locator("tbody tr", has_text=contoso.partner.name)
    assert row.evaluate(LINES) == 3
    expect(row.locator("td", has_text="/")).to_be_hidden()  # licenses stand on the subscription's page


@pytest.mark.parametrize("width", [375, 1366])
def test_no_day_and_no_money_breaks(listed, width):
    listed.set_viewport_size({"width": width, "height": 800})
    assert listed.evaluate(BROKEN) == []


def test_a_caption_that_is_seen_is_as_wide_as_its_rows(listed):
    caption = listed.locator("caption")
    caption.evaluate("caption => { caption.className = ''; }")
    assert caption.bounding_box()["width"] == listed.locator("table.rows").bounding_box()["width"]
