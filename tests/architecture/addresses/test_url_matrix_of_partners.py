"""Partners' people: each address of an organization and of a workspace × each of their roles and states.

Inside an organization what stands in no row below is closed to all of them: a new page opens to partners only by a
row here. Those whose access is over, and those who never had any, find nothing at any address.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import PartnerPerson
from partners.models.partner import PartnerState
from subscriptions.access import Permission
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import AgentRole, DelegatedRole
from tests.architecture.addresses.test_url_matrix import (  # noqa: F401 - a fixture
    ADDRESSES,
    AREAS,
    everything,
    move_to,
    the_partner,
    url_of,
)
from tests.database import as_owner
from tests.factories import make_partner, make_partner_person, make_relationship

ROLES = ("global", "billing", "license", "helpdesk", "reader", "support")  # in the order of DelegatedRole


def row(numbers: str) -> dict[str, int]:
    return dict(zip(ROLES, map(int, numbers.split()), strict=True))


#                         global billing license helpdesk reader support
EVERYBODY = row("            200    200    200     200     200    200")
SUBSCRIPTIONS = row("        200    200    200     403     200    200")
ORDERS = row("               200    200    403     403     200    200")
RELATIONSHIPS = row("        200    403    403     403     200    200")
PEOPLE = row("               200    403    403     200     200    200")
LICENSES = row("             200    403    200     403     403    403")
RESET = row("                200    403    403     200     403    403")
NOBODY = row("               403    403    403     403     403    403")

PAGE, FORM = 405, 422  # the answer to an empty POST of a person who may open the page
OPEN = {
    "admin-home": (EVERYBODY, PAGE),
    "search": (EVERYBODY, PAGE),
    "subscriptions:attention-snoozed": (EVERYBODY, PAGE),
    "subscriptions:attention-snooze": (row("302 302 302 302 302 302"), 303),
    "subscriptions:attention-wake": (row("302 302 302 302 302 302"), 303),
    "subscriptions:what-happened": (EVERYBODY, PAGE),
    "subscriptions:what-happened-open": (row("302 302 302 302 302 302"), 303),
    "subscriptions:views": (EVERYBODY, PAGE),
    "subscriptions:view-save": (SUBSCRIPTIONS, FORM),
    "subscriptions:view-change": (row("404 404 404 404 404 404"), 404),  # of somebody else
    "subscriptions:view-delete": (row("404 404 404 404 404 404"), 404),
    "subscriptions:list": (SUBSCRIPTIONS, PAGE),
    "subscriptions:detail": (SUBSCRIPTIONS, PAGE),
    "subscriptions:licenses": (LICENSES, FORM),
    "subscriptions:order-list": (ORDERS, PAGE),
    "subscriptions:order-detail": (ORDERS, PAGE),
    "subscriptions:people": (row("301 403 403 301 301 301"), PAGE),
    "subscriptions:members": (PEOPLE, PAGE),
    "subscriptions:sign-in-reset": (RESET, FORM),
    "subscriptions:audit-log": (EVERYBODY, PAGE),
    "partners:relationship-list": (RELATIONSHIPS, PAGE),
    "partners:relationship-detail": (RELATIONSHIPS, PAGE),
    "partners:partner-detail": (RELATIONSHIPS, PAGE),
}
# What partners never do, whatever their roles are: told so, and whom to ask
NEVER = {
    "subscriptions:member-invite",
    "subscriptions:member-role",
    "subscriptions:member-remove",
    "subscriptions:applications",
    "subscriptions:application",
    "subscriptions:application-make",
    "subscriptions:application-change",
    "subscriptions:application-delete",
    "subscriptions:application-token",
    "subscriptions:application-revoke",
    "subscriptions:invitation-send-again",
    "subscriptions:invitation-withdraw",
    "subscriptions:billing-frequency",
    "subscriptions:recurring-billing",
    "subscriptions:missed-mails",
    "subscriptions:undo",
    "subscriptions:names",
    "subscriptions:cancel",
    "subscriptions:reactivate",
    "subscriptions:extend-trial",
    "subscriptions:payment-method",
    "subscriptions:purchase-services",
    *(f"subscriptions:webhook{act}" for act in ("s", "", "-add", "-again", "-change", "-secret", "-switch", "-test")),
    *(f"subscriptions:webhook{act}" for act in ("-replay", "-delete")),
    "partners:partner-of-record-edit",
    "partners:partner-of-record-check",
    "partners:partner-of-record-undo",
    "partners:find-partner",
    "partners:match-request-new",
    "partners:match-request-list",
    "partners:relationship-end",
    "checkout:trial-start",
    "checkout:add",
    "checkout:products",
    "checkout:buy-only",
    "checkout:review",
    "checkout:prices-accept",
    "checkout:partner-add",
    "checkout:partner-check",
    "checkout:partner-remove",
    "checkout:payment",
    "checkout:confirmation",
}
INSIDE = {  # by area, as in AREAS
    area: inside
    for area, addresses in AREAS.items()
    if (inside := [address for address in addresses if "<slug:slug>" in address.route])
}
WORKSPACE = [address for address in ADDRESSES if "<slug:number>" in address.route]

# Who of a partner's own people is let in, by what a page of the workspace is for
#                                     admin  helpdesk  sales
LET_IN = {
    Permission.READ_WORKSPACE: (True, True, True),
    Permission.MAKE_OFFERS: (True, False, True),
    Permission.ANSWER_RELEASE_REQUESTS: (True, False, False),
    Permission.GIVE_UP_ACCESS: (True, False, False),
    Permission.MANAGE_PEOPLE: (True, False, False),
    Permission.KEEP_PROFILE: (True, False, False),
    Permission.KEEP_PARTNERS_WEBHOOKS: (True, False, False),
    Permission.KEEP_PARTNERS_APPLICATIONS: (True, False, False),
}


def make_agent(tenant: Tenant, number: int, name: str, *roles: DelegatedRole, role=AgentRole.ADMIN_AGENT, **ties):
    """A person of a partner of its own, which has these roles in the organization."""
    state = ties.pop("state", PartnerState.ACTIVE)
    partner = make_partner(number=str(7000 + number), name=name.title(), state=state)
    if roles:
        make_relationship(tenant=tenant, partner=partner, roles=roles, **ties)
    return make_partner_person(partner=partner, role=role, email=f"{name}@partners.example", name=name.title())


@pytest.fixture
def inside(alpha, sign_in) -> dict[str, Client]:
    """A partner's person for each delegated role."""
    people = zip(ROLES, DelegatedRole, strict=True)
    return {name: sign_in(make_agent(alpha, number, name, role)) for number, (name, role) in enumerate(people)}


