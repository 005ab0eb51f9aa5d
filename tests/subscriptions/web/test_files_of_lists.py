"""Each list of an organization, and of a partner, as a file: as it is filtered, in the organization's days."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.urls import reverse
from psycopg.pq import TransactionStatus

from subscriptions.db import scopes
from subscriptions.models.audit_event import AuditKind
from subscriptions.web import paging
from subscriptions.web.files import copied_rows, list_file
from subscriptions.web.files.list_file import FileTookTooLong
from tests.database import as_owner
from tests.desk import events
from tests.factories import (
    make_audit_event,
    make_member,
    make_order,
    make_partner,
    make_partner_of_record,
    make_partner_person,
    make_relationship,
    make_scheduled_change,
    make_subscription,
)
from tests.personas import make_delegate
from tests.subscriptions.bulk import facts as many

LISTS = {
    "subscriptions": ("subscriptions:list", "csv"),
    "history": ("subscriptions:list", "history"),
    "orders": ("subscriptions:order-list", "csv"),
    "audit": ("subscriptions:audit-log", "csv"),
    "members": ("subscriptions:members", "csv"),
    "relationships": ("partners:relationship-list", "csv"),
}
AT = datetime(2026, 6, 30, 23, tzinfo=UTC)


def lines(answer) -> list[list[str]]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    body = answer.getvalue()
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def file_of(client, name: str, **query: str) -> list[list[str]]:
    address, file = LISTS[name]
    return lines(client.get(reverse(address, args=["alpha"]), {"file": file, "order": "", **query}))


@pytest.fixture
def world(alpha, beta, global_admin):
    with as_owner():
        type(alpha).objects.filter(pk=alpha.pk).update(time_zone="Asia/Shanghai")
    tailspin = make_partner(number="565380", name="Tailspin")
    suite = make_subscription(tenant=alpha, name="Suite", own_name="=1+1", cost_center="-")
    make_partner_of_record(subscription=suite, partner=tailspin, since=AT)
    make_subscription(tenant=alpha, name="Visio", recurring_billing=False)
    make_relationship(tenant=alpha, partner=tailspin, name="Reach")
    make_order(tenant=alpha, number="4711", state="placed", started_at=AT, placed_at=AT, placed_by="Alex")
    make_audit_event(tenant=alpha, subject_name="@Suite", at=AT)
    make_member(tenant=alpha, name="+Nora", email="nora@alpha.example")
    make_subscription(tenant=beta, name="Beta secret")
    return suite


def test_each_list_is_a_file_of_its_rows_in_the_organizations_days(world, alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    with as_owner():
        suite, visio = alpha.subscriptions.order_by("name")
    for row, partner, day in ((suite, None, 1), (visio, make_partner_of(suite), 2)):
        make_scheduled_change(subscription=row, user=global_admin, partner=partner, day=date(2027, 3, day))
    header, *rows = file_of(client, "subscriptions")
    assert header[:7] == [
        "Subscription ID", "Name", "Partner ID", "Partner of record", "Own name", "Cost center", "Recurring billing",
    ]  # fmt: skip
    assert [row[1:7] for row in rows] == [
        ["Suite", "565380", "Tailspin", "'=1+1", "'-", "Yes"], ["Visio", "", "", "", "", "No"],
    ]  # fmt: skip
    assert "Renews or expires (Asia/Shanghai)" in header
    assert header[-2:] == ["Change scheduled for (Asia/Shanghai)", "Partner of record then"]
    assert [row[-2:] for row in rows] == [["2027-03-01", "None"], ["2027-03-02", "565380 Tailspin"]]
    header, *rows = file_of(client, "history")
    assert header[5] == "Since (Asia/Shanghai)"
    assert [row[1:7] for row in rows] == [["Suite", "'=1+1", "565380", "Tailspin", "2026-07-01T07:00:00+08:00", ""]]
    header, *rows = file_of(client, "orders")
    assert (header[3], [row[1] for row in rows]) == ("Begun (Asia/Shanghai)", ["4711"])
    assert ["2026-07-01T07:00:00+08:00", "'@Suite"] in [[row[1], row[4]] for row in file_of(client, "audit")]
    assert ["'+Nora", "nora@alpha.example"] in [row[:2] for row in file_of(client, "members")]
    assert [row[1:4] for row in file_of(client, "relationships")[1:]] == [
        ["565380", "Tailspin", "Delegated administrator"], ["565380", "Tailspin", "Subscription advisor"],
    ]  # fmt: skip


def test_each_file_is_in_the_organizations_log_with_filters_and_rows(world, alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    file_of(client, "subscriptions", partner="without")
    file_of(client, "members", q="nora@alpha")
    file_of(client, "history", q="suite")
    file_of(client, "relationships", q="tailspin")
    told = [(event.tenant_id, event.actor, event.subject_name) for event in events(AuditKind.LIST_EXPORTED)]
    lists = ["Subscriptions", "Members", "Partners of record over time", "Partner Relationships"]
    assert told == [(alpha.pk, global_admin, name) for name in lists]
    assert [event.detail["rows"] for event in events(AuditKind.LIST_EXPORTED)] == [1, 1, 1, 2]
    assert "q=nora%40alpha" in events(AuditKind.LIST_EXPORTED)[1].detail["filters"]
    assert "List exported" in client.get("/t/alpha/settings/audit-log/").content.decode()
    with as_owner():
        type(global_admin).objects.filter(pk=global_admin.pk).update(language="de")
    file_of(client, "orders", q="4711")
    assert events(AuditKind.LIST_EXPORTED)[-1].subject_name == "Orders"  # each reads it in the own language
    assert "<bdi>Bestellungen</bdi>" in client.get("/t/alpha/settings/audit-log/").content.decode()


@pytest.mark.parametrize(
    ("name", "query", "count"),
    [
        ("subscriptions", {"partner": "without"}, 1),
        ("subscriptions", {"q": "suite"}, 1),
        ("history", {"q": "visio"}, 0),
        ("orders", {"q": "4711"}, 1),
        ("orders", {"q": "4712"}, 0),
        ("members", {"q": "nora"}, 1),
        ("relationships", {"q": "contoso"}, 0),
        ("audit", {"until": "2026-06-30"}, 0),  # each file of it has the row that says so
    ],
)
def test_a_file_has_what_the_filter_leaves(world, global_admin, sign_in, name, query, count):
    assert len(file_of(sign_in(global_admin), name, **query)) == count + 1


def test_the_link_keeps_the_filter_and_leaves_the_page_and_a_wrong_filter_has_no_file(
    world, alpha, global_admin, sign_in, monkeypatch
):
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    client = sign_in(global_admin)
    url = reverse("subscriptions:list", args=["alpha"])
    page = client.get(url, {"status": "active", "order": "name"})
    second = client.get(url + page.context["page"].older_url)
    assert [link for _label, link in second.context["list"].file_links] == [
        "?status=active&order=name&file=csv", "?status=active&order=name&file=history",
    ]  # fmt: skip
    assert len(lines(client.get(url + second.context["list"].file_links[0][1]))) == 3
    assert client.get(url, {"status": "none", "file": "csv"}).status_code == 422


def test_an_act_on_many_is_a_file_with_code_reason_and_next_step(world, alpha, global_admin, sign_in):
    client = sign_in(global_admin)
    disabled = make_subscription(tenant=alpha, name="Old", status="disabled")
    with as_owner():
        partner = world.partners_of_record.get().partner
    from_form = {"kind": "cost-center", "pick": [str(world.uuid), str(disabled.uuid)], "list": ""}
    client.post(reverse("subscriptions:bulk-choose", args=["alpha"]), from_form | {"kind": many.DELETE})
    with as_owner():
        act = alpha.bulk_acts.latest("pk")
    url = reverse("subscriptions:bulk-rows", args=["alpha", act.uuid])
    header, *rows = lines(client.get(url, {"file": "csv"}))
    assert header[4:] == ["Before", "After", "Code", "Result", "Next step"]
    assert sorted([row[1], *row[4:]] for row in rows) == [
        ["Old", "None", "", "unchanged", "It is already so", "Nothing to do."],
        ["Suite", f"{partner.number} {partner.name}", "None", "waiting", "Will change", ""],
    ]
    assert [row[1] for row in lines(client.get(url, {"file": "csv", "stayed": "on"}))[1:]] == ["Old"]


@pytest.mark.parametrize(("name", "query"), [("history", {}), ("relationships", {"status": "ended"})])
def test_a_partners_person_gets_the_file_without_reasons(world, alpha, global_admin, sign_in, name, query):
    partner = make_partner_of(world)
    why, until = {"reason": "Too dear"}, datetime(2026, 7, 1, tzinfo=UTC)
    make_partner_of_record(subscription=make_subscription(tenant=alpha, name="Late"), partner=partner, **why)
    make_relationship(tenant=alpha, partner=partner, ended_at=until, ended_by="Alex", end_reason="Too dear")
    delegate = make_delegate(tenant=alpha, partner=partner, roles=("global-reader",))
    own, theirs = (file_of(sign_in(person), name, **query) for person in (global_admin, delegate))
    assert "Too dear" in str(own) and "Too dear" not in str(theirs)
    assert len(own) == len(theirs) > 1
    assert "Reason" in str(own[0]) and "Reason" not in str(theirs[0])


def test_a_partners_customers_are_a_file(world, sign_in):
    client = sign_in(make_partner_person(partner=make_partner_of(world)))
    answer = client.get(reverse("workspace:customers", args=["565380"]), {"file": "csv"})
    header, *rows = lines(answer)
    assert [row[0:2] for row in rows] == [["Alpha Ltd", "alpha"]]
    assert dict(zip(header, rows[0], strict=True))["Credited subscriptions"] == "1"


@as_owner()
def make_partner_of(subscription):
    return subscription.partners_of_record.get().partner


@pytest.mark.django_db(transaction=True)
def test_who_stops_reading_ends_the_query_with_its_scope(world, global_admin, sign_in, monkeypatch):
    """And the connection is given back as one that can be used."""
    monkeypatch.setattr(copied_rows, "LINES_A_CHUNK", 1)
    monkeypatch.setattr(list_file, "FIRST_CHUNKS", 1)
    url = reverse("subscriptions:list", args=["alpha"])
    answer = sign_in(global_admin).get(url, {"file": "csv", "order": "name"})
    parts = iter(answer.streaming_content)
    assert b"Suite" in next(parts)
    assert scopes.current() != scopes.Setting()
    assert connection.connection.info.transaction_status == TransactionStatus.ACTIVE
    answer.close()
    assert scopes.current() == scopes.Setting()
    assert connection.connection.info.transaction_status == TransactionStatus.IDLE


def test_a_file_that_takes_too_long_is_broken_off(world, global_admin, sign_in, monkeypatch):
    monkeypatch.setattr(list_file, "MOST_FILE_SECONDS", -1)
    url = reverse("subscriptions:list", args=["alpha"])
    with pytest.raises(FileTookTooLong):
        sign_in(global_admin).get(url, {"file": "csv", "order": "name"}).getvalue()
    assert scopes.current() == scopes.Setting()
