"""Every view wears one access decorator, or stands on the list of those that anybody may see."""

import pytest

from partners import access as workspace_access
from subscriptions.access import IN_AN_ORGANIZATION, IN_THE_WORKSPACE
from subscriptions.web import page_access
from tests.architecture.addresses.facts import Address, portal_addresses, staff_urls
from tests.architecture.addresses.test_url_matrix import ADDRESSES, url_of  # noqa: F401 - a fixture

SIGN_IN = "/accounts/sign-in/"

ANYBODY = {
    "account_login",
    "logo",  # of an operator, on the page of the sign-in too
    "account_logout",
    "api-problems",  # what the API is and what its problems mean tells nothing of anybody
    "api-problem",
    "api-docs",
    "api-document",
    "api-oauth",
    "api-oauth-of-microsoft",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "demo-sign-in",
    "mfa_authenticate",  # between password and session
    "offer-link",  # a pointer, followed before anybody signs in
    "invitation-link",  # the same
    "invitation",  # for who has no account yet; without the cookie of a link it says nothing
}
# allauth's own, which ask for a session by themselves
SIGNED_IN = {
    "offer-switch",  # ends the session, outside any scope
    "invitation-switch",  # the same
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
}
ACCESS_MODULES = {page_access.__file__, workspace_access.__file__}
OURS = [address for address in portal_addresses() if address.name not in ANYBODY | SIGNED_IN]


def decorators(view) -> int:
    """How many layers of the view were put on by one of the access modules."""
    layers = []
    while view is not None:
        layers.append(view)
        view = getattr(view, "__wrapped__", None)
    return sum(layer.__code__.co_filename in ACCESS_MODULES for layer in layers)


@pytest.mark.parametrize("address", OURS, ids=str)
def test_every_view_wears_one_access_decorator(address: Address):
    assert decorators(address.view) == 1


@pytest.mark.parametrize("address", [address for address in OURS if "<slug:slug>" in address.route], ids=str)
def test_every_page_of_a_tenant_declares_a_permission(address: Address):
    assert address.view.access in IN_AN_ORGANIZATION


@pytest.mark.parametrize("address", [address for address in OURS if "<slug:number>" in address.route], ids=str)
def test_every_page_of_the_workspace_declares_a_permission(address: Address):
    assert address.view.access in IN_THE_WORKSPACE


def test_a_bare_view_is_seen():
    assert decorators(decorators) == 0


def test_strangers_are_led_to_the_sign_in_from_every_address_off_the_list(anonymous, url_of):  # noqa: F811
    urls = {address.name: url_of(address) for address in ADDRESSES if address.name not in ANYBODY}
    urls |= {name: url for name, url in staff_urls().items() if not name.startswith("admin:login ")}
    assert len(urls) > 150
    for name, url in urls.items():
        page, part = anonymous.get(url), anonymous.get(url, headers={"HX-Request": "true"})
        assert (name, page.status_code) == (name, 302)
        assert page.url.partition("?")[0] in (SIGN_IN, "/staff/login/"), name  # which leads on to it
        assert (name, part.status_code, part.content) == (name, 204, b"")
        assert (name, part.headers["HX-Redirect"]) == (name, f"{SIGN_IN}?next=%2F")


def test_the_list_names_nothing_else_from_which_strangers_are_led_there(anonymous, url_of):  # noqa: F811
    """Who has signed out is, and who has typed no password before a code."""
    answers = {address.name: anonymous.get(url_of(address)) for address in ADDRESSES if address.name in ANYBODY}
    led = {name for name, answer in answers.items() if getattr(answer, "url", "").startswith(SIGN_IN)}
    assert led == {"account_logout", "mfa_authenticate"}
