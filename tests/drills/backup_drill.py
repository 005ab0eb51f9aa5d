"""A backup is what was restored from it: `make drill-backup`.

A logical one is restored into an empty cluster, a physical one to the moment before a mistake. What is compared is
the catalog, the rows of each table by a hash, and the audit trail by its digests. Not part of the suite: it takes
minutes, and the second one needs pgbackrest and a PostgreSQL that is installed.
"""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from portal.database.local_postgres import LocalPostgres
from tests.drills import books
from tests.drills.installed import NAME, Portal, as_account, place, say

PARALLEL = "4"
MISTAKE = "UPDATE subscriptions_subscription SET cost_center = 'all of them, by mistake'"
DIFFERENT = """
import django; django.setup()
from portal.database.grant_differences import differences
print(len(differences()))
"""
BACKREST = """
[global]
repo1-path={home}/repository
repo1-retention-full=2
log-path={home}/log
lock-path={home}/lock
spool-path={home}/spool
start-fast=y
process-max=2
log-level-console=warn
[portal]
pg1-path={data}
pg1-socket-path={socket}
pg1-user=postgres
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = place("backup")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def make_server(home) -> Iterator[Callable[..., LocalPostgres]]:
    """Each stops with the drill, however it ends."""
    servers: list[LocalPostgres] = []

    def make(name: str, settings: dict[str, str] | None = None) -> LocalPostgres:
        servers.append(LocalPostgres(home / name, settings))
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


def filled(server: LocalPostgres) -> Portal:
    portal = Portal(server)
    portal.make_database()
    portal.manage("migrate", "-v0")
    portal.manage("seed")
    return portal


def test_a_dump_restored_into_an_empty_cluster_and_migrated_is_the_same(home, make_server):
    portal = filled(make_server("first"))
    anchor = portal.make_digests()
    before = books.read(portal.superuser.replace("/portal?", f"/{NAME}?"))
    say(f"in the first cluster: {before}")
    dump = home / "portal.dump"
    began = time.monotonic()
    portal.program("pg_dump", "--format=custom", f"--file={dump}", portal.owner)
    say(f"pg_dump, as the owner: {time.monotonic() - began:.1f} s, {dump.stat().st_size / 1e6:.1f} MB")
    portal.server.stop()

    other = Portal(make_server("second"))
    other.make_database()
    began = time.monotonic()
    other.manage("setup", "--roles-only")
    other.program("pg_restore", f"--jobs={PARALLEL}", "--exit-on-error", f"--dbname={other.owner}", str(dump))
    say(f"roles and pg_restore, as the owner: {time.monotonic() - began:.1f} s")
    restored = other.superuser.replace("/portal?", f"/{NAME}?")
    assert books.differences(before, books.read(restored)) == []
    anew = other.python(DIFFERENT).strip()
    began = time.monotonic()
    other.manage("migrate", "-v0")
    say(f"migrate, with grants and policies of {anew} tables made anew: {time.monotonic() - began:.1f} s")
    assert books.differences(before, books.read(restored)) == []
    say(f"restored and migrated: {books.read(restored)}, all equal")
    say(other.manage("verify_audit", "--anchor", anchor).strip())
    say(other.manage("raise_epoch").strip())


@pytest.mark.skipif(not shutil.which("pgbackrest"), reason="pgbackrest is not installed")
def test_a_physical_backup_comes_back_to_the_moment_before_a_mistake(home, make_server):
    backrest = Backrest(home, make_server)
    portal = filled(backrest.server)
    anchor = portal.make_digests()
    backrest.run("stanza-create")
    began = time.monotonic()
    backrest.run("backup", "--type=full")
    say(f"full backup: {time.monotonic() - began:.1f} s, {backrest.size / 1e6:.1f} MB")
    address = portal.superuser.replace("/portal?", f"/{NAME}?")
    with psycopg.connect(address) as session:  # what was done after the backup is in the log of changes alone
        session.execute("UPDATE subscriptions_subscription SET cost_center = 'after the backup' WHERE id % 7 = 0")
    before = books.read(address)
    with psycopg.connect(address, autocommit=True) as session:
        (moment,) = session.execute("SELECT clock_timestamp()::text").fetchone() or ("",)
        time.sleep(2)
        lost = session.execute(MISTAKE).rowcount
        session.execute("SELECT pg_switch_wal()")
    wrong = books.differences(before, books.read(address))
    say(f"mistake at {moment}: {lost} subscriptions; {wrong}")
    assert wrong
    backrest.run("check")
    portal.server.stop()

    began = time.monotonic()
    backrest.run("--delta", "restore", "--type=time", f"--target={moment}", "--target-action=promote")
    portal.server.start()
    wait_for_promotion(address)
    say(f"restored to {moment}, and open for writing: {time.monotonic() - began:.1f} s")
    assert books.differences(before, books.read(address)) == []
    say(f"{books.read(address)}, all equal")
    portal.manage("migrate", "-v0")
    say(portal.manage("verify_audit", "--anchor", anchor).strip())


def wait_for_promotion(address: str) -> None:
    for _ in range(600):
        with psycopg.connect(address) as session:
            if not session.execute("SELECT pg_is_in_recovery()").fetchone()[0]:  # type: ignore[index]
                return
        time.sleep(0.1)
    raise AssertionError("The restored server stays in recovery.")


class Backrest:
    """pgBackRest with a repository in a folder, and the server whose changes it keeps."""

    def __init__(self, home: Path, make_server: Callable[..., LocalPostgres]):
        self.home, self.file = home, home / "pgbackrest.conf"
        archive = f"'pgbackrest --config={self.file} --stanza=portal archive-push %p'"
        self.server = make_server("server", {"archive_mode": "on", "archive_command": archive})
        self.file.write_text(
            BACKREST.format(home=home, data=self.server.data, socket=self.server.socket), encoding="utf-8"
        )

    def run(self, *arguments: str) -> None:
        command = ["pgbackrest", f"--config={self.file}", "--stanza=portal", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.home, **as_account())
        assert ended.returncode == 0, ended.stdout + ended.stderr

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in (self.home / "repository").rglob("*") if path.is_file())
