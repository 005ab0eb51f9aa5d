"""Lists as files by the API: asked for with 202, read where that says, and recorded as on the pages."""

import csv
import io

import pytest
from django.core import signing

from portal.api.files import exports
from portal.api.files.exported import OF_PARTNERS, OF_TENANTS
from subscriptions.models import Application, AuditEvent
from subscriptions.models.people.membership import Role
from tests.database import as_owner
from tests.factories import make_tenant
from tests.portal.api.client import Program, make_program


def begun(program: Program, name: str, **filters: str):
    answer = program.post("/exports", {"list": name, "filters": filters})
    assert answer.status_code == 202, answer.said
    assert answer.headers["Location"].endswith(answer.said["id"])
    return answer.said


def read(program: Program, url: str) -> tuple[int, list[list[str]]]:
    answer = program.client.get(
        "/api/v1" + url.partition("/api/v1")[2], headers={"Authorization": f"Bearer {program.token}"}
    )
    text = b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else ""
    return answer.status_code, list(csv.reader(io.StringIO(text)))


def on_the_page(client, url: str) -> list[list[str]]:
    answer = client.get(url)
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


PAGES = {
    "subscriptions": "/t/contoso/billing/subscriptions/?file=csv&order=name",
    "partner-of-record-history": "/t/contoso/billing/subscriptions/?file=history&order=name",
    "scheduled-changes": "/t/contoso/billing/scheduled-changes/?file=csv",
    "relationships": "/t/contoso/settings/partner-relationships/?file=csv",
    "orders": "/t/contoso/billing/orders/?file=csv",
    "members": "/t/contoso/settings/members/?file=csv",
    "audit-log": "/t/contoso/settings/audit-log/?file=csv",
}


def test_each_list_is_the_file_of_its_page(world, robot, sign_in):
    """To the letter, as a Billing admin reads it there; the rows were told before, and each file is recorded."""
    assert set(PAGES) == set(OF_TENANTS)
    with as_owner():
        type(world.admin.memberships.get()).objects.filter(user=world.admin).update(role=Role.BILLING_ADMIN)
    person = sign_in(world.admin)
    for name, page in PAGES.items():
        told = begun(robot, name)
        status, rows = read(robot, told["file_url"])
        assert status == 200, name
        shown = on_the_page(person, page)
        if name == "audit-log":  # has grown by this file since
            assert rows[0] == shown[0] and rows[1:] == shown[2:]
        else:
            assert rows == shown, name
        assert len(rows) - 1 == told["rows"] + (name == "audit-log"), name
    with as_owner():
        kept = AuditEvent.objects.filter(kind="list.exported", actor_kind="application")
        assert kept.count() == len(PAGES)


def test_a_partner_takes_its_customers_and_credits(world):
    program = make_program(partner=world.partner)
    for name in OF_PARTNERS:
        told = begun(program, name)
        status, rows = read(program, told["file_url"])
        assert (status, len(rows) - 1, told["rows"]) == (200, 1, 1), name
        assert world.tenant.name in rows[1], name


def test_filters_are_those_of_the_page_and_none_is_ignored(world, robot):
    found = begun(robot, "subscriptions", q=world.named.name)
    assert (found["rows"], len(read(robot, found["file_url"])[1])) == (1, 2)
    for filters, pointer in (
        ({"x": "1"}, "/filters/x"),
        ({"status": "nothing"}, "/filters/status"),
        ({"order": "secret"}, "/filters/order"),
        ({"q": "\0"}, "/filters/q"),
    ):
        answer = robot.post("/exports", {"list": "subscriptions", "filters": filters})
        assert (answer.status_code, answer.said["errors"][0]["pointer"]) == (422, pointer), answer.said


@pytest.mark.parametrize(
    "body",
    [{}, {"list": None}, {"list": "nothing"}, {"list": "customers"}, {"list": "orders", "filters": []},
     {"list": "orders", "filters": {"q": 1}}, {"list": "orders", "x": 1}, b"{", b'{"list": "orders", "list": "x"}'],
    ids=str,
)  # fmt: skip
def test_what_is_no_export_begins_none(world, robot, body):
    assert robot.post("/exports", body).status_code in (400, 422)


def test_a_list_needs_its_own_scope_when_it_is_asked_for_and_when_it_is_read(world):
    reads = make_program(tenant=world.tenant, scopes=["orders.read"])
    assert begun(reads, "orders")["state"] == "ready"
    refused = reads.post("/exports", {"list": "subscriptions"})
    assert (refused.status_code, refused.said["code"]) == (403, "insufficient-scope")
    told = begun(reads, "orders")
    with as_owner():
        Application.objects.update(scopes=["events.read"])
    assert read(reads, told["file_url"])[0] == 403


def test_an_export_is_the_applications_own_and_over_after_a_while(world, robot, monkeypatch):
    told = begun(robot, "subscriptions")
    assert robot.get(f"/exports/{told['id']}").said == told
    other = make_program(tenant=world.tenant)
    elsewhere = make_program(tenant=make_tenant(slug="beta", name="Beta"))
    assert read(other, told["file_url"])[0] == 404
    assert read(elsewhere, told["file_url"].replace("contoso", "beta"))[0] == 404
    assert robot.get(f"/exports/{told['id'][:-1]}").status_code == 404
    assert robot.get(f"/exports/{signing.dumps([1], salt='other')}").status_code == 404
    monkeypatch.setattr(exports, "READY_FOR", exports.READY_FOR * -1)
    late = robot.get(f"/exports/{told['id']}/file")
    assert (late.status_code, late.said["code"]) == (409, "over")
