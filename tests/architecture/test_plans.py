"""Each list of an organization finds its rows by an index, among many more of others."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from subscriptions.db import scopes
from subscriptions.models import Product
from tests.database import as_owner, in_their_scopes, without_scope
from tests.factories import make_partner, make_partner_person, make_sold_product

LARGE = {
    "subscriptions_subscription",
    "partners_partnerofrecord",
    "subscriptions_auditevent",
    "subscriptions_order",
    "subscriptions_orderline",
}
OWN, OTHERS = 2_000, 20_000
# Triggers would take most of the time; what they refuse is not in here
SEEDS = """
    SET LOCAL session_replication_role = replica;
    CREATE TEMPORARY TABLE seeds ON COMMIT DROP AS
           SELECT number, CASE WHEN number <= %(own)s THEN %(alpha)s ELSE %(beta)s END AS tenant
             FROM generate_series(1, %(own)s + %(others)s) AS number;
    INSERT INTO subscriptions_subscription
           (uuid, tenant_id, product_id, name, name_key, search_text, own_name, cost_center,
            own_search_text, status, licenses_total, licenses_assigned,
            billing_frequency, cost, currency, started_on, term_ends_on, anchor_day, unit_price, began_as_trial,
            trial_extended, recurring_billing, reseller_managed, version, canceled_by, cancel_reason, payment_method,
            purchase_order_number, fapiao_title, fapiao_tax_number)
    SELECT gen_random_uuid(), tenant, %(product)s, 'Suite ' || number, 'suite ' || number, ' suite ' || number,
           '', '', '',
           (ARRAY['active', 'expired', 'disabled', 'deleted'])[1 + number %% 4], 5, 5, 'monthly',
           number, 'USD', '2026-01-01', date '2027-01-01' + number %% 300,
           EXTRACT(day FROM date '2027-01-01' + number %% 300), 1, false, false, true,
           false, 1, '', '', '', '', '', ''
      FROM seeds;
    INSERT INTO partners_partnerofrecord
           (uuid, tenant_id, subscription_id, product_id, search_text, of_deleted, status, licenses, term_ends_on,
            country, time_zone, partner_id, valid, source, set_by_name, reason, end_source, ended_by_name, end_reason)
    SELECT gen_random_uuid(), tenant_id, id, product_id, search_text, status = 'deleted', status, 5, term_ends_on,
           'US', 'Europe/Berlin', %(partner)s,
           tstzrange(timestamptz '2026-01-01' + id * interval '1 s', NULL), 'tenant', 'Alex', '', '', '', ''
      FROM subscriptions_subscription WHERE id %% 10 > 0;
    INSERT INTO subscriptions_auditevent
           (uuid, tenant_id, at, kind, actor_kind, actor_name, actor_partner, subject_name, reason, detail)
    SELECT gen_random_uuid(), tenant, timestamptz '2026-01-01' + number %% %(own)s * interval '1 minute',
           CASE WHEN number %% 50 = 0 THEN 'order.placed' ELSE 'subscription.renewed' END, 'member', 'Alex', '',
           'Suite ' || number, '', '{}'
      FROM seeds;
    INSERT INTO subscriptions_order
           (uuid, tenant_id, number, state, partner_number, partner_name, search_text, payment_method,
            purchase_order_number, fapiao_title, fapiao_tax_number, version, started_at, started_by, placed_at,
            placed_by, canceled_by, cancel_reason, expires_on)
    SELECT gen_random_uuid(), tenant, '2026-' || lpad(number::text, 6, '0'), 'placed', '', '', '', '', '', '', '', 1,
           timestamptz '2026-01-01', 'Alex', timestamptz '2026-01-01', 'Alex', '', '', '2026-02-01'
      FROM seeds;
    INSERT INTO subscriptions_orderline
           (tenant_id, order_id, product_id, licenses, billing_frequency, unit_price, currency)
    SELECT tenant_id, id, %(product)s, 5, 'monthly', 1, 'USD' FROM subscriptions_order;
    ANALYZE subscriptions_subscription, partners_partnerofrecord, subscriptions_auditevent, subscriptions_order,
            subscriptions_orderline
