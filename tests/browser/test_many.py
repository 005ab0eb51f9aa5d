"""Many subscriptions at once in Chromium: ticked or by a file, previewed, changed and undone."""

import csv
import io

import pytest
from playwright.sync_api import Page, expect

from subscriptions.models import User
from tests.database import as_owner
from tests.facts import periods
from tests.subscriptions.bulk.client import newest
from tests.subscriptions.bulk.facts import work_off

LIST = "/t/contoso/billing/subscriptions/"
BEFORE, AFTER = [("565380", True)], [("565380", False), ("935287", True)]


def press(page: Page) -> None:
    """The one primary button of the page's form, whatever it is called in this language."""
    page.locator("main p.actions button.primary").click()


def until_done(page: Page) -> None:
    work_off(newest())
    page.reload()
    expect(page.locator("dl.numbers")).to_be_visible()


@pytest.mark.parametrize(("language", "script"), [("en", True), ("de", False), ("zh-hans", True)])
def test_ticked_rows_are_previewed_changed_and_undone(open_as, contoso, language, script):
    with as_owner():
        User.objects.filter(pk=contoso.billing.pk).update(language=language)
    page = open_as(contoso.billing, java_script_enabled=script)
    page.goto(LIST)
    for box in page.locator("input[name=pick]").all():
        box.check()
    page.locator("button[name=kind][value='partner-of-record']").click()
    page.get_by_role("textbox").first.fill("935287")
    press(page)
    expect(page.locator("#will").locator("..")).to_contain_text("935287 Adventure Works Advisors")
    assert periods(contoso.named) == BEFORE
    press(page)
    until_done(page)
    assert (periods(contoso.named), periods(contoso.bare)) == (AFTER, [("935287", True)])
    page.locator("form.actions button").click()
    press(page)
    until_done(page)
    assert periods(contoso.named)[-1] == ("565380", True)
    assert periods(contoso.bare) == [("935287", False)]


def test_a_file_that_was_changed_comes_back_without_script(open_as, contoso):
    page = open_as(contoso.billing, java_script_enabled=False)
    lines = list(csv.reader(io.StringIO(page.request.get(f"{LIST}?file=csv").text().lstrip("\ufeff"))))
    place = lines[0].index("Partner ID")
    named = next(line for line in lines if line[0] == str(contoso.named.uuid))
    named[place] = "935287"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(lines)
    page.goto("/t/contoso/billing/changes/from-file/")
    content = out.getvalue().encode()
    page.set_input_files("input[type=file]", {"name": "changes.csv", "mimeType": "text/csv", "buffer": content})
    press(page)
    expect(page.locator("#will").locator("..")).to_contain_text("565380 Tailspin Consulting")
    press(page)
    until_done(page)
    assert (periods(contoso.named), periods(contoso.bare)) == (AFTER, [])
