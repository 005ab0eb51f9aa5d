"""An import of many subscriptions, measured beside COPY, and killed at random points: `make drill-import`.

Not part of the suite, as it takes minutes. LINES and KILLS in the environment say how much.
"""

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.db import connections
from psycopg.conninfo import make_conninfo

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, ImportRun, PartnerEvent, Subscription, Tenant
from tests.architecture.facts import ROOT
from tests.database import as_owner, owner_session
from tests.factories import make_partner, make_product

LINES, KILLS = int(os.environ.get("LINES", "100000")), int(os.environ.get("KILLS", "10"))
HEAD = (
    "organization,subscription_id,sku,licenses_total,licenses_assigned,billing_frequency,unit_price,started_on,"
    "term_ends_on,partner_id,partner_since\n"
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def file(tmp_path) -> Path:
    """Of a hundred organizations; one line of a hundred has an error, and two of three name a partner."""
    make_product()
    make_partner()
    with as_owner():
        Tenant.objects.bulk_create(
            Tenant(slug=f"o-{n}", name=f"O {n}", cloud="o365-worldwide", country="US") for n in range(100)
        )
    path = tmp_path / "subscriptions.csv"
    with path.open("w") as lines:
        lines.write(HEAD)
        lines.writelines(_line(number) for number in range(LINES))
    return path


def _line(number: int) -> str:
    sku = "OFFICE-365-E3" if number % 100 else "5,6538E+05".replace(",", ".")
    partner = ",565380,2025-02-01" if number % 3 else ",,"
    return f"o-{number % 100},old-{number},{sku},20,12,annual,18.00,2024-05-01,2027-05-01{partner}\n"


def _command(file: Path) -> subprocess.Popen[bytes]:
    """In a process of its own, with the web login's name and password."""
    name = connections["default"].settings_dict["NAME"]
    environ = os.environ | {"DATABASE_URL": make_conninfo(os.environ["DATABASE_URL"], dbname=name)}
    command = [sys.executable, "manage.py", "import", "subscriptions", str(file), "--apply"]
    said = file.with_suffix(".said").open("wb")
    return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=said, stderr=subprocess.STDOUT)


def _last_words(file: Path) -> str:
    """A thousand lines with errors are said before them."""
    return file.with_suffix(".said").read_text()[-600:]


def _most_kilobytes(process: subprocess.Popen[bytes]) -> int:
    """So far, of this process alone."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{process.pid}/status").read_text())
    return int(found[1]) if found else 0


def _events_of_rows() -> int:
    """Each command also leaves events of its file."""
    return AuditEvent.objects.exclude(kind__startswith="import.").count()


@as_owner()
def _outcome() -> tuple[int, int, int]:
    return Subscription.objects.count(), PartnerOfRecord.objects.count(), _events_of_rows()


def _wanted() -> tuple[int, int, int]:
    right = [number for number in range(LINES) if number % 100]
    credited = sum(bool(number % 3) for number in right)
    return len(right), credited, len(right) + credited


def test_many_lines_in_minutes_with_flat_memory(file):
    began = time.monotonic()
    process = _command(file)
    kilobytes = 0
    while process.poll() is None:
        kilobytes = max(kilobytes, _most_kilobytes(process))
        time.sleep(0.5)
    seconds = time.monotonic() - began
    print(f"\n{LINES} lines, {file.stat().st_size / 1e6:.1f} MB: {seconds:.0f} s, at most {kilobytes / 1024:.0f} MiB")
    print(_last_words(file))
    assert _outcome() == _wanted()
    (run,) = _runs()
    rows, copied = _copied()
    applied = (run.ended - run.applied_at).total_seconds()
    print(f"COPY of the {rows} rows that came of it, with their indexes and no trigger: {copied:.1f} s")
    print(f"of the apply {applied:.1f} s this is {copied / applied:.2f}, of all {copied / seconds:.2f}")


@as_owner()
def _runs() -> list[ImportRun]:
    return list(ImportRun.objects.all())


def _copied() -> tuple[int, float]:
    """How many rows the import has left, and how long the database takes to take them by COPY, indexes and all."""
    rows, seconds = 0, 0.0
    with owner_session() as owner, owner.cursor() as cursor:
        for model in (Subscription, PartnerOfRecord, AuditEvent, PartnerEvent):
            table = model._meta.db_table
            columns = ", ".join(f'"{each.column}"' for each in model._meta.concrete_fields if not each.generated)
            with tempfile.TemporaryFile() as kept:
                with cursor.copy(f"COPY {table} ({columns}) TO STDOUT (FORMAT binary)") as copy:
                    for part in copy:
                        kept.write(part)
                cursor.execute(f"CREATE TABLE copied_{table} (LIKE {table} INCLUDING ALL)")
                kept.seek(0)
                began = time.monotonic()
                with cursor.copy(f"COPY copied_{table} ({columns}) FROM STDIN (FORMAT binary)") as copy:
                    while part := kept.read(1 << 20):
                        copy.write(part)
                rows += cursor.rowcount
                owner.commit()
            seconds += time.monotonic() - began
            cursor.execute(f"DROP TABLE copied_{table}")
            owner.commit()
    return rows, seconds


def test_killed_at_random_points_no_line_is_done_twice(file):
    """Twice before a line is done, as it looks at all of them first; then each time after some more lines."""
    random.seed(int(os.environ.get("SEED", "1")))
    for number in range(KILLS):
        process = _command(file)
        time.sleep(random.uniform(1.5, 6))
        wanted = _outcome()[0] + random.randint(1, LINES // KILLS) if number > 1 else 0
        while process.poll() is None and _outcome()[0] < wanted:
            time.sleep(random.uniform(0.05, 0.5))
        assert process.poll() is None, _last_words(file)
        process.send_signal(signal.SIGKILL)
        process.wait()
        print(f"\nkilled {number + 1}: {_outcome()}", end="", flush=True)
    _command(file).wait()
    print(f"\n{_last_words(file)}")
    assert _outcome() == _wanted()
    with as_owner():
        assert list(ImportRun.objects.filter(state="done").values_list("done", flat=True)) == [_wanted()[0]]