"""
SUBSCRIPTIONS, AUDIT_LOG = "billing/subscriptions/", "settings/audit-log/"
ORDERS = "billing/orders/"
RELATIONSHIPS = "settings/partner-relationships/"
ADVISOR = f"{RELATIONSHIPS}partners/{{partner}}/"
# What is read in the order of an index, and so by it whatever the planner knows of the rows
IN_ORDER = {
    f"{SUBSCRIPTIONS}?order=name": "subscription_by_name",
    f"{SUBSCRIPTIONS}?order=-name": "subscription_by_name",
    f"{SUBSCRIPTIONS}?order=cost": "subscription_by_cost",
    f"{SUBSCRIPTIONS}?order=-ends": "subscription_by_term_end",
    f"{SUBSCRIPTIONS}?status=active": "subscription_by_name",
    "billing/purchase-services/": "subscription_by_product",
    ADVISOR: "partnerofrecord_by_partner",
    AUDIT_LOG: "auditevent_newest_first",
    f"{AUDIT_LOG}?since=2026-01-01&until=2026-01-02": "auditevent_newest_first",
    f"{AUDIT_LOG}?kind=order.placed": "auditevent_by_kind",
    f"{AUDIT_LOG}?actor=nobody": "auditevent_by_actor_name",
}
# What is collected: by which index, and in which order, depends on how many rows there are of what is asked for
COLLECTED = [
    f"{SUBSCRIPTIONS}?status=disabled&order=cost",
    f"{SUBSCRIPTIONS}?partner=with",
    f"{SUBSCRIPTIONS}?partner=without",
    f"{SUBSCRIPTIONS}?partner_id=565380",
    f"{SUBSCRIPTIONS}?q=suite+12",
    f"{AUDIT_LOG}?actor=alex&kind=order.placed",
    f"{ORDERS}?q=2026-00012",
    f"{ORDERS}?q=product",
    RELATIONSHIPS,
    f"{RELATIONSHIPS}?q=tailspin",
]


@pytest.fixture
def partner(alpha, beta):
    """Credited by most of 2,000 subscriptions of alpha and of 20,000 of another organization."""
    partner = make_partner()
    sold = [make_sold_product(name=f"Product {number}", has_trial=True) for number in range(5)]
    keys = {"alpha": alpha.pk, "beta": beta.pk, "partner": partner.pk}
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SEEDS, keys | {"product": sold[0].pk, "own": OWN, "others": OTHERS})
        cursor.execute("SET LOCAL session_replication_role = origin")
    return partner


def scans(client, alpha, url: str, *, seqscan: str) -> Iterator[dict]:
    """How each statement of a page reads the large tables, as the planner says in the scope in which it is asked."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/t/alpha/{url}").status_code == 200
    with scopes.tenant(alpha.pk), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_seqscan = {seqscan}")
        own = scopes.current().opening()
        for asked_in, sql in in_their_scopes([each["sql"] for each in asked]):
            if any(table in sql for table in LARGE):
                cursor.execute(asked_in or own)
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                yield from _nodes(cursor.fetchone()[0][0]["Plan"])
        cursor.execute(own)
        cursor.execute("SET LOCAL enable_seqscan = on")


def _nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def tables(nodes: list[dict], *kinds: str) -> set[str]:
    """Which of the large tables are read at all, or by these kinds of nodes."""
    return {node.get("Relation Name") for node in nodes if not kinds or node["Node Type"] in kinds} & LARGE


def test_a_page_is_read_in_the_order_of_an_index(alpha, partner, global_admin, sign_in):
    client = sign_in(global_admin)
    for page, index in IN_ORDER.items():
        nodes = list(scans(client, alpha, page.format(partner=partner.uuid), seqscan="on"))
        assert index in {node.get("Index Name") for node in nodes}, page
        assert tables(nodes, "Seq Scan") == set(), page


def test_no_list_needs_to_read_a_table_whole(alpha, partner, global_admin, sign_in):
    """A small table is read whole because that is cheap; forbidden to, the planner finds an index for each list."""
    client = sign_in(global_admin)
    for page in COLLECTED:
        nodes = list(scans(client, alpha, page, seqscan="off"))
        assert tables(nodes) > tables(nodes, "Seq Scan") == set(), page


