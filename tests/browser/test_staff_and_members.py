"""The staff's own pages, Members and an invitation: axe finds nothing in light and dark, and no phone scrolls
sideways.
"""

from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.browser.client import Visit, faults_on_the_way
from tests.desk import change_url
from tests.factories import make_user
from tests.post_office import invite_member, link_to
from tests.subscriptions.imports.client import bring

WIDE = {"width": 1366, "height": 900}
DESK = (
    "",
    "fit/",
    "search/?q=contoso",
    "brand/",
    "customers/new/",
    "why/",
    "partners/partneroffer/add/",
    "subscriptions/helprequest/",
    "subscriptions/approval/",
    "subscriptions/auditevent/",
    "subscriptions/importrun/add/",
    "subscriptions/invitation/add/",
    "subscriptions/organizationgroup/add/",
    "subscriptions/productfamily/add/",
)


def at(page: Page, *addresses: str) -> Iterator[Visit]:
    for address in addresses:
        yield address, partial(page.goto, address)


def test_axe_finds_nothing_on_the_staffs_own_pages(open_as, contoso):
    """In German, whose words are the longest; with what an import and a question have come to."""
    staff = make_user(email="staff@portal.example", name="Sam Staff", is_staff=True, language="de")
    page = open_as(staff, viewport=WIDE)
    invitation = invite_member(contoso.tenant)
    run = bring("organizations", "organization,name,cloud,country\no-1,=1+1,mars,ZZ\n", by=staff)
    pages = [f"/staff/{path}" for path in DESK]
    pages += [change_url("subscriptions_importrun", run.pk), change_url("subscriptions_invitation", invitation.pk)]
    pages += [f"/staff/acts/{act}/?ids={contoso.other.pk}" for act in ("change-state", "reopen-organization")]
    asked = {"tenant": contoso.tenant.slug, "person": contoso.admin.uuid, "act": "subscriptions:member-invite"}
    pages += [f"/staff/why/?{urlencode(asked)}"]
    pages += [f"/staff/customers/{contoso.tenant.uuid}/{tab}" for tab in ("", "people/", "audit/")]
    pages += [f"/staff/partners/{contoso.other.uuid}/"]
    assert faults_on_the_way(page, at(page, *pages)) == []


def test_nor_on_members_and_an_invitation(open_as, contoso):
    invitation = invite_member(contoso.tenant)
    page = open_as(contoso.admin)
    members = f"/t/{contoso.tenant.slug}/settings/members/"
    assert faults_on_the_way(page, at(page, members, f"{members}invite/", link_to(invitation))) == []
    page.context.clear_cookies()
    assert faults_on_the_way(page, at(page, link_to(invitation), "/invitations/no-such-link/")) == []
