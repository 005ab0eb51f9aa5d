"""Rows to measure with, brought in by COPY with every key and trigger on, beside the demo's own.

Of a million subscriptions a tenth are one organization's, and one partner has 3,000 customers and 104,000 credits;
of another number the same parts. Whatever is not given is empty, as the table's types have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

FIRST = 10_000  # behind the keys of the demo's rows
LARGE, SMALL, PARTNER, STAFF = FIRST, FIRST + 1, FIRST, FIRST
NO_NAMES = {"bigint": "0", "integer": "0", "smallint": "0", "numeric": "0", "boolean": "false", "ARRAY": "'{}'"}
TEXTS = ("character varying", "text")


@dataclass(frozen=True)
class Scale:
    """How many of each there are among so many subscriptions."""

    subscriptions: int

    @property
    def tenants(self) -> int:
        return max(20, self.subscriptions // 50)

    @property
    def large(self) -> int:
        """Subscriptions of the one large organization."""
        return self.subscriptions // 10

    @property
    def customers(self) -> int:
        return max(3, self.subscriptions * 3 // 1000)

    @property
    def partners(self) -> int:
        return max(20, self.subscriptions // 500)

    def numbers(self) -> dict[str, str]:
        """What the SQL below names in capitals."""
        names = ("subscriptions", "tenants", "large", "customers", "partners")
        return {name.upper(): str(getattr(self, name)) for name in names} | {"FIRST": str(FIRST)}


def uuid(kind: str, number: str) -> str:
    return f"md5('{kind}' || {number})::uuid"


def searched(name: str, uuid_: str) -> str:
    """As SearchTextField writes a name and a UUID."""
    in_letters = f"translate(replace(({uuid_})::text, '-', ''), '0123456789abcdef', 'ABCDEFGHIJKLMNOP')"
    return f"' ' || lower({name}) || ' ~' || {in_letters}"


def rows(count: str, more: str = "") -> str:
    return f"generate_series(1, {count}) n {more}"


TENANT = "CASE WHEN n <= LARGE THEN FIRST ELSE FIRST + 1 + (n - LARGE) % TENANTS END"
# The how manieth of its organization a subscription is, from 0 on
PLACE = "(CASE WHEN n <= LARGE THEN n ELSE (n - LARGE) / TENANTS END)"
OF_THE_PARTNER = "(n <= LARGE / 50 OR n > LARGE AND (n - LARGE) % TENANTS < CUSTOMERS AND (n - LARGE) / TENANTS < 34)"
NAME = "'Office 365 E' || 1 + n % 5 || ' site ' || n || CASE WHEN n % 9973 = 7 THEN ' zephyr' ELSE '' END"
STATUS = "(ARRAY['active','active','active','active','active','active','expired','disabled','deleted'])[1 + n % 9]"
PRODUCTS = "(SELECT array_agg(id ORDER BY id) AS ids FROM subscriptions_product WHERE cloud = 'o365-worldwide') p"
TENANT_NAME = "CASE n WHEN 1 THEN 'Zettabyte Holdings' ELSE 'Company ' || n || ' of ' || md5(n::text) END"
PARTNER_NAME = "CASE n WHEN 1 THEN 'Zenith Cloud Partners' ELSE 'Partner ' || n || ' of ' || md5(n::text) END"
BEGAN = "timestamptz '2025-01-01' + n % 500000 * interval '1 minute'"
PERIOD = {
    "tenant_id": TENANT,
    "subscription_id": "FIRST + n",
    "product_id": "0",
    "source": "'tenant'",
    "set_by_name": "'Alex Wilber'",
}

SEEDS: list[tuple[str, str, Mapping[str, str]]] = [
    ("subscriptions_tenant", rows("TENANTS + 1"), {
        "id": "FIRST - 1 + n", "uuid": uuid("t", "n"), "slug": "'bench-' || n", "name": TENANT_NAME,
        "name_key": f"lower({TENANT_NAME})", "search_text": searched(TENANT_NAME, uuid("t", "n")),
        "cloud": "'o365-worldwide'", "country": "(ARRAY['US', 'DE', 'FR'])[1 + n % 3]", "city": "'Springfield'",
        "time_zone": "'America/Los_Angeles'", "staff_may_view": "true", "state": "'active'",
    }),
    ("subscriptions_user", rows("TENANTS + 3"), {
        "id": "FIRST - 1 + n", "uuid": uuid("u", "n"), "email": "'person' || n || '@bench.example'",
        "name": "'Person ' || n", "name_key": "'person ' || n", "theme": "'system'", "mails": "'at-once'",
        "is_active": "true", "date_joined": "now()", "password": "'!'", "is_staff": "n = TENANTS + 3",
    }),
    ("subscriptions_membership", rows("TENANTS + 1"), {
        "id": "FIRST - 1 + n", "uuid": uuid("m", "n"), "tenant_id": "FIRST - 1 + n", "user_id": "FIRST - 1 + n",
        "role": "'global-admin'", "seen": "now()",
    }),
    ("partners_partner", rows("PARTNERS + 1"), {
        "id": "FIRST - 1 + n", "uuid": uuid("p", "n"), "number": "5000000 + n", "name": PARTNER_NAME,
        "name_key": f"lower({PARTNER_NAME})", "cloud": "'o365-worldwide'", "kind": "'location'",
        "search_text": f"' ' || lower({PARTNER_NAME}) || ' springfield #'"
                       " || translate((5000000 + n)::text, '0123456789', 'ABCDEFGHIJ')",
        "state": "'active'", "country": "'US'", "city": "'Springfield'", "language": "'en'",
        "mailbox": "'partner' || n || '@bench.example'",
        "authorized_countries": "'{US,DE,FR}'", "authorized_for_all": "true",
    }),
    ("partners_partnerperson", rows("1"), {
        "id": "FIRST", "uuid": uuid("pp", "n"), "role": "'admin-agent'", "since": "now()", "partner_id": "FIRST",
        "user_id": "FIRST + TENANTS + 1",
    }),
    ("subscriptions_subscription", rows("SUBSCRIPTIONS", f", {PRODUCTS}"), {
        "id": "FIRST + n", "uuid": uuid("s", "n"), "tenant_id": TENANT, "name": NAME, "name_key": f"lower({NAME})",
        "search_text": searched(NAME, uuid("s", "n")), "own_search_text": "'  '", "status": STATUS,
        "product_id": "p.ids[1 + n % cardinality(p.ids)]", "licenses_total": "5 + n % 40",
        "licenses_assigned": "n % 5", "billing_frequency": "'monthly'", "cost": "(5 + n % 40) * 8",
        "unit_price": "8", "currency": "'USD'", "started_on": "current_date - 400 + n % 300",
        "term_ends_on": "current_date + 2 + n % 360", "anchor_day": "EXTRACT(day FROM current_date + 2 + n % 360)",
        "recurring_billing": "true", "version": "1", "payment_method": "'invoice'",
    }),
    ("partners_partnerofrecord", rows("SUBSCRIPTIONS", "WHERE n % 6 = 0"), PERIOD | {
        "id": "FIRST + SUBSCRIPTIONS + n", "uuid": uuid("c", "n"), "partner_id": "FIRST + n % PARTNERS",
        "valid": f"tstzrange({BEGAN} - interval '300 days', {BEGAN})", "end_source": "'tenant'",
        "ended_by_name": "'Alex Wilber'",
    }),
    ("partners_partnerofrecord", rows("SUBSCRIPTIONS", f"WHERE {OF_THE_PARTNER} OR {PLACE} % 5 < 3"), PERIOD | {
        "id": "FIRST + n", "uuid": uuid("r", "n"), "valid": f"tstzrange({BEGAN}, NULL)",
        "partner_id": f"CASE WHEN {OF_THE_PARTNER} THEN FIRST ELSE FIRST + 1 + (n * 7919::bigint) % PARTNERS END",
    }),
    ("partners_partnerrelationship", rows("2 * TENANTS"), {
        "id": "FIRST + n", "uuid": uuid("l", "n"), "kind": "'reseller'",
        "tenant_id": "CASE WHEN n % 50 = 0 THEN FIRST ELSE FIRST + 1 + n % TENANTS END",
        "partner_id": "FIRST + CASE WHEN n % 50 = 0 THEN n / 50 WHEN n <= CUSTOMERS / 3 THEN 0"
            " ELSE n % PARTNERS END",
        "started_at": "timestamptz '2025-01-01' + n * interval '1 minute'", "started_by": "'Alex Wilber'",
        "ended_at": "CASE WHEN n > CUSTOMERS AND n % 50 = 0 OR n > TENANTS THEN now() END",
        "ended_by": "CASE WHEN n > CUSTOMERS AND n % 50 = 0 OR n > TENANTS THEN 'Alex Wilber' ELSE '' END",
    }),
    ("subscriptions_auditevent", rows("SUBSCRIPTIONS"), {
        "id": "FIRST + n", "uuid": uuid("a", "n"), "at": BEGAN, "tenant_id": TENANT, "actor_kind": "'member'",
        "kind": "CASE WHEN n % 9 = 0 THEN 'order.placed' ELSE 'subscription.renewed' END",
        "actor_name": "'Person ' || n % 50", "subject_name": NAME, "subject_uuid": uuid("s", "n"), "detail": "'{}'",
    }),
    ("subscriptions_order", rows("SUBSCRIPTIONS / 5"), {
        "id": "FIRST + n", "uuid": uuid("o", "n"), "tenant_id": TENANT,
        "number": "'2025-' || lpad(n::text, 7, '0')", "state": "'placed'", "payment_method": "'invoice'",
        "version": "1", "started_at": BEGAN, "started_by": "'Alex Wilber'", "placed_at": BEGAN,
        "placed_by": "'Alex Wilber'", "expires_on": "date '2025-12-31'",
    }),
    ("subscriptions_orderline", rows("SUBSCRIPTIONS / 5", f", {PRODUCTS}"), {
        "id": "FIRST + n", "tenant_id": TENANT, "order_id": "FIRST + n",
        "product_id": "p.ids[1 + n % cardinality(p.ids)]", "licenses": "5", "billing_frequency": "'monthly'",
        "unit_price": "8", "currency": "'USD'",
    }),
    ("subscriptions_mail", rows("SUBSCRIPTIONS / 5"), {
        "id": "FIRST + n", "uuid": uuid("e", "n"), "kind": "'order-confirmation'", "state": "'sent'",
        "tenant_id": TENANT, "queued": BEGAN, "sent": BEGAN, "language": "'en'",
        "event_id": "FIRST + n", "to_user_id": TENANT,
    }),
]  # fmt: skip
COLUMNS = """
    SELECT column_name, data_type, is_nullable = 'YES' OR column_default IS NOT NULL FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""


