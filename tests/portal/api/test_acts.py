"""Every act of the registry is called by a program, refused to every program by name, or for people for a reason."""

from datetime import timedelta
from pprint import pformat
from typing import Any

import pytest
from django.utils import timezone

from portal.api.instance import api
from portal.api.partners import customers, offers, release_requests
from portal.api.served import Served
from portal.api.tenants import approvals, members, operations, partner_policy, relationships, subscription_acts
from subscriptions.models import AuditEvent
from tests.architecture.acts.walked import WALKS, registry, undone
from tests.architecture.acts.walked_acts import REASON
from tests.architecture.acts.walks import World
from tests.database import as_owner
from tests.portal.api.client import Program, make_program

TABLES = (approvals, members, operations, partner_policy, relationships, subscription_acts)
OF_PARTNERS = (customers, offers, release_requests)
SERVED = {
    served.act.name: served
    for room in (*TABLES, *OF_PARTNERS)
    for served in room.SERVED
    if served.operation != "schedule_partner_of_record"
}
# By operations of their own, which are tested by themselves
OTHERWISE = {
    "partners:partner-of-record-edit": "PUT and DELETE …/partner-of-record, POST …/scheduled-changes",
    "partners:partner-of-record-undo": "POST …/partner-of-record/undo",
    "partners:partner-of-record-check": "POST …/partner-checks",
    "subscriptions:bulk-choose": "POST …/bulk-acts, which chooses, previews and decides",
    "subscriptions:bulk-what": "the same",
    "subscriptions:bulk-preview": "the same",
    "subscriptions:bulk-undo": "POST …/operations/{uuid}/undo, which previews and decides",
    "partners:many-from-file": "POST …/imports and …/imports/{uuid}/apply",
    "workspace:offer-many": "POST …/offer-templates/{uuid}/rounds",
    "workspace:offer-round": "POST …/offer-rounds/{uuid}/make",
    "workspace:offer-find": "POST …/offers, which finds the organization and drafts",
    "workspace:offer-new": "the same",
    **{
        f"{place}:webhook-{act}": "…/webhooks, which say a secret once"
        for place in ("subscriptions", "workspace")
        for act in ("add", "again", "change", "secret", "switch", "test", "replay", "delete")
    },
}
OWN = "one person's own: its account, its views, what it has seen"
SEVERAL = "over several organizations of one person; a program has one"
PURCHASE = "a purchase is walked step by step, and its terms are accepted by a person"
ON_A_PAGE = "helps to fill in a page; a program keeps its own texts and lists"
FOR_PEOPLE = {
    **dict.fromkeys(("account", "own-data", "theme", "help", "subscriptions:what-happened-open"), OWN),
    **dict.fromkeys(
        (f"{place}:attention-{act}" for place in ("subscriptions", "workspace") for act in ("snooze", "wake")), OWN
    ),
    **dict.fromkeys(("subscriptions:view-save", "subscriptions:view-change", "subscriptions:view-delete"), OWN),
    **dict.fromkeys(("several-choose", "several-what", "several-preview"), SEVERAL),
    **dict.fromkeys(("subscriptions:bulk-leave-out",), ON_A_PAGE),
    **dict.fromkeys(("partners:match-request-new",), "asks partners that a person has looked at in the finder"),
    **dict.fromkeys(
        ("workspace:offer-renew", "workspace:offer-keep", "workspace:template-edit", "workspace:template-delete"),
        ON_A_PAGE,
    ),
}
# No application makes another one
KEPT_BY_PEOPLE = "is decided by a person with a fresh sign-in"
FOR_PEOPLE |= dict.fromkeys(
    (
        f"{place}:application-{act}"
        for place in ("subscriptions", "workspace")
        for act in ("make", "change", "delete", "token", "revoke")
    ),
    KEPT_BY_PEOPLE,
)
PURCHASES = ("checkout:", "from-offer:")
BODIES: dict[str, Any] = {
    "subscriptions:licenses": {"licenses": 25},
    "subscriptions:billing-frequency": {"frequency": "annual"},
    "subscriptions:recurring-billing": {"recurring": False},
    "subscriptions:names": {"own_name": "Berlin", "cost_center": ""},
    "subscriptions:reactivate": {"payment_method": "invoice", "purchase_order_number": "PO 4711"},
    "subscriptions:payment-method": {"payment_method": "invoice", "purchase_order_number": "PO 4711"},
    "subscriptions:second-person": {"needed": True},
    "subscriptions:staff-view": {"allowed": False},
    "partners:relationship-review": {},
    "partners:relationship-auto-extend": {"extend": True},
    "partners:relationship-remove-roles": REASON | {"roles": ["global-reader"]},
    "partners:offer": {"choice": "yes", "days": 30},
    "partners:release-request": REASON | {"due_on": str(timezone.localdate() + timedelta(days=14))},
    "partners:policy-default-add": {"partner_id": "935287", "scope": "all"},
    "partners:policy-approve": {"partner_id": "700001"},
    "workspace:offer-edit": {
        "name": "Mail",
        "roles": ["global-reader"],
        "days": 30,
        "credit": "nothing",
        "subscriptions": "",
        "terms": "Our terms",
    },
}