def test_the_kinds_that_occurred_are_found_by_steps_along_an_index(alpha, partner, global_admin, sign_in):
    nodes = list(scans(sign_in(global_admin), alpha, AUDIT_LOG, seqscan="on"))
    assert {"auditevent_newest_first", "auditevent_by_kind"} <= {node.get("Index Name") for node in nodes}


# Buffers of the database for a page of an organization with 2,000 subscriptions beside 20,000 of another one. A page
# that joins, sorts or counts all before it shows 25 reads several times as many
BUFFERS = {
    f"{SUBSCRIPTIONS}?order=name": 250,
    f"{SUBSCRIPTIONS}?partner=without": 1_200,
    f"{SUBSCRIPTIONS}?partner=with": 400,
    f"{SUBSCRIPTIONS}?q=suite+1234": 500,  # about 250, and 340 where other tests have left rows behind
    f"{SUBSCRIPTIONS}?q=nothing": 250,
    f"{ORDERS}?q=nothing": 400,
    AUDIT_LOG: 400,
    "": 6_000,
}


def buffers_of(client, alpha, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/t/alpha/{url}").status_code == 200
    found = 0
    with scopes.tenant(alpha.pk), connection.cursor() as cursor:
        own = scopes.current().opening()
        for asked_in, sql in in_their_scopes([each["sql"] for each in asked]):
            if sql.startswith("SELECT") and any(table in sql for table in (*LARGE, "subscriptions_with")):
                cursor.execute(asked_in or own)
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
                plan = cursor.fetchone()[0][0]["Plan"]
                found += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        cursor.execute(own)
    return found


def test_a_page_reads_about_what_it_shows(alpha, partner, global_admin, sign_in):
    client = sign_in(global_admin)
    found = {page: buffers_of(client, alpha, page) for page in BUFFERS}
    assert {page: read for page, read in found.items() if not 0 < read <= BUFFERS[page]} == {}, found


def test_a_partners_search_reads_its_own_credits_alone(alpha, partner, sign_in):
    """No row of a subscription is asked whether its policy lets the partner see it."""
    client = sign_in(make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha"))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/p/{partner.number}/partner-of-record/?q=suite+nothing").status_code == 200
    (search,) = [without_scope(each["sql"]) for each in asked if "LIKE" in each["sql"]]
    with scopes.partner(partner.pk), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {search}")
        nodes = list(_nodes(cursor.fetchone()[0][0]["Plan"]))
    assert tables(nodes) == {"partners_partnerofrecord"}


FILTERS_OF_A_PARTNER = [
    "status=expired",
    "ends=term-90",
    "ends=runs-out-30",
    "country=US",
    "order=ends",
    "product={product}",
]


def test_a_partners_filters_and_sums_read_copies_that_an_index_holds(alpha, partner, sign_in):
    """Subscriptions are read by their keys, for the rows of the page alone."""
    client = sign_in(make_partner_person(partner=partner, email="agent@tailspin.example", name="Agatha"))
    with as_owner():
        product = Product.objects.get(name="Product 0")
    for query in FILTERS_OF_A_PARTNER:
        with CaptureQueriesContext(connection) as asked:
            url = f"/p/{partner.number}/partner-of-record/?{query.format(product=product.uuid)}"
            assert client.get(url).status_code == 200
        with scopes.partner(partner.pk), connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off"
            )  # all of them are the partner's here, and none was vacuumed
            for sql in [
                without_scope(each["sql"]) for each in asked if 'FROM "partners_partnerofrecord"' in each["sql"]
            ]:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
                nodes = list(_nodes(cursor.fetchone()[0][0]["Plan"]))
                assert tables(nodes, "Seq Scan") == set(), sql
                of_subscriptions = [
                    node for node in nodes if node.get("Relation Name") == "subscriptions_subscription"
                ]
                assert all(
                    node.get("Index Name") == "subscriptions_subscription_pkey" for node in of_subscriptions
                ), sql
