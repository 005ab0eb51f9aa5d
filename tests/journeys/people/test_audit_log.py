"""Settings > Audit log: what was done here, newest first, for one's own organization only."""

from datetime import UTC, datetime

import pytest

from subscriptions.access import staff_actor
from subscriptions.db import scopes
from subscriptions.models import Membership, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.models.people.membership import Role
from subscriptions.tenants import members
from tests.database import as_owner
from tests.factories import make_audit_event, make_member, make_partner, make_tenant
from tests.page import attribute, inside, words
from tests.personas import make_delegate

LOG = "/t/alpha/settings/audit-log/"


@pytest.fixture
def reading(person, db):
    """A Global admin at the log of Alpha Ltd, whose day begins eight hours before UTC's."""
    tenant = make_tenant(slug="alpha", name="Alpha Ltd", time_zone="Asia/Shanghai")
    for kind, who, subject, day in (
        (AuditKind.PARTNER_OF_RECORD_ADDED, "Alex Wilber", "First plan", 1),
        (AuditKind.PARTNER_OF_RECORD_REMOVED, "Bianca Pisani", "Second plan", 2),
        (AuditKind.RELATIONSHIP_ENDED, "Alex Wilber", "Tailspin", 3),
    ):
        at = datetime(2026, 5, day, 20, 0, tzinfo=UTC)
        make_audit_event(tenant=tenant, kind=kind, actor_name=who, subject_name=subject, at=at)
    other = make_tenant(slug="beta", name="Beta")
    make_audit_event(tenant=other, subject_name="Of somebody else")
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    person.open("/t/alpha/")
    person.choose("Settings", "Audit log")
    return person


def subjects(page) -> list[str]:
    known = ("First plan", "Second plan", "Tailspin", "Of somebody else")
    return [name for row in page.rows for name in known if name in row]


def test_newest_first_and_nobody_elses(reading):
    assert subjects(reading.page) == ["Tailspin", "Second plan", "First plan"]


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ({"kind": AuditKind.RELATIONSHIP_ENDED.value}, ["Tailspin"]),
        ({"actor": "bianca"}, ["Second plan"]),
        ({"since": "2026-05-03"}, ["Tailspin", "Second plan"]),
        ({"until": "2026-05-02"}, ["First plan"]),
        ({"since": "2026-05-03", "until": "2026-05-03"}, ["Second plan"]),
        ({"kind": AuditKind.PARTNER_OF_RECORD_ADDED.value, "actor": "Bianca"}, []),
    ],
)
def test_each_filter_by_the_days_of_the_organization(reading, choice, found):
    assert subjects(reading.press("Filter", **choice)) == found


def test_a_filter_that_hides_all_says_so(reading):
    assert "No entry matches these filters." in reading.press("Filter", actor="Nobody").text
    assert len(subjects(reading.follow("Clear all"))) == 3


def test_a_date_that_is_none_is_an_error(reading):
    page = reading.press("Filter", since="yesterday")
    assert (page.status, page.errors) == (422, ["From: enter a day that is in the calendar."])


def test_an_act_of_mine_stands_there_at_once(person, contoso):
    person.comes_back(contoso.admin)
    person.open(contoso.url(contoso.named))
    person.follow("Edit partner of record")
    person.press("Submit", partner_id="", reason="Contract ended")
    (row,) = person.choose("Settings", "Audit log").rows
    assert "Partner of record deleted Office 365 E5 565380 Tailspin Consulting → None" in row
    assert row.endswith("Alex Wilber Member Contract ended")
    assert person.follow("Office 365 E5").url == contoso.url(contoso.named)
    person.press("Undo last change")
    (row, *_older) = person.choose("Settings", "Audit log").rows
    assert "Partner of record added Office 365 E5 None → 565380 Tailspin Consulting Undone" in row


def test_what_the_portal_did_by_itself_is_said_in_the_readers_words(person, contoso):
    make_audit_event(tenant=contoso.tenant, actor_kind=ActorKind.SYSTEM, actor=None, actor_name="Portal")
    person.comes_back(contoso.admin)
    (row,) = person.open("/t/contoso/settings/audit-log/").rows
    assert ("The portal" in row, "Portal" in row) == (True, False)


