"""The file of a large organization's subscriptions, measured: `make drill-export`.

Not part of the suite, as it takes minutes. ROWS in the environment says how much.
"""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

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
ROUNDS = int(os.environ.get("ROUNDS", "3"))
# The same columns in the same order, read by nothing but the database
COPY = """
    COPY (SELECT s.uuid, s.name, p.number, p.name, s.own_name, s.cost_center, s.recurring_billing, product.name,
                 s.status, s.licenses_assigned, s.licenses_total, s.billing_frequency, s.cost, s.currency,
                 s.started_on, s.term_ends_on, s.reseller_managed, c.day, "then".name
            FROM subscriptions_subscription s
            JOIN subscriptions_product product ON product.id = s.product_id
            LEFT JOIN partners_partnerofrecord r ON r.subscription_id = s.id AND upper_inf(r.valid)
            LEFT JOIN partners_partner p ON p.id = r.partner_id
            LEFT JOIN partners_scheduledchange c ON c.subscription_id = s.id AND c.state = 'waiting'
            LEFT JOIN partners_partner "then" ON "then".id = c.partner_id
           WHERE s.tenant_id = %s AND s.status <> 'deleted'
           ORDER BY s.name_key, s.id) TO STDOUT (FORMAT csv)
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


def copied(tenant_id: int) -> float:
    with owner_session() as owner, owner.cursor() as cursor:
        began = time.monotonic()
        with cursor.copy(COPY % tenant_id) as copy:
            for _chunk in copy:
                pass
        return time.monotonic() - began


@dataclass(frozen=True)
class Sent:
    first: float
    seconds: float
    lines: int
    kilobytes: int


def sent(client: Client) -> Sent:
    """The whole file, and how much the process grew meanwhile."""
    before, began = kilobytes(), time.monotonic()
    chunks = iter(client.get(URL).streaming_content)
    lines, first, most = next(chunks).count(b"\n"), time.monotonic() - began, 0
    for number, chunk in enumerate(chunks):
        lines += chunk.count(b"\n")
        most = max(most, kilobytes() if number % 50 == 0 else 0)
    return Sent(first, time.monotonic() - began, lines, max(most - before, 0))


def test_a_million_rows_leave_in_flat_memory(large, alpha):
    """By turns with COPY. The first file brings code in, so it is not counted."""
    client = Client()
    open_session(client, large)
    sent(client)
    ratios, most = [], 0
    for _round in range(ROUNDS):
        bare, file = copied(alpha.pk), sent(client)
        ratios.append(bare / file.seconds)
        most = max(most, file.kilobytes)
        print(
            f"\n{ROWS} rows: first byte {file.first:.2f} s, all {file.seconds:.1f} s, COPY {bare:.1f} s,"
            f" ratio {ratios[-1]:.2f}, {file.kilobytes / 1024:.1f} MiB more than before"
        )
        assert file.lines == ROWS + 1
    print(f"ratio {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")
    assert most < 16 * 1024
