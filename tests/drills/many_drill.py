"""The partner of record of many subscriptions, measured, and its worker killed at random points: `make drill-many`.

Not part of the suite, as it takes minutes. ROWS and KILLS in the environment say how much.
"""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, BulkAct, BulkRow
from tests.architecture.facts import ROOT
from tests.database import as_owner
from tests.factories import make_actor, make_partner
from tests.facts import mails
from tests.subscriptions.bulk import facts as many

ROWS, KILLS = int(os.environ.get("ROWS", "5000")), int(os.environ.get("KILLS", "20"))
RUN = (
    "import django; django.setup(); from subscriptions.bulk import runs; print('ready', flush=True); "
    "runs.work_off(tenant_id={}, act_id={})"
)

pytestmark = pytest.mark.django_db(transaction=True)


def worker(act: BulkAct) -> subprocess.Popen[bytes]:
    """What the job does, in a process of its own with the web login's name and password."""
    name = connections["default"].settings_dict["NAME"]
    environ = os.environ | {
        "DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    command = [sys.executable, "-c", RUN.format(act.tenant_id, act.pk)]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    return process


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