def test_an_empty_log_says_so(person, contoso):
    person.comes_back(contoso.admin)
    assert "Nothing has been done here so far." in person.open("/t/contoso/settings/audit-log/").text


def test_a_day_that_is_filtered_by_is_written_as_the_reader_writes_days(reading):
    reading.press("Filter", since="2026-05-03")
    assert subjects(reading.follow("From: May 3, 2026 Remove filter")) == ["Tailspin", "Second plan", "First plan"]


def test_a_span_of_days_that_ends_before_it_begins_is_said_to_be_none(reading):
    page = reading.press("Filter", since="2026-05-03", until="2026-05-02")
    assert (page.status, page.errors) == (422, ["Choose the same day as the first one, or one after it."])
    assert "No entry matches" not in page.text


def test_the_log_is_paged(person, db):
    tenant = make_tenant(slug="alpha", name="Alpha Ltd")
    for number in range(30):
        make_audit_event(tenant=tenant, subject_name=f"Plan {number:02}")
    person.comes_back(make_member(tenant=tenant, email="admin@alpha.example"))
    assert ["Plan 29" in row for row in person.open(LOG).rows] == [True] + [False] * 24
    assert len(person.follow("Next page").rows) == 5
    assert len(person.follow("Previous page").rows) == 25


def test_a_change_by_staff_tells_each_fact_from_what_to_what(alpha, reader, global_admin, staff, sign_in):
    with scopes.staff():
        membership = Membership.objects.select_related("tenant", "user").get(user=reader)
        members.change_role(
            membership=membership, role=Role.BILLING_ADMIN, by=staff_actor(staff), reason="New duties"
        )
    page = sign_in(global_admin).get("/t/alpha/settings/audit-log/").content.decode()
    assert "Role: Global reader → Billing admin" in page


def offered(page) -> dict[str, list[str]]:
    groups = inside(page.by_id("id_kind"), "optgroup")
    return {attribute(group, "label"): [words(option) for option in inside(group, "option")] for group in groups}


def test_the_kinds_that_occurred_here_are_offered_in_groups(reading):
    assert offered(reading.page) == {
        "Partner of record": ["Partner of record added", "Partner of record deleted"],
        "Partner Relationships": ["Partner relationship ended"],
    }


def test_a_kind_that_never_occurred_can_be_asked_for_all_the_same(reading):
    page = reading.open(f"{LOG}?kind=order.placed")
    assert (page.status, page.rows) == (200, [])
    assert page.has("What: Order placed Remove filter")
    assert offered(page)["Orders"] == ["Order placed"]


def test_a_partners_person_is_offered_the_kinds_of_its_own_acts(reading, person):
    with as_owner():
        alpha = Tenant.objects.get(slug="alpha")
    agent = make_delegate(tenant=alpha, partner=make_partner(), roles=(DelegatedRole.GLOBAL_READER,))
    make_audit_event(
        tenant=alpha,
        kind=AuditKind.LICENSES_CHANGED,
        actor_kind=ActorKind.PARTNER,
        actor_id=agent.pk,
        actor_name="Agatha Agent",
        actor_partner="565380 Tailspin",
    )
    person.comes_back(agent)
    assert offered(person.open(LOG)) == {"Subscriptions": ["Licenses changed"]}


def test_an_answer_to_a_release_request_tells_its_reason_beside_that_of_the_answer(reading, person):
    with as_owner():
        alpha = Tenant.objects.get(slug="alpha")
    detail = {"partner": {"id": "565380", "name": "Tailspin"}, "relationship": "x", "wish": "We change over."}
    for kind, reason in ((AuditKind.RELEASE_REQUESTED, "We change over."), (AuditKind.RELEASE_DECLINED, "Not yet.")):
        make_audit_event(tenant=alpha, kind=kind, subject_name="Tailspin", reason=reason, detail=detail)
    declined, requested = person.open(LOG).rows[:2]
    assert declined.endswith("Not yet.")
    assert "Reason of the request: We change over." in declined
    assert requested.count("We change over.") == 1