@pytest.fixture
def outside(alpha, sign_in) -> dict[str, Client]:
    """Those whose access is over, and those who never had any."""
    now = timezone.now()
    long_ago, every_role = now - timedelta(days=400), tuple(DelegatedRole)
    people = {
        "expired": make_agent(alpha, 10, "expired", *every_role, started_at=long_ago, expires_on=now),
        "ended": make_agent(alpha, 11, "ended", *every_role, ended_at=now, ended_by="Gloria Admin"),
        "suspended": make_agent(alpha, 12, "suspended", *every_role, state=PartnerState.SUSPENDED),
        "sales": make_agent(alpha, 13, "sales", *every_role, role=AgentRole.SALES_AGENT),
        "another": make_agent(alpha, 14, "another"),
        "left": make_agent(alpha, 15, "left", *every_role),
    }
    with as_owner():
        PartnerPerson.objects.filter(user=people["left"]).delete()
    return {name: sign_in(person) for name, person in people.items()}


def answers(clients: dict[str, Client], method: str, url: str) -> dict[str, int]:
    return {name: getattr(client, method)(url).status_code for name, client in clients.items()}


@pytest.mark.parametrize("area", INSIDE)
def test_each_delegated_role_gets_the_status_of_the_table(area, inside, url_of):  # noqa: F811
    """One world for an area, as nothing may change it."""
    before, wrong = everything(), {}
    for address in INSIDE[area]:
        url = url_of(address)
        get, post = answers(inside, "get", url), answers(inside, "post", url)
        if not as_told(address.name, get, post):
            wrong[address.name] = (get, post)
        assert everything() == before, f"Something was changed at {address}."
    assert wrong == {}


def as_told(name: str, get: dict[str, int], post: dict[str, int]) -> bool:
    if name not in OPEN.keys() | NEVER:  # where the cloud has no such page, nobody is told that there could be one
        return {*get.values(), *post.values()} <= {403, 404}
    row, of_post = OPEN.get(name, (NOBODY, 403))
    return (get, post) == (row, {role: of_post if status < 400 else status for role, status in row.items()})


def test_whose_access_is_over_finds_nothing_anywhere(outside, url_of):  # noqa: F811
    """One visit each to all addresses: they look like addresses of nobody."""
    addresses = [address for area in INSIDE.values() for address in area]
    assert len(addresses) > 30
    before = everything()
    for address in addresses:
        url, nothing = url_of(address), dict.fromkeys(outside, 404)
        assert (url, answers(outside, "get", url), answers(outside, "post", url)) == (url, nothing, nothing)
    assert everything() == before


def is_let_in(answer) -> bool:
    """Who gets to the page on which an act stands is in."""
    return answer.status_code not in (403, 404) and not answer.headers.get("Location", "").startswith("/accounts/")


def test_the_workspace_is_its_own_peoples(url_of, sign_in):  # noqa: F811
    """One world for all, as nothing may change it."""
    people = [
        make_partner_person(partner=the_partner(), role=role, email=f"{role}@own.example") for role in AgentRole
    ]
    stranger = make_partner_person(partner=make_partner(number="7777"), email="agent@another.example")
    agents, another, before = [sign_in(person) for person in people], sign_in(stranger), everything()
    for address in WORKSPACE:
        url = url_of(address)
        for method in ("get", "post"):
            let_in = tuple(is_let_in(getattr(client, method)(url)) for client in agents)
            assert (address.name, let_in) == (address.name, LET_IN[address.view.access])
            assert (address.name, getattr(another, method)(url).status_code) == (address.name, 404)
        assert everything() == before, f"Something was changed at {address}."


def test_the_table_names_no_address_that_is_gone():
    assert OPEN.keys() | NEVER <= {address.name for area in INSIDE.values() for address in area}


def test_no_page_is_open_and_never_open():
    assert OPEN.keys() & NEVER == set()
