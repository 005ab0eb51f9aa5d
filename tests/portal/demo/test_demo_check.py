"""The demo's check: it visits what there is, also after somebody has used the demo."""

import pytest

from portal.demo.check import Page, check_pages
from subscriptions.models.delegated_role import DelegatedRole
from tests.factories import make_member, make_partner, make_partner_person, make_subscription, make_tenant
from tests.factories.subscriptions import PASSWORD
from tests.personas import make_delegate


@pytest.fixture
def check(live_server):
    """What is said of each page that is visited as that person: a problem, a note, or nothing."""

    def pages_of(user) -> list[tuple[str, str]]:
        pages = check_pages(live_server.url, [(user.email, user.name, "Somewhere")], PASSWORD)
        return [(page.path, page.problem or page.note) for page in pages if page.who == user.email]

    return pages_of


def test_a_partner_without_customers_has_nothing_to_open(check):
    agent = make_partner_person(partner=make_partner(), email="agent@tailspin.example")
    assert check(agent) == [("/", ""), ("/p/565380/", ""), ("/p/565380/customers/", "nothing to open")]


def test_on_behalf_only_pages_are_visited_that_the_roles_open(check):
    roles = (DelegatedRole.LICENSE_ADMINISTRATOR,)
    agent = make_delegate(tenant=make_tenant(), partner=make_partner(), roles=roles)
    said = check(agent)
    visited = ["/", "/p/565380/", "/p/565380/customers/", "/t/contoso/"]
    assert said[:4] == [(path, "") for path in visited]
    assert {note for _path, note in said} == {"", "nothing to open"}


def test_an_organizations_pages_are_visited_and_one_of_several_subscriptions(check):
    tenant = make_tenant()
    opened = {make_subscription(tenant=tenant, name=name).uuid for name in ("One", "Two")}
    said = check(make_member(tenant=tenant))
    assert {note for _path, note in said} == {""}
    paths = [path.removeprefix("/t/contoso/") for path, _note in said]
    assert paths[:-1] == [
        "/",
        "",
        "billing/subscriptions/",
        "settings/partner-relationships/",
        "settings/members/",
        "settings/audit-log/",
    ]
    assert paths[-1] in {f"billing/subscriptions/{uuid}/" for uuid in opened}


def test_a_page_without_heading_is_a_problem():
    assert Page("nobody", "/", 200, "<title>A</title><h1>A</h1>").problem == ""
    assert Page("nobody", "/", 200, "<p>A</p>").problem == "no heading"
    assert Page("nobody", "/", 500, "<h1>A</h1>").problem == "status 500"
