"""Whatever staff's lists of records offer to filter and search by is found by an index, however rare it is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from subscriptions.db import scopes
from subscriptions.models import Tenant
from subscriptions.staff.owners import MOST_OWNERS
from tests.database import without_scope
from tests.desk import list_url
from tests.factories import make_tenant

ROWS = 5_000
SEEDS = """
    INSERT INTO subscriptions_auditevent
           (uuid, tenant_id, kind, actor_kind, actor_name, actor_partner, subject_name, reason, detail)
    SELECT gen_random_uuid(), %(tenant)s, 'order.placed', 'member', 'Alex', '', 'Suite ' || number, '', '{}'
      FROM generate_series(1, %(rows)s) AS number;
    INSERT INTO subscriptions_mail
           (uuid, tenant_id, event_id, kind, to_company_name, to_company_mailbox, former_address,
            to_company_number, language, state, attempts, last_error, queued, sent)
    SELECT gen_random_uuid(), tenant_id, id, 'partner-named', 'Tailspin', 'p@' || id || '.example', '', '', 'en',
           'sent', 1, '', at, at
      FROM subscriptions_auditevent;
    INSERT INTO subscriptions_refusalrecord (at, method, path, status, code)
    SELECT now(), 'GET', '/t/' || number || '/', 404, 'not-found' FROM generate_series(1, %(rows)s) AS number;
    ANALYZE subscriptions_auditevent, subscriptions_mail, subscriptions_refusalrecord
"""
MEMBERS = """
    INSERT INTO subscriptions_tenant
           (uuid, slug, name, name_key, search_text, cloud, country, city, time_zone, staff_may_view,
            second_person, asks_off_list, state)
    SELECT gen_random_uuid(), 'org-' || number, 'Org ' || number, 'org ' || number, ' org ' || number,
           'o365-worldwide', 'US', '', 'UTC', true, false, false, 'active'
      FROM generate_series(1, %(rows)s) AS number;
    INSERT INTO subscriptions_user
           (uuid, email, name, name_key, password, language, time_zone, theme, mails, is_staff, is_active,
            is_superuser, session_generation, date_joined)
    SELECT gen_random_uuid(), 'person-' || number || '@org.example', 'Person ' || number, 'person ' || number, '',
           '', '', 'system', 'at-once', false, true, false, 0, now()
      FROM generate_series(1, %(rows)s) AS number;
    INSERT INTO subscriptions_membership (tenant_id, user_id, role)
    SELECT tenant.id, member.id, 'global-reader'
      FROM subscriptions_tenant AS tenant JOIN subscriptions_user AS member
        ON member.email = replace(tenant.slug, 'org-', 'person-') || '@org.example';
    ANALYZE subscriptions_tenant, subscriptions_user, subscriptions_membership
"""
RARE = "an organization with no records"
OFFERED = {
    "subscriptions_auditevent": [
        {"kind__exact": "order.canceled"},
        {"actor_kind": "staff"},
        {"actor_kind": "partner"},
        {"kind__exact": "order.placed", "actor_kind": "staff"},
        {"q": "Visio"},
        {"tenant": RARE},
        {"at-since": "2199-01-01"},
    ],
    "subscriptions_mail": [
        {"kind__exact": "release-escalated"},
        {"state__exact": "failed"},
        {"state__exact": "queued"},
        {"q": "nobody@"},
        {"tenant": RARE},
        {"queued-since": "2199-01-01"},
    ],
    "subscriptions_refusalrecord": [{"q": "/staff/"}],
}


@pytest.fixture
def records(alpha, as_owner):
    """Many of one sort, as the planner knows them."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SEEDS, {"tenant": alpha.pk, "rows": ROWS})


def plans(client, table: str, query: dict[str, str], other: Tenant) -> list[str]:
    """Of what the list reads from the table: the rows of a page, and their number."""
    query = {name: other.pk if value == RARE else value for name, value in query.items()}
    with CaptureQueriesContext(connection) as asked:
        assert client.get(list_url(table), query).status_code == 200
    statements = [without_scope(each["sql"]) for each in asked if f'FROM "{table}"' in each["sql"]]
    with scopes.staff(), connection.cursor() as cursor:
        return [_plan(cursor, sql) for sql in statements if not sql.endswith(" LIMIT 1")]


def _plan(cursor, sql: str) -> str:
    cursor.execute(f"EXPLAIN {sql}")
    return "\n".join(line for (line,) in cursor.fetchall())


def test_what_is_rare_is_found_without_a_walk_through_all_records(records, desk):
    other = make_tenant(slug="beta", name="Beta Ltd")
    for table, queries in OFFERED.items():
        for plan in [plan for query in queries for plan in plans(desk, table, query, other)]:
            assert "Index Cond" in plan
            assert (f"Seq Scan on {table}" in plan, f"{table}_pkey" in plan) == (False, False), plan


def rows_read(sql: str, table: str) -> float:
    """Also those that a filter then leaves out."""
    with scopes.staff(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        nodes = [cursor.fetchone()[0][0]["Plan"]]
    read = 0
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node.get("Relation Name") == table:
            read += (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return read


def test_a_member_is_found_without_a_walk_through_all_members(desk, alpha, as_owner):
    """Also by words that every name has: the list shows some of them and says so, and another word finds the one."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(MEMBERS, {"rows": ROWS})
    found = {
        "zacharias": (0, False),
        "beta zacharias": (0, False),
        "person-4242@": (1, False),
        "person 4242": (1, False),
        "org 4242": (1, False),
        "person": (MOST_OWNERS, True),
        "person org": (MOST_OWNERS, True),
    }
    for text, (number, is_cut) in found.items():
        with CaptureQueriesContext(connection) as asked:
            response = desk.get(list_url("subscriptions_membership"), {"q": text})
        assert (text, response.context["cl"].result_count) == (text, number)
        assert (b"only some of them" in response.content) == is_cut
        table = "subscriptions_membership"
        read = [rows_read(without_scope(each["sql"]), table) for each in asked if f'FROM "{table}"' in each["sql"]]
        assert sum(read) <= 5 * number, text
    file = desk.get(reverse("admin:subscriptions_membership_export"), {"q": "person"})
    assert b"".join(file.streaming_content).count(b"\n") == 1 + ROWS


def test_every_filter_of_records_is_among_those_that_were_looked_at(desk):
    """And none of the columns is offered to sort by."""
    for table, queries in OFFERED.items():
        changes = desk.get(list_url(table)).context["cl"]
        offered = {spec.expected_parameters()[0] for spec in changes.filter_specs}
        assert offered == {name for query in queries for name in query} - {"q"}
        assert changes.sortable_by == ()
