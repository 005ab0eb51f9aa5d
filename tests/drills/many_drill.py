"""The partner of record of many subscriptions, measured, and its worker killed at random points: `make drill-many`.

Not part of the suite, as it takes minutes. ROWS and KILLS in the environment say how much.
"""

import os
import random
import signal
import subprocess
import time

import pytest

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, BulkAct, BulkRow
from tests.database import as_owner
from tests.drills.processes import started
from tests.factories import make_actor, make_partner
from tests.facts import mails
from tests.subscriptions.bulk import facts as many

ROWS, KILLS = int(os.environ.get("ROWS", "5000")), int(os.environ.get("KILLS", "20"))
pytestmark = pytest.mark.django_db(transaction=True)


def worker(act: BulkAct) -> subprocess.Popen[bytes]:
    """What the job does."""
    return started(
        "from subscriptions.bulk import runs", f"runs.work_off(tenant_id={act.tenant_id}, act_id={act.pk})"
    )


@as_owner()
def changes(act: BulkAct) -> int:
    return AuditEvent.objects.filter(correlation=act.uuid, kind__startswith="partner-of-record.").count()


def test_killed_at_random_points_each_row_is_done_once(alpha, global_admin):
    random.seed(int(os.environ.get("SEED", "1")))
    old, new = make_partner(number="565380"), make_partner(number="935287")
    many.make_many(alpha, ROWS, partner=old)
    by = make_actor(user=global_admin)
    began = time.monotonic()
    act = many.previewed(alpha, by, partner=new)
    print(f"\npreview of {ROWS} rows: {time.monotonic() - began:.1f} s")
    many.decide(act, by)
    for number in range(KILLS):
        process = worker(act)
        time.sleep(random.uniform(0.1, 4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"killed {number + 1}: {many.counts(act)}", flush=True)
    began, before = time.monotonic(), many.counts(act)[3]
    assert worker(act).wait() == 0
    print(f"the other {ROWS - before} rows: {time.monotonic() - began:.1f} s")
    assert many.counts(act) == ("done", ROWS, ROWS, ROWS, 0)
    assert (many.outcomes(act), changes(act)) == ({"changed": ROWS}, ROWS)
    with as_owner():
        assert PartnerOfRecord.objects.in_force().count() == ROWS
        assert BulkRow.objects.filter(act=act).values("event").distinct().count() == ROWS
    assert sorted(kind for kind, _receiver in mails()) == ["bulk-receipt", "credits-changed", "credits-changed"]
