"""Pages from a standby: what it answers, own writes, a standby that is late, gone or stands still.

`make drill-standby`: two PostgreSQL servers of one machine, of which the second streams from the first. ROUNDS says
how often somebody changes a name and reads it.
"""

import os
import re
import signal
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.drills.installed import place, say
from tests.drills.standbys import Standby
from tests.faults.client import Browser
from tests.faults.facts import Installation, wait_until
from tests.ports import free_port

ROUNDS = int(os.environ.get("ROUNDS", "200"))
MOST_SECONDS = 3.0
SCANS = "SELECT sum(coalesce(idx_scan, 0) + seq_scan)::bigint FROM pg_stat_user_tables WHERE relname = '%s'"
THREADS = 12  # more readings than there are threads, so that each has a session of its own
FLUSHED_AFTER = 11  # seconds that a session which does nothing keeps its numbers
LIST = "/t/contoso/billing/subscriptions/"
MEMBERS = "SELECT count(*) FROM subscriptions_membership"
END_ACCESS = """
    DELETE FROM subscriptions_membership m USING subscriptions_user u, subscriptions_tenant t
     WHERE u.id = m.user_id AND t.id = m.tenant_id AND u.email = 'billing@contoso.example' AND t.slug = 'contoso'
"""
PAGES = ("/t/contoso/", LIST, "/t/contoso/settings/members/", "/t/contoso/settings/audit-log/", "/")


class Served:
    """A portal with a standby, and who reads it."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.standby = Standby(installation.server, place("standby"))
        self.port = free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        installation.start_web(
            self.port,
            STANDBY_URL=self.standby.login,
            STANDBY_MOST_SECONDS=str(MOST_SECONDS),
            SITE_URL=self.site,
            WATCH_PATH="watch",
        )
        self.admin = installation.signed_in(site=self.site)
        self.reader = installation.signed_in("reader@contoso.example", site=self.site)
        rows = installation.ask(
            "SELECT s.uuid FROM subscriptions_subscription s JOIN subscriptions_tenant t ON t.id = s.tenant_id"
            " WHERE t.slug = 'contoso' AND s.status = 'active' ORDER BY s.id LIMIT 1"
        )
        self.detail = f"{LIST}{rows[0][0]}/"

    def outcomes(self) -> Counter[str]:
        text = Browser(self.site).open("/watch/metrics").text
        found = re.findall(r'portal_standby_reads_total\{outcome="([\w-]+)"\} (\S+)', text)
        return Counter({name: int(float(number)) for name, number in found})

    def rename(self, name: str) -> str:
        """What its page says right after it."""
        act = f"{self.detail}names/"
        answer = self.admin.open(act, self.admin.open(act).fields | {"own_name": name})
        assert (answer.status, answer.path) == (200, self.detail)
        return answer.text

    def timed(self, browser: Browser, path: str) -> float:
        began = time.monotonic()
        answer = browser.open(path)
        assert (answer.status, answer.path) == (200, path)
        return time.monotonic() - began

    def until_read(self) -> None:
        """Until the standby answers the reader again, whatever thread serves it."""

        def is_read() -> bool:
            before = self.outcomes()["standby"]
            for _ in range(THREADS):
                self.reader.open(self.detail)
            return self.outcomes()["standby"] == before + THREADS

        wait_until(is_read, seconds=60)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    installation = Installation(tmp_path_factory.mktemp("installation"))
    served = Served(installation)
    try:
        yield served
    finally:
        served.standby.stop()
        installation.stop()


def test_pages_are_read_from_the_standby_and_acts_are_not(served):
    served.until_read()
    time.sleep(FLUSHED_AFTER)
    tables = ("subscriptions_subscription", "subscriptions_auditevent", "django_session")

    def scans() -> list[tuple[int, int]]:
        found = [
            (served.standby.ask(SCANS % name)[0], served.installation.ask(SCANS % name)[0][0]) for name in tables
        ]
        return [(int(there), int(here)) for there, here in found]

    before, counted = scans(), served.outcomes()
    for _ in range(20):
        for path in PAGES:
            assert served.reader.open(path).status == 200
    time.sleep(FLUSHED_AFTER)
    told = [(there - a, here - b) for (there, here), (a, b) in zip(scans(), before, strict=True)]
    say(f"scans on (standby, primary) in 100 pages: {dict(zip(tables, told, strict=True))}")
    say(f"what became of these pages: {dict(served.outcomes() - counted)}")
    assert told[0][0] >= 40 and told[0][1] == 0
    assert told[1][0] > 1.5 * told[1][1]  # the bell's number is read with the memberships, of the primary
    assert told[2][0] == 0 and told[2][1] >= 100  # who has a session is asked of the primary


def test_who_writes_reads_it_though_the_standby_is_late(served):
    served.standby.tell("ALTER SYSTEM SET recovery_min_apply_delay = '400ms'")
    served.standby.tell("SELECT pg_reload_conf()")
    before, late = served.outcomes(), 0
    for number in range(ROUNDS):
        name = f"Round {number} of {ROUNDS}"
        assert name in served.rename(name)
        assert name in served.admin.open(LIST).text
        late += name not in served.reader.open(LIST).text  # who wrote nothing may read what was
        if number % 10 == 0:
            time.sleep(0.8)
            assert name in served.admin.open(LIST).text
    say(f"{ROUNDS} rounds, each read by who wrote it; another person read {late} of them a little later")
    say(f"what became of the pages: {dict(served.outcomes() - before)}")
    assert late > 0  # else the standby was not asked, or not late
    served.standby.tell("ALTER SYSTEM RESET recovery_min_apply_delay")
    served.standby.tell("SELECT pg_reload_conf()")


def test_nothing_older_than_the_setting_is_shown_and_access_ends_at_once(served):
    ended = served.installation.signed_in("billing@contoso.example", site=served.site)
    served.until_read()
    served.standby.tell("SELECT pg_wal_replay_pause()")
    try:
        began = time.monotonic()
        assert ended.open(LIST).status == 200
        with served.installation.owner() as owner:
            owner.execute(END_ACCESS)
        assert ended.open(LIST).status == 404  # though the standby has that membership
        assert served.outcomes()["standby"] > 0
        assert served.standby.ask(MEMBERS)[0] == served.installation.ask(MEMBERS)[0][0] + 1
        assert "While it is paused" in served.rename("While it is paused")
        wait_until(lambda: "While it is paused" in served.reader.open(LIST).text, seconds=20)
        took = time.monotonic() - began
    finally:
        served.standby.tell("SELECT pg_wal_replay_resume()")
    say(f"replay paused: another person reads the new name after {took:.1f} s, {MOST_SECONDS:.0f} allowed")
    assert took < MOST_SECONDS + 2


def test_a_standby_that_is_killed_stands_still_or_comes_back_is_no_error(served):
    served.until_read()
    for what, number in (("killed", signal.SIGKILL), ("standing still", signal.SIGSTOP)):
        before = served.outcomes()
        served.standby.signal(number)
        times = [served.timed(served.reader, path) for _ in range(30) for path in (LIST, served.detail)]
        say(f"{what}: 60 pages, none an error, the slowest {max(times):.2f} s, then {sorted(times)[-3]:.2f} s")
        say(f"  what became of them: {dict(served.outcomes() - before)}")
        assert max(times) < 4
        if number is signal.SIGKILL:
            served.standby.start()
        else:
            served.standby.signal(signal.SIGCONT)
        served.until_read()