def test_every_act_is_served_or_left_to_people_for_a_reason():
    for name in (address.name for address in registry()):
        ways = [name in SERVED, name in OTHERWISE, name in FOR_PEOPLE, name.startswith(PURCHASES)]
        staffs = name.startswith("admin:")
        assert sum(ways) + staffs == 1, name
    names = {address.name for address in registry()}
    assert set(SERVED) | set(OTHERWISE) | set(FOR_PEOPLE) <= names
    served = {operation.view_func.act.name for operation in _operations() if hasattr(operation.view_func, "act")}
    assert served - set(OTHERWISE) == set(SERVED)


def _operations() -> list[Any]:
    bound = api._get_bound_routers()
    return [operation for each in bound for view in each.path_operations.values() for operation in view.operations]


@pytest.fixture
def walked(db, settings) -> World:
    settings.LIMITS = {"api-write": {"application": (10_000, 60)}, "check-id": {"person": (1000, 60)}}
    return World()


def _asked(world: World, served: Served, program: Program, place: str) -> Any:
    """The call, with the version that the row has."""
    walk = WALKS[served.act.name]
    row = walk.row(world)
    typed = walk.typed(world) if callable(walk.typed) else walk.typed
    body = dict(BODIES.get(served.act.name, typed))
    if (version := getattr(row, "version", None)) is not None:
        body["version"] = version
    path = served.path.replace("{uuid:uuid}", str(getattr(row, "uuid", "")))
    return program.post(f"{place}{path}", body)


def _place(name: str, whom: str) -> str:
    return f"/api/v1/{'p' if name.startswith('workspace:') else 't'}/{whom}"


def test_every_served_act_is_done_or_refused_as_its_verdict_says(walked):
    """A Billing admin's program of the organization, and an Admin agent's of each partner. None answers with a fault,
    and what is refused to programs leads to the page where a person does it."""
    programs = {
        walked.tenant.slug: make_program(tenant=walked.tenant),
        walked.lanyun.slug: make_program(tenant=walked.lanyun),
        walked.partner.number: make_program(partner=walked.partner),
        walked.offering.number: make_program(partner=walked.offering),
    }
    answers = {}
    for name, served in SERVED.items():
        if name not in WALKS:
            continue
        whom = walked.of_whom[WALKS[name].by]
        with undone():
            before = _events()
            answer = _asked(walked, served, programs[whom], _place(name, whom))
            said = answer.said or {}
            answers[name] = (answer.status_code, said.get("code", "done"))
            if answer.status_code < 300:
                assert _kinds_since(before) <= {"application"}, name
            if said.get("code") == "applications-never":
                assert said["next_url"].startswith("http"), name
    assert answers == EXPECTED, pformat({name: it for name, it in answers.items() if EXPECTED.get(name) != it})


NEVER, DONE, ROLE = (403, "applications-never"), (200, "done"), (403, "role")
POLICY = ("default-add", "default-remove", "approve", "take-off", "off-list", "exempt", "exemption-end")
OF_PEOPLE = ("member-invite", "member-role", "member-remove", "invitation-send-again", "invitation-withdraw")
OF_COLLEAGUES = ("invite", "role", "remove")
# A Billing admin ends no relationship and keeps no policy, and no program has a higher role
EXPECTED: dict[str, tuple[int, str]] = {
    **dict.fromkeys(SERVED, DONE),
    **{f"subscriptions:{name}": NEVER for name in (*OF_PEOPLE, "sign-in-reset", "staff-view", "second-person")},
    **{f"subscriptions:{name}": NEVER for name in ("approval", "approval-refuse")},
    "subscriptions:approval-withdraw": ROLE,  # of somebody else's request
    **{f"partners:policy-{name}": ROLE for name in POLICY},
    **{f"partners:relationship-{name}": ROLE for name in ("end", "remove-roles")},
    **{f"partners:{name}": ROLE for name in ("release-request", "release-take-back")},
    **{f"partners:{name}": NEVER for name in ("relationship-review", "relationship-auto-extend", "offer")},
    **{f"workspace:person-{name}": NEVER for name in OF_COLLEAGUES},
    **{f"workspace:{name}": NEVER for name in ("invitation-send-again", "invitation-withdraw")},
    **{f"workspace:{name}": NEVER for name in ("customer-people", "profile")},
}
for _each in set(SERVED) - set(WALKS):
    del EXPECTED[_each]


@as_owner()
def _events() -> int:
    return AuditEvent.objects.count()


@as_owner()
def _kinds_since(before: int) -> set[str]:
    rows = AuditEvent.objects.order_by("-pk")
    return set(list(rows.values_list("actor_kind", flat=True))[: rows.count() - before])
