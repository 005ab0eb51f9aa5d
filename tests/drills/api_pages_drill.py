"""A long list read page by page by the API, while rows come and go: `make drill-api-pages`.

ROWS in the environment says how many rows there are, CHANGED how many of others come and how many go meanwhile.
"""

import os
import random
import re
import statistics
import time

import pytest
from django.db import connection

from subscriptions.models import Subscription
from tests.architecture.test_plans import SEEDS
from tests.database import as_owner
from tests.drills.api_drill import UNLIMITED
from tests.factories import make_partner, make_sold_product
from tests.portal.api.client import make_program

ROWS, CHANGED = int(os.environ.get("ROWS", "100000")), int(os.environ.get("CHANGED", "1000"))
LIMIT = 200
(INSERT,) = re.findall(r"CREATE TEMPORARY TABLE.*?INSERT INTO subscriptions_subscription.*?FROM seeds;", SEEDS, re.S)
pytestmark = pytest.mark.django_db


def seeded(tenant, product, count: int, first: int = 0) -> list[int]:
    """Keys of so many subscriptions, called Suite and a number."""
    sql = INSERT.replace("generate_series(1, %(own)s + %(others)s)", "generate_series(%(first)s + 1, %(own)s)")
    keys = {
        "own": first + count,
        "others": 0,
        "first": first,
        "alpha": tenant.pk,
        "beta": None,
        "product": product.pk,
    }
    with as_owner(), connection.cursor() as cursor:
        last = Subscription.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, keys)
        cursor.execute("DROP TABLE seeds")
        cursor.execute("SET LOCAL session_replication_role = origin")
        return list(Subscription.objects.filter(pk__gt=last).values_list("pk", flat=True))


def test_each_row_that_stays_comes_once_while_others_come_and_go(alpha, settings):
    settings.LIMITS = UNLIMITED
    random.seed(int(os.environ.get("SEED", "1")))
    make_partner()
    product, robot = make_sold_product(name="Suite"), make_program(tenant=alpha)
    keys = seeded(alpha, product, ROWS)
    goes = random.sample(keys, min(CHANGED, ROWS // 2))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE subscriptions_subscription")
        gone = set(goes)
        rows = Subscription.objects.exclude(status="deleted").values_list("pk", "uuid")  # which the list leaves out
        stays = {str(uuid) for pk, uuid in rows if pk not in gone}
    pages = len(stays) // LIMIT
    each = -(-CHANGED // pages)
    found, took, path, came = [], [], f"/subscriptions?limit={LIMIT}", 0
    while path:
        began = time.perf_counter()
        answer = robot.get(path)
        took.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.said
        found += [row["id"] for row in answer.said["data"]]
        assert ("Link" in answer.headers) == (answer.said["next"] is not None)
        path = answer.said["next"] and "/api/v1" + answer.said["next"].partition("/api/v1")[2]
        with as_owner():
            Subscription.objects.filter(pk__in=goes[:each]).delete()
        goes = goes[each:]
        if came < CHANGED:
            came += len(seeded(alpha, product, each, ROWS + random.randrange(10**6)))
    kept = [uuid for uuid in found if uuid in stays]
    assert (len(kept), set(kept)) == (len(stays), stays)
    assert len(set(found)) == len(found)
    assert goes == [] and came >= CHANGED
    first, last = (sorted(part) for part in (took[1 : pages // 10 + 2], took[-pages // 10 - 1 :]))
    median = [1000 * statistics.median(part) for part in (first, last)]
    p95 = [1000 * part[int(len(part) * 0.95)] for part in (first, last)]
    print(f"\n{len(took)} pages of {LIMIT} in {sum(took):.0f} s, {came} rows came and {CHANGED} went")
    print(f"first tenth: {median[0]:.0f} ms, p95 {p95[0]:.0f}; last tenth: {median[1]:.0f} ms, p95 {p95[1]:.0f}")
    assert median[1] < 2 * median[0], "a page far behind costs more than one of the first"
