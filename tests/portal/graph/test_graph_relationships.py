"""delegatedAdminRelationships: drafted, sent, withdrawn and given up by a partner's program; answered by people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from partners.models import PartnerOffer, PartnerRelationship
from subscriptions.models import AuditEvent, Mail
from tests.database import as_owner
from tests.factories import make_member, make_partner, make_partner_offer, make_relationship, make_tenant
from tests.portal.graph.client import ASKED, error_of, of_partner, of_tenant, reason_of

BILLING = "b0f54661-2d74-4c50-afa3-1ec803f12efe"
HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8"


@pytest.fixture
def partner(db):
    return make_partner()


@pytest.fixture
def program(partner):
    return of_partner(partner)


@pytest.fixture
def customer(alpha):
    make_member(tenant=alpha, email="admin@alpha.example")
    return alpha


def new(customer="alpha", *, roles=(BILLING,), **more) -> dict:
    usual = {
        "displayName": "Administration",
        "duration": "P730D",
        "customer": {"tenantId": customer},
        "accessDetails": {"unifiedRoles": [{"roleDefinitionId": role} for role in roles]},
    }
    return {name: value for name, value in {**usual, **more}.items() if value is not ...}


def stored() -> list[PartnerOffer]:
    with as_owner():
        return list(PartnerOffer.objects.order_by("pk"))


def ask(program, uuid, action):
    return program("post", f"{ASKED}/{uuid}/requests", {"action": action})


def mails() -> int:
    with as_owner():
        return Mail.objects.count()


def test_created_is_a_draft_of_which_the_organization_knows_nothing(customer, program):
    made = program("post", ASKED, new())
    told = made.json()
    assert (made.status_code, made.headers["ETag"]) == (201, 'W/"1"')
    assert (told["status"], told["duration"], told["autoExtendDuration"]) == ("created", "P730D", "PT0S")
    assert told["customer"] == {"tenantId": str(customer.uuid), "displayName": "Alpha Ltd"}
    assert told["accessDetails"] == {"unifiedRoles": [{"roleDefinitionId": BILLING}]}
    assert program("get", f"{ASKED}/{told['id']}").json() == told
    (row,) = stored()
    assert (row.state, row.roles, row.days, row.drafted_by) == (
        "draft",
        ["billing-administrator"],
        730,
        "Billing sync",
    )
    assert of_tenant(customer)("get", f"{ASKED}/{told['id']}").status_code == 404
    assert mails() == 0


@pytest.mark.parametrize(
    ("sent", "days"),
    [
        ("730 days, 0:00:00", 730),
        ("1 day, 0:00:00", 1),
        ("P2Y", 730),
        ("P1Y", 365),
        ("P730D", 730),
        ("P4W", 28),
        ("P1D", 1),
    ],
)
def test_how_long_is_read_in_each_spelling_and_told_in_days(customer, program, sent, days):
    made = program("post", ASKED, new(duration=sent))
    assert (made.status_code, made.json()["duration"]) == (201, f"P{days}D")
    assert stored()[0].days == days


@pytest.mark.parametrize(
    "sent",
    ["P731D", "P0D", "-P1D", "P-1D", "P3Y", "PT0S", "PT24H", "P", "", "730", "731 days, 0:00:00", "0:00:00", "P１D",
     "P" + "9" * 5000 + "D", "-1 day, 0:00:00", "1 day, 1:00:00"],
)  # fmt: skip
def test_how_long_is_no_more_than_two_years_and_no_less_than_a_day(customer, program, sent):
    response = program("post", ASKED, new(duration=sent))
    error = error_of(response)
    assert (response.status_code, error["target"]) == (400, "duration")
    assert error["details"][0]["code"] == "duration-out-of-range"
    assert stored() == []


BAD = {
    "a long name": (new(displayName="x" * 51), "displayName"),
    "no name": (new(displayName=...), "displayName"),
    "an empty name": (new(displayName=" "), "displayName"),
    "a name that is none": (new(displayName=None), "displayName"),
    "a name of two lines": (new(displayName="a\nb"), "displayName"),
    "a name with NUL": (new(displayName="a\0b"), "displayName"),
    "a role that is not here": (
        new(roles=(BILLING, "158c047a-c907-4556-b7ef-446551a6b5f7")),
        "accessDetails/unifiedRoles/1/roleDefinitionId",
    ),
    "no role": (new(roles=()), "accessDetails/unifiedRoles"),
    "no roles at all": (new(accessDetails=...), "accessDetails"),
    "null for roles": (new(accessDetails={"unifiedRoles": None}), "accessDetails/unifiedRoles"),
    "no customer": ({name: value for name, value in new().items() if name != "customer"}, "customer"),
    "a customer without an ID": (new() | {"customer": {}}, "customer/tenantId"),
    "an unknown customer": (new("nobody"), "customer/tenantId"),
    "an unknown ID": (new(str(uuid4())), "customer/tenantId"),
    "an empty ID": (new(""), "customer/tenantId"),
    "a number": (new(duration=730), "duration"),
    "an extension": (new(autoExtendDuration="P180D"), "autoExtendDuration"),
    "a status": (new(status="active"), "status"),
    "long terms": (new(terms="x" * 50_001), "terms"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_asked_for_is_a_400_with_its_place_and_nothing_is_stored(customer, program, name):
    body, target = BAD[name]
    response = program("post", ASKED, body)
    assert (response.status_code, error_of(response).get("target")) == (400, target), response.content
    assert stored() == []


def test_a_role_that_is_not_here_is_answered_with_those_that_are(customer, program):
    response = program("post", ASKED, new(roles=("158c047a-c907-4556-b7ef-446551a6b5f7",)))
    assert BILLING in error_of(response)["message"]
    assert "Helpdesk administrator" in error_of(response)["message"]


def test_a_name_that_is_taken_is_a_400_and_nothing_more_is_stored(customer, program):
    first = program("post", ASKED, new()).json()
    taken = program("post", ASKED, new(duration="P1D"))
    assert (taken.status_code, error_of(taken)["target"]) == (400, "displayName")
    assert [str(row.uuid) for row in stored()] == [first["id"]]


def test_an_organization_of_another_cloud_is_as_unknown_as_none(customer, program):
    make_tenant(slug="lanyun", name="Lanyun", cloud="o365-21vianet", country="CN")
    other, none = program("post", ASKED, new("lanyun")), program("post", ASKED, new("nobody"))
    assert error_of(other)["message"] == error_of(none)["message"]


def test_addresses_are_looked_for_as_often_as_on_the_page_and_no_more(customer, program):
    for _again in range(10):
        assert program("post", ASKED, new("nobody")).status_code == 400
    response = program("post", ASKED, new("nobody"))
    assert (response.status_code, error_of(response)["code"]) == (429, "TooManyRequests")
    assert int(response.headers["Retry-After"]) > 0


def test_a_draft_is_changed_by_its_version_and_what_is_left_out_stays(customer, program):
    uuid = program("post", ASKED, new()).json()["id"]
    changed = program("patch", f"{ASKED}/{uuid}", {"duration": "P30D"}, match='W/"1"')
    assert (changed.status_code, changed.json()["duration"], changed.headers["ETag"]) == (200, "P30D", 'W/"2"')
    (row,) = stored()
    assert (row.name, row.roles, row.days) == ("Administration", ["billing-administrator"], 30)
    body = {"accessDetails": {"unifiedRoles": [{"roleDefinitionId": HELPDESK}]}, "displayName": "Help"}
    stale = program("patch", f"{ASKED}/{uuid}", body, match='W/"1"')
    assert (stale.status_code, reason_of(stale)) == (412, "stale")
    assert program("patch", f"{ASKED}/{uuid}", body).status_code == 428
    assert program("patch", f"{ASKED}/{uuid}", body, match='W/"2"').json()["displayName"] == "Help"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"displayName": None},
        {"duration": None},
        {"accessDetails": None},
        {"customer": {}},
        {"accessDetails": {"unifiedRoles": []}},
        {"terms": ""},
        {"status": "active"},
        [],
    ],
)
def test_a_change_that_says_nothing_or_too_little_removes_nothing(customer, program, body):
    uuid = program("post", ASKED, new()).json()["id"]
    response = program("patch", f"{ASKED}/{uuid}", body, match='W/"1"')
    assert response.status_code == 400
    error_of(response)
    (row,) = stored()
    assert (row.version, row.name, row.roles, row.days) == (1, "Administration", ["billing-administrator"], 730)


def test_a_draft_is_discarded_for_good_and_what_was_sent_is_not(customer, program):
    first, second = (program("post", ASKED, new(displayName=name)).json()["id"] for name in ("One", "Two"))
    assert program("delete", f"{ASKED}/{first}").status_code == 428
    assert program("delete", f"{ASKED}/{first}", match='W/"1"').status_code == 204
    assert program("get", f"{ASKED}/{first}").status_code == 404
    ask(program, second, "lockForApproval")
    refused = program("delete", f"{ASKED}/{second}", match=program("get", f"{ASKED}/{second}").headers["ETag"])
    assert (refused.status_code, reason_of(refused)) == (409, "wrong-state")
    assert [row.state for row in stored()] == ["sent"]


def test_locked_for_approval_it_is_sent_once(customer, program):
    uuid = program("post", ASKED, new()).json()["id"]
    first = ask(program, uuid, "lockForApproval")
    assert (first.status_code, first.json()["action"], first.json()["status"]) == (
        201,
        "lockForApproval",
        "succeeded",
    )
    again = ask(program, uuid, "lockForApproval")
    assert (again.status_code, reason_of(again)) == (409, "wrong-state")
    assert program("get", f"{ASKED}/{uuid}").json()["status"] == "approvalPending"
    assert mails() == 1
    seen = of_tenant(customer)("get", f"{ASKED}/{uuid}").json()
    assert (seen["status"], seen["partner"]["partnerId"]) == ("approvalPending", "565380")
    with as_owner():
        event = AuditEvent.objects.get(kind="offer.sent")
        assert (event.actor_kind, event.actor_name, event.actor_partner) == (
            "application",
            "Billing sync",
            "565380 Tailspin Consulting",
        )


@pytest.mark.parametrize("action", ["approve", "reject"])
def test_the_answer_is_a_persons_whoever_asks(customer, program, action):
    uuid = program("post", ASKED, new()).json()["id"]
    ask(program, uuid, "lockForApproval")
    for caller in (program, of_tenant(customer)):
        refused = ask(caller, uuid, action)
        assert (refused.status_code, reason_of(refused)) == (403, "applications-never")
        assert error_of(refused)["innerError"]["nextUrl"].startswith("http")
    assert stored()[0].state == "sent"


@pytest.mark.parametrize("body", [{}, {"action": "win"}, {"action": None}, {"action": "terminate", "x": 1}, [], "x"])
def test_a_request_for_nothing_is_a_400(customer, program, body):
    uuid = program("post", ASKED, new()).json()["id"]
    response = program("post", f"{ASKED}/{uuid}/requests", body)
    assert response.status_code == 400
    assert stored()[0].state == "draft"


def test_terminated_before_its_answer_it_is_withdrawn(customer, program):
    uuid = program("post", ASKED, new()).json()["id"]
    early = ask(program, uuid, "terminate")
    assert (early.status_code, reason_of(early)) == (409, "wrong-state")
    ask(program, uuid, "lockForApproval")
    assert ask(program, uuid, "terminate").status_code == 201
    assert (program("get", f"{ASKED}/{uuid}").json()["status"], stored()[0].state) == ("terminated", "withdrawn")
    assert ask(program, uuid, "terminate").status_code == 409
    listed = program("get", f"{ASKED}/{uuid}/requests").json()["value"]
    assert [each["action"] for each in listed] == ["lockForApproval", "terminate"]
    assert program("get", f"{ASKED}/{uuid}/requests/{listed[1]['id']}").json() == listed[1]
    assert program("get", f"{ASKED}/{uuid}/requests/{uuid4()}").status_code == 404


def test_terminated_afterwards_access_is_given_up(customer, partner, program):
    tie = make_relationship(tenant=customer, partner=partner, roles=("billing-administrator",))
    found = program("get", f"{ASKED}/{tie.uuid}").json()
    assert (found["status"], found["customer"]["displayName"]) == ("active", "Alpha Ltd")
    assert ask(program, tie.uuid, "terminate").status_code == 201
    with as_owner():
        assert PartnerRelationship.objects.get(pk=tie.pk).ended_by == "Billing sync"
    again = ask(program, tie.uuid, "terminate")
    assert (again.status_code, reason_of(again)) == (409, "already-ended")


def test_what_was_granted_is_no_draft_any_more(customer, partner, program):
    tie = make_relationship(tenant=customer, partner=partner, roles=("billing-administrator",))
    tag = program("get", f"{ASKED}/{tie.uuid}").headers["ETag"]
    for method, body in (("patch", {"duration": "P1D"}), ("delete", None)):
        refused = program(method, f"{ASKED}/{tie.uuid}", body, match=tag)
        assert (refused.status_code, reason_of(refused)) == (409, "wrong-state")


def test_an_organizations_program_ends_nothing(customer, partner):
    tie = make_relationship(tenant=customer, partner=partner, roles=("billing-administrator",))
    refused = ask(of_tenant(customer), tie.uuid, "terminate")
    assert refused.status_code == 403
    assert error_of(refused)["innerError"]["who"]
    with as_owner():
        assert PartnerRelationship.objects.get(pk=tie.pk).ended_at is None


def test_another_partners_do_not_exist(customer, program):
    other = make_partner(number="935287", name="Other Consulting")
    tie = make_relationship(tenant=customer, partner=other)
    offer = make_partner_offer(tenant=customer, partner=other, state="sent")
    assert program("get", ASKED).json()["value"] == []
    for uuid in (tie.uuid, offer.uuid):
        assert program("get", f"{ASKED}/{uuid}").status_code == 404
        assert ask(program, uuid, "terminate").status_code == 404
        assert program("delete", f"{ASKED}/{uuid}", match='W/"1"').status_code == 404


def test_all_states_stand_in_one_list_by_pages_and_by_filter(customer, partner, program):
    now = timezone.now()
    make_relationship(tenant=customer, partner=partner, name="Live", started_at=now - timedelta(days=50))
    make_relationship(
        tenant=customer,
        partner=partner,
        name="Over",
        started_at=now - timedelta(days=60),
        expires_on=now - timedelta(days=1),
    )
    ends = {
        "declined": {"decided_at": now, "decided_by": "Gloria Admin", "decided_terms": "x"},
        "withdrawn": {"withdrawn_at": now, "withdrawn_by": "Agatha Agent"},
    }
    for number, state in enumerate(("draft", "sent", "declined", "withdrawn")):
        facts = {"drafted_at": now - timedelta(days=10 + number), **ends.get(state, {})}
        make_partner_offer(tenant=customer, partner=partner, name=state, state=state, **facts)
    found, url = [], f"{ASKED}?$top=2&$count=true"
    while url:
        page = program("get", url).json()
        assert page["@odata.count"] == 6
        found += [(row["displayName"], row["status"]) for row in page["value"]]
        link = page.get("@odata.nextLink", "")
        url = link and "/" + link.partition("://")[2].partition("/")[2]
    assert found == [
        ("draft", "created"),
        ("sent", "approvalPending"),
        ("declined", "terminated"),
        ("withdrawn", "terminated"),
        ("Live", "active"),
        ("Over", "expired"),
    ]
    for status in {status for _name, status in found}:
        rows = program("get", f"{ASKED}?$filter=status eq '{status}'").json()["value"]
        assert [row["displayName"] for row in rows] == [name for name, told in found if told == status]
    oldest = program("get", f"{ASKED}?$orderby=createdDateTime&$top=1").json()["value"]
    assert [row["displayName"] for row in oldest] == ["Over"]
    seen = of_tenant(customer)("get", ASKED).json()["value"]
    assert [row["displayName"] for row in seen] == [name for name, _status in found if name != "draft"]


def test_pages_are_whole_where_several_began_in_the_same_moment(customer, partner, program):
    at = timezone.now() - timedelta(days=3)
    names = {f"{kind} {number}" for kind in ("offer", "tie") for number in range(4)}
    for number in range(4):
        make_relationship(tenant=customer, partner=partner, name=f"tie {number}", started_at=at)
        make_partner_offer(
            tenant=customer,
            partner=partner,
            name=f"offer {number}",
            state="sent",
            drafted_at=at,
        )
    for order in ("asc", "desc"):
        found, url = [], f"{ASKED}?$top=3&$orderby=createdDateTime {order}"
        while url:
            page = program("get", url).json()
            found += [row["displayName"] for row in page["value"]]
            link = page.get("@odata.nextLink", "")
            url = link and "/" + link.partition("://")[2].partition("/")[2]
        assert (len(found), set(found)) == (8, names)


def test_an_offer_that_asks_for_credit_alone_is_none_of_them(customer, partner, program):
    offer = make_partner_offer(
        tenant=customer, partner=partner, roles=[], days=None, kind="full", credit="bought", purchase="trial"
    )
    assert program("get", ASKED).json()["value"] == []
    assert program("get", f"{ASKED}/{offer.uuid}").status_code == 404


def test_scopes_are_asked_for_by_name(customer, partner):
    reads = of_partner(partner, scopes=("workspace.read",))
    assert reason_of(reads("get", ASKED)) == "insufficient-scope"
    writes_none = of_partner(partner, scopes=("offers.read",), name="Reads")
    assert "offers.write" in error_of(writes_none("post", ASKED, new()))["message"]
    assert stored() == []
