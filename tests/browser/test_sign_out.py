"""Signing out in a browser, which forgets all that it keeps of the portal, and signing in again at once."""

from tests.factories import PASSWORD


def sign_in(page, email: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_after_signing_out_another_person_signs_in_at_once(page, site, global_admin, reader):
    page.goto(f"{site}/accounts/sign-in/")
    sign_in(page, global_admin.email)
    page.goto(f"{site}/accounts/sign-out/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/sign-in/**")
    assert {cookie["name"] for cookie in page.context.cookies()} <= {"csrf"}
    sign_in(page, reader.email)
    page.goto(f"{site}/account/")
    assert "/accounts/sign-in/" not in page.url