def bring_in(url: str, scale: Scale) -> None:
    """All of it in one transaction, then what the planner knows of it."""
    with psycopg.connect(url) as source, psycopg.connect(url, autocommit=True) as target:
        with target.transaction():
            for table, of, given in SEEDS:
                _copy(source, target, table, _select(target, table, of, given, scale))
                target.execute(
                    sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))").format(
                        sql.Literal(table), sql.Identifier(table)
                    )
                )
        target.execute("VACUUM ANALYZE")


def _select(target: psycopg.Connection, table: str, of: str, given: Mapping[str, str], scale: Scale) -> tuple:
    columns, values = [], []
    for name, kind, may_lack in target.execute(COLUMNS, [table]).fetchall():
        if name in given or not may_lack:
            columns.append(name)
            values.append(given.get(name) or ("''" if kind in TEXTS else NO_NAMES[kind]))
    query = f"SELECT {', '.join(values)} FROM {of}"
    for name, number in scale.numbers().items():
        query = query.replace(name, number)
    return columns, query


def _copy(source: psycopg.Connection, target: psycopg.Connection, table: str, select: tuple) -> None:
    columns, query = select
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with (
        source.cursor().copy(sql.SQL("COPY ({}) TO STDOUT").format(sql.SQL(query))) as rows_,
        target.cursor().copy(into) as taken,
    ):
        for part in rows_:
            taken.write(part)
