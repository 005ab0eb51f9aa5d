"""The file of a large organization's subscriptions, measured: `make drill-export`.

Not part of the suite, as it takes minutes. ROWS in the environment says how much.
"""

import os
import re
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from partners.models import PartnerOfRecord
from subscriptions.models import Subscription
from tests.database import as_owner, owner_session
from tests.factories import make_partner, make_partner_of_record, make_subscription
from tests.personas import open_session

ROWS = int(os.environ.get("ROWS", "1000000"))
URL = "/t/alpha/billing/subscriptions/?file=csv"
# What the file says of a subscription, read by nothing but the database
COPY = """
    COPY (SELECT s.uuid, s.name, p.number, p.name, s.own_name, s.cost_center, s.recurring_billing, s.status,
                 s.licenses_assigned, s.licenses_total, s.billing_frequency, s.cost, s.currency, s.started_on,
                 s.term_ends_on
            FROM subscriptions_subscription s
            LEFT JOIN partners_partnerofrecord r ON r.subscription_id = s.id AND upper_inf(r.valid)
            LEFT JOIN partners_partner p ON p.id = r.partner_id
           ORDER BY s.term_ends_on DESC, s.id DESC) TO STDOUT (FORMAT csv)
"""

pytestmark = pytest.mark.django_db(transaction=True)


def more_of(model, given: dict[str, str]) -> None:
    """As many rows as are wanted, each like the one that is there but for the columns that are given as SQL."""
    kept = ("id", "sys_period")
    columns = [
        field.column for field in model._meta.concrete_fields if field.column not in kept and not field.generated
    ]
    values = [given.get(column, f't."{column}"') for column in columns]
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(values)}"
            f" FROM {given.get('from', model._meta.db_table + ' t')} {given['rows']}"
        )


@pytest.fixture
def large(alpha, global_admin):
    row = make_subscription(tenant=alpha, name="Office 365 E3")
    make_partner_of_record(subscription=row, partner=make_partner())
    with as_owner():
        number = f"CROSS JOIN generate_series(2, {ROWS}) n"
        named = {"name": "'Office 365 E3 ' || n", "search_text": "'office 365 e3 ' || n", "uuid": "gen_random_uuid()"}
        more_of(Subscription, {**named, "rows": number})
        first = Subscription.objects.earliest("pk").pk
        credited = f"CROSS JOIN subscriptions_subscription s WHERE s.id > {first} AND s.id % 3 > 0"
        more_of(PartnerOfRecord, {"subscription_id": "s.id", "uuid": "gen_random_uuid()", "rows": credited})
    with owner_session() as owner:
        owner.execute("VACUUM ANALYZE")
    return global_admin


def kilobytes() -> int:
    return int(re.search(r"VmRSS:\s*(\d+) kB", Path("/proc/self/status").read_text())[1])


def copied() -> float:
    began = time.monotonic()
    with owner_session() as owner, owner.cursor() as cursor, cursor.copy(COPY) as copy:
        for _chunk in copy:
            pass
    return time.monotonic() - began


def test_a_million_rows_leave_in_flat_memory(large):
    client = Client()
    open_session(client, large)
    bare, before, began = copied(), kilobytes(), time.monotonic()
    chunks = iter(client.get(URL).streaming_content)
    lines, first = next(chunks).count(b"\n"), time.monotonic() - began
    most = 0
    for number, chunk in enumerate(chunks):
        lines += chunk.count(b"\n")
        most = max(most, kilobytes() if number % 50 == 0 else 0)
    seconds = time.monotonic() - began
    print(
        f"\n{ROWS} rows: first byte {first:.2f} s, all {seconds:.1f} s, COPY {bare:.1f} s, ratio {bare / seconds:.2f}"
    )
    print(f"memory: {max(most - before, 0) / 1024:.1f} MiB more than before")
    assert lines == ROWS + 1
    assert most - before < 100 * 1024
