"""Faults that need long, or a machine that lets itself be broken, injected for real: `make drill-faults`.

The others are in `tests/faults` and `tests/portal/faults`, which that target runs too. ACTS is how many acts are done
while processes are killed at random moments. The full disk needs root.
"""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from portal.database import unprivileged
from portal.demo.supervise import answers
from tests.drills.installed import say
from tests.drills.load import SLUG, TOKENS, Load, Told, compare, report
from tests.faults.client import Browser
from tests.faults.facts import WAITING, WEB, Installation, Submitting, free_port, wait_until

ACTS, PROGRAMS = int(os.environ.get("ACTS", "10000")), int(os.environ.get("PROGRAMS", "6"))
SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_app'"
IDLE = 15  # seconds: the login's idle_in_transaction_session_timeout
SLOW = """
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$;
    CREATE TRIGGER a_slow BEFORE UPDATE ON subscriptions_subscription FOR EACH ROW EXECUTE FUNCTION slow()
"""
OPEN = """
    SELECT lower(valid), lower(valid) - now() FROM partners_partnerofrecord
     WHERE subscription_id = %s AND upper_inf(valid)
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installed = Installation(tmp_path_factory.mktemp("installation"))
    yield installed
    installed.stop()


@pytest.fixture
def submitting(installation) -> Submitting:
    return Submitting(installation)


def test_an_app_that_hangs_inside_a_transaction_loses_it_and_its_locks(installation, submitting):
    before, worker = submitting.state, installation.web_worker()
    with installation.owner() as owner, ThreadPoolExecutor(1) as pool:
        with owner.transaction():
            owner.execute("SELECT 1 FROM subscriptions_subscription WHERE id = %s FOR UPDATE", [submitting.pk])
            future = pool.submit(submitting.submit)
            wait_until(lambda: installation.ask(WAITING))
            ((session,),) = installation.ask(WAITING)
            worker.suspend()
        let_go = time.monotonic()  # the statement has its lock now, and the app does not go on
        wait_until(lambda: not installation.ask("SELECT 1 FROM pg_stat_activity WHERE pid = %s", session))
        seconds = time.monotonic() - let_go
        worker.resume()
        answer = future.result()
    say(f"hangs in a transaction: its session ended after {seconds:.0f} s, then {answer.status}")
    assert IDLE - 1 < seconds < IDLE + 5
    assert answer.status == 503
    assert submitting.state == before
    assert submitting.submit().path == submitting.detail


def test_a_slow_statement_ends_in_a_sentence(installation, submitting):
    before = submitting.state
    installation.owner().execute(SLOW)
    began = time.monotonic()
    answer = submitting.submit()
    say(f"slow statement: {answer.status} after {time.monotonic() - began:.1f} s")
    installation.owner().execute("DROP FUNCTION slow CASCADE")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert submitting.state == before
    assert submitting.submit().path == submitting.detail


def test_a_web_process_whose_clock_is_ten_minutes_ahead_writes_the_databases_time(installation):
    port = free_port()
    command = [*WEB[:-1], "tests.drills.clock_ahead"]
    web = installation.start(command, PORT=str(port), WATCH_PATH="watch")
    wait_until(lambda: web.poll() is not None or answers(port))
    submitting = Submitting(installation)
    submitting.browser = installation.signed_in(site=f"http://127.0.0.1:{port}")
    submitting.fields = submitting.browser.checked(submitting.edit, submitting.fields["partner_id"])
    assert submitting.submit().path == submitting.detail
    ((_start, off),) = installation.ask(OPEN, submitting.pk)
    assert abs(off.total_seconds()) < 30
    assert '"clock": "warning"' in submitting.browser.open("/watch/readyz").text
    assert Submitting(installation).submit().status == 200  # by a process whose clock is right, at once
    say(
        f"clock 10 minutes ahead: the period began {abs(off.total_seconds()):.1f} s ago by the database; readyz warns"
    )
    web.terminate()
    web.wait(20)


def test_a_clock_that_stepped_back_makes_no_empty_period(installation, submitting):
    """As if the period in force had begun before the database's clock was set back by five minutes."""
    with installation.owner() as owner, owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        owner.execute(
            "UPDATE partners_partnerofrecord SET valid = tstzrange(now() + interval '5 minutes', NULL)"
            " WHERE subscription_id = %s AND upper_inf(valid)",
            [submitting.pk],
        )
    assert submitting.submit().path == submitting.detail
    closed = (
        "SELECT count(*) FILTER (WHERE isempty(valid)), count(*) FILTER (WHERE upper_inf(valid))"
        "  FROM partners_partnerofrecord WHERE subscription_id = %s"
    )
    assert installation.ask(closed, submitting.pk) == [(0, 1)]
    say("clock stepped back: the period that was in force ends a microsecond after its start")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk that is full")
