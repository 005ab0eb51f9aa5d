"""My account: an authenticator app is set up, signs in, is replaced by a recovery code, and is turned off again."""

import pytest

from tests.factories import PASSWORD
from tests.journeys.client import Person
from tests.page import Page, attribute, inside, words
from tests.personas import PERIOD, code_of, make_second_factor, prove_identity, unused_codes, wrong_code

pytestmark = pytest.mark.usefixtures("clock")
NOT_RIGHT = "This code is not right, or it was used before. Enter the one that your app shows now."
SET_UP = "/accounts/2fa/totp/activate/"


def secret_of(page: Page) -> str:
    return words(page.by_class("span", "mono"))


def codes_of(page: Page) -> list[str]:
    return [words(line) for line in inside(page.by_class("ul", "codes"), "li")]


@pytest.mark.django_db(transaction=True)  # the confirmations are given when all is committed
def test_an_app_is_set_up_and_signs_in_and_a_recovery_code_where_it_is_missing(person, contoso, clock):
    person.sign_in(contoso.admin)
    page = person.choose("App launcher", "My account")
    assert "Off Your password alone opens this account." in page.text
    page = person.follow("Set up")
    assert attribute(page.by_class("img", "qr"), "src").startswith("data:image/svg+xml;base64,")
    secret = secret_of(page)
    assert person.press("Turn on", code=wrong_code()).errors == [NOT_RIGHT]
    assert secret_of(person.page) == secret
    page = person.press("Turn on", code=code_of(secret))
    assert page.heading == "Keep your recovery codes"
    assert "The authenticator app is on" in page.banner
    codes = codes_of(page)
    assert len(codes) == 10
    button = page.sending("Download", {})
    download = person.client.post(button.action, button.fields)
    assert download.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert download.content.decode().split() == codes
    page = person.press("Done", kept="on")
    assert (page.url, "They are not shown again." in page.banner) == ("/account/", True)

    clock.shift(PERIOD)
    elsewhere = Person()
    assert elsewhere.sign_in(contoso.admin).heading == "Enter a code"
    assert elsewhere.press("Sign in", code=code_of(secret)).heading.startswith("Welcome")
    without_app = Person()
    without_app.sign_in(contoso.admin)
    assert without_app.press("Sign in", code=codes[3]).heading.startswith("Welcome")
    page = without_app.open("/account/")
    assert "On Since" in page.text
    page = without_app.follow("Recovery codes")
    assert "9 of 10 can still be used" in page.text
    assert not any(code in page.text for code in codes)

    page = without_app.follow("Generate new codes")
    assert "9 codes of today can still be used." in page.text
    page = without_app.press("Generate new codes")
    assert "These are your new recovery codes." in page.banner
    assert not set(codes_of(page)) & set(codes)
    without_app.press("Done", kept="on")
    without_app.follow("Turn off")
    page = without_app.press("Turn off")
    assert (page.url, "The authenticator app is off." in page.banner) == ("/account/", True)
    assert Person().sign_in(contoso.admin).heading.startswith("Welcome")


@pytest.mark.parametrize(
    "path", ["totp/activate/", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"]
)
def test_every_page_of_the_app_asks_for_a_sign_in_of_minutes_ago(person, contoso, path):
    person.comes_back(contoso.admin)
    if path == "totp/activate/":
        prove_identity(person.client, ago=301)
        page = person.open(SET_UP)
        assert page.url.startswith("/accounts/confirm/?next=")
        assert person.press("Confirm", password=PASSWORD).url == SET_UP
        return
    make_second_factor(contoso.admin)
    assert person.open(f"/accounts/2fa/{path}").url.startswith("/accounts/2fa/reauthenticate/?next=")
    assert person.press("Confirm", code=code_of()).url == f"/accounts/2fa/{path}"


@pytest.mark.parametrize("path", ["totp/deactivate/", "recovery-codes/generate/"])
def test_an_old_sign_in_changes_nothing_and_nothing_is_done_afterwards(person, contoso, path, clock):
    """After the confirmation the page is shown and decided on anew."""
    person.comes_back(contoso.admin)
    codes = make_second_factor(contoso.admin)
    person.open(f"/accounts/2fa/{path}")
    person.press("Confirm", code=code_of())
    clock.shift(301)
    button = person.page.sending({"totp/deactivate/": "Turn off"}.get(path, "Generate new codes"), {})
    assert person.client.post(button.action, button.fields).status_code == 303
    assert unused_codes(contoso.admin) == codes


def test_a_secret_that_was_not_confirmed_is_worth_nothing(person, contoso):
    person.sign_in(contoso.admin)
    first = secret_of(person.open(SET_UP))
    assert secret_of(person.open(SET_UP)) != first
    assert person.press("Turn on", code=code_of(first)).errors == [NOT_RIGHT]
    assert Person().sign_in(contoso.admin).heading.startswith("Welcome")


def test_an_app_that_is_on_is_not_replaced_by_setting_up_another(person, contoso):
    make_second_factor(contoso.admin)
    person.comes_back(contoso.admin)
    prove_identity(person.client, ago=0)
    person.open(SET_UP)
    assert person.press("Confirm", code=code_of()).url == "/accounts/2fa/totp/deactivate/"
