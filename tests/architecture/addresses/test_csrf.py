"""Every address, the operator's too, takes a POST only with the token of a form of its own."""

import pytest
from django.test import Client

from portal.errors import static_page
from tests.architecture.addresses.facts import staff_urls
from tests.architecture.addresses.test_url_matrix import ADDRESSES, everything, url_of  # noqa: F401 - a fixture
from tests.architecture.facts import faulty, sources
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.facts import footprint, periods
from tests.partners.partner_of_record import client as acts
from tests.personas import open_session

TOKEN, OWN = "X-CSRFToken", "http://testserver"


@pytest.fixture
def visitor(global_admin) -> Client:
    """Alpha's Global admin with a form open, in a browser that has the cookie of its token."""
    client = Client(enforce_csrf_checks=True)
    open_session(client, global_admin, proved_ago=0)
    client.get("/account/")
    return client


def refused(visitor: Client) -> dict[str, dict[str, str]]:
    """What the headers of a POST lack that the browser's own form would send."""
    own, of_another = visitor.cookies["csrf"].value, Client(enforce_csrf_checks=True)
    of_another.get("/accounts/sign-in/")
    return {
        "no token": {"Origin": OWN},
        "another's token": {TOKEN: of_another.cookies["csrf"].value, "Origin": OWN},
        "a foreign page": {TOKEN: own, "Origin": "https://evil.example"},
        "a page without an address": {TOKEN: own, "Origin": "null"},
    }


def taken(client: Client, urls: dict[str, str], headers: dict[str, str]) -> list[str]:
    """The addresses at which such a POST is not answered as one without a valid token."""
    page = static_page("403_csrf.html", 403).content
    answers = {name: client.post(url, headers=headers) for name, url in urls.items()}
    return [name for name, answer in answers.items() if (answer.status_code, answer.content) != (403, page)]


def test_no_address_takes_a_post_without_its_token(visitor, url_of):  # noqa: F811
    """One world for all, as nothing may change it."""
    urls = {address.name: url_of(address) for address in ADDRESSES}
    before = everything()
    assert len(urls) > 80
    assert {why: taken(visitor, urls, headers) for why, headers in refused(visitor).items()} == {
        "no token": [],
        "another's token": [],
        "a foreign page": [],
        "a page without an address": [],
    }
    assert everything() == before


def test_nor_does_one_of_the_staffs(visitor, staff):
    open_session(visitor, staff, proved_ago=0)
    without, foreign = (refused(visitor)[why] for why in ("no token", "a foreign page"))
    assert [taken(visitor, staff_urls(), headers) for headers in (without, foreign)] == [[], []]


def test_what_the_token_alone_lacked_is_done_with_it(visitor, alpha):
    subscription = make_subscription(tenant=alpha)
    make_partner_of_record(subscription=subscription, partner=make_partner())
    fields, before = acts.opened(visitor, subscription) | {"partner_id": ""}, footprint(subscription)
    for headers in refused(visitor).values():
        assert visitor.post(acts.edit_url(subscription), fields, headers=headers).status_code == 403
    assert footprint(subscription) == before
    own = {TOKEN: visitor.cookies["csrf"].value, "Origin": OWN}
    assert visitor.post(acts.edit_url(subscription), fields, headers=own).status_code == 303
    assert periods(subscription) == [("565380", False)]


def test_no_module_exempts_a_view():
    """Also of the addresses that only the demo has."""
    assert faulty(sources(), lambda path: "csrf_exempt" in path.read_text()) == {}