def test_with_a_full_disk_writes_are_503_and_reads_go_on(installation, tmp_path):
    disk = Path("/var/tmp/portal-full-disk")
    disk.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk], check=True)
    try:
        if account := unprivileged.account():
            os.chown(disk, account.pw_uid, account.pw_gid)
        with installation.owner() as owner:
            owner.execute(f"CREATE TABLESPACE full_disk LOCATION '{disk}'")
            owner.execute("ALTER TABLE subscriptions_auditevent SET TABLESPACE full_disk")
        load, web = load_on(installation)
        fill(disk / "ballast")
        load.start()  # until what the last page of the table has left is used
        answered = [program.answers for program in load.programs]
        wait_until(lambda: sum(each[503] for each in answered) > 5)
        reader = installation.signed_in()
        assert reader.open("/t/contoso/billing/subscriptions/").status == 200
        full = load.acknowledged
        (disk / "ballast").unlink()
        wait_until(lambda: load.acknowledged > full + 20)
        load.stop()
        say("full disk: writes are 503, pages are read; with room again the same calls are done")
        report(load)
        web.terminate()
        web.wait(20)
        assert compare(load, installation.address) == []
        assert not {500} & {status for each in answered for status in each}
    finally:
        with installation.owner() as owner:
            owner.execute("ALTER TABLE subscriptions_auditevent SET TABLESPACE pg_default")
            owner.execute("DROP TABLESPACE full_disk")
        subprocess.run(["umount", disk], check=True)
        shutil.rmtree(disk)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        try:
            while True:
                ballast.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC


@pytest.mark.parametrize("table", ["subscriptions_requestcounter", "portal_cache"])
def test_without_a_table_of_counts_nobody_gets_in_and_who_is_in_goes_on(installation, submitting, table):
    installation.owner().execute(f"ALTER TABLE {table} RENAME TO gone")
    try:
        stranger = Browser(installation.site)
        sign_in = stranger.sign_in("admin@contoso.example", "demo-portal-2026")
        reset = "/accounts/password/reset/"
        forgotten = stranger.open(reset, stranger.open(reset).fields | {"email": "admin@contoso.example"})
        say(f"{table} gone: sign-in {sign_in.status} at {sign_in.path}, forgotten password {forgotten.status}")
        refused = sign_in if table == "subscriptions_requestcounter" else forgotten
        assert refused.status == 429
        assert submitting.browser.open(submitting.detail).status == 200
    finally:
        installation.owner().execute(f"ALTER TABLE gone RENAME TO {table}")


def load_on(installation: Installation) -> tuple[Load, subprocess.Popen[bytes]]:
    """Programs at a web process of their own, which has room for them."""
    tokens = subprocess.run(
        [sys.executable, "-c", TOKENS.format(count=PROGRAMS, slug=SLUG)],
        **installation._place(DJANGO_SETTINGS_MODULE="portal.settings", PATH=os.environ["PATH"])
        | {"stdout": subprocess.PIPE},
        text=True,
        check=True,
    ).stdout.split()
    port = free_port()
    web = installation.start_web(port, WEB_CONCURRENCY="2", DJANGO_SETTINGS_MODULE="tests.drills.generous")
    return Load(f"http://127.0.0.1:{port}", tokens, installation.address), web


def test_the_old_code_goes_on_while_a_newer_version_migrates(installation):
    load, web = load_on(installation)
    load.start()
    wait_until(lambda: load.acknowledged > 50)
    with installation.owner() as owner:
        owner.execute("SET lock_timeout = '1s'")
        owner.execute("ALTER TABLE subscriptions_subscription ADD COLUMN of_tomorrow integer DEFAULT 0 NOT NULL")
        owner.execute("CREATE INDEX CONCURRENTLY of_tomorrow ON subscriptions_subscription (of_tomorrow)")
        owner.execute("REVOKE SELECT ON subscriptions_subscription FROM portal_export")  # what `migrate` sets right
    place = installation._place()
    ended = subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], **place, check=False)
    then = load.acknowledged
    wait_until(lambda: load.acknowledged > then + 50)
    load.stop()
    report(load)
    installation.owner().execute("ALTER TABLE subscriptions_subscription DROP COLUMN of_tomorrow")
    web.terminate()
    web.wait(20)
    assert ended.returncode == 0
    assert compare(load, installation.address) == []
    assert not [told for told in load.acts if told.status == 0 or told.status >= 500]


class Chaos(threading.Thread):
    """Kills something every few seconds: a web worker, all sessions of the login, the whole database."""

    def __init__(self, installation: Installation, web: subprocess.Popen[bytes]):
        super().__init__(daemon=True)
        self.installation, self.web = installation, web
        self.ended, self.done = threading.Event(), Counter[str]()
        self.random = random.Random(int(os.environ.get("SEED", "1")))

    def run(self) -> None:
        while not self.ended.wait(self.random.uniform(1, 6)):
            kill = self.random.choice((self.web_worker, self.web_worker, self.sessions, self.sessions, self.database))
            kill()
            self.done[kill.__name__] += 1

    def web_worker(self) -> None:
        if children := psutil.Process(self.web.pid).children():
            self.random.choice(children).kill()

    def sessions(self) -> None:
        self.installation.ask(SESSIONS)

    def database(self) -> None:
        self.installation.crash_database()
        time.sleep(self.random.uniform(0, 2))
        self.installation.server.start()


def test_many_acts_with_kills_at_random_moments_and_the_books_agree(installation):
    load, web = load_on(installation)
    chaos, began = Chaos(installation, web), time.monotonic()
    load.start()
    chaos.start()
    wait_until(lambda: load.acknowledged >= ACTS, seconds=3600)
    chaos.ended.set()
    chaos.join()
    load.stop()
    say(f"{time.monotonic() - began:.0f} s, killed: {dict(chaos.done)}")
    report(load)
    wrong = compare(load, installation.address)
    say(f"books: {len(wrong)} differences")
    web.send_signal(signal.SIGTERM)
    web.wait(30)
    assert wrong == []
    load.programs[0].acts.append(Told(load.acts[0].mark, "the same act once more", status=200, changed=True))
    assert compare(load, installation.address)  # one that was done twice, or is not there, would be seen
