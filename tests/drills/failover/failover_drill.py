"""Kills each part of a whole installation under load, one after the other: `make drill-failover`.

Needs Debian's patroni, etcd-server, etcd-client, haproxy, pgbouncer and postgresql. KEEP=1 keeps the logs; SECONDS is
how long the load goes on after each kill.
"""

import os
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.controller import Controller

from tests.drills.failover.cluster import Cluster, missing
from tests.drills.failover.units import wait_until
from tests.drills.installed import say
from tests.drills.load import SLUG, TOKENS, Load, Told, compare, report

SECONDS, PROGRAMS = int(os.environ.get("SECONDS_AFTER", "15")), int(os.environ.get("PROGRAMS", "6"))
UNSENT = "SELECT count(*) FROM subscriptions_mail WHERE state <> 'sent'"
SENT = "SELECT count(*) FROM subscriptions_mail WHERE state = 'sent'"
LEFT = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND scheduled_at IS NULL"

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}")


class PostOffice:
    """The Message-IDs that came."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        self.seen.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 OK"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def post_office(cluster) -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=cluster.ports["mail"])
    controller.start()
    yield office
    controller.stop()


def ask(cluster: Cluster, query: str) -> int:
    with psycopg.connect(cluster.superuser(cluster.primary() or "")) as session:
        (number,) = session.execute(query).fetchone() or (0,)
        return number


def break_it(cluster: Cluster, load: Load, what: str, kill: Callable[[], object]) -> None:
    time.sleep(5)
    moment = time.time()
    kill()
    say(f"KILLED {what}")
    wait_until(lambda: load.first_write_after(moment), "a write", seconds=120)
    time.sleep(SECONDS)
    say(
        f"  first act sent after it and acknowledged: {load.first_write_after(moment):.1f} s; "
        f"longest time without one: {load.longest_pause(moment - 2, time.time()):.1f} s"
    )


def test_each_part_is_killed_under_load_and_every_acknowledged_act_is_there_once(cluster, post_office):
    tokens = cluster.python(TOKENS.format(count=PROGRAMS, slug=SLUG)).split()
    load = Load(cluster.site, tokens, cluster.superuser(cluster.primary() or ""))
    say(f"{len(tokens)} programs act on {sum(len(each.owned) for each in load.programs)} subscriptions")
    load.start()
    units = cluster.units.all
    break_it(cluster, load, "one web process", units["web1"].kill)
    break_it(cluster, load, "one worker", units["worker1"].kill)
    break_it(cluster, load, "the pooler", units["pgbouncer"].kill)
    leader = cluster.etcd_leader()
    break_it(cluster, load, f"etcd's leader, {leader}", units[leader].kill)
    wait_until(cluster.is_in_step, "both servers are in step")
    for _ in range(2):
        standby = cluster.standby() or ""
        break_it(cluster, load, f"the standby, {standby}", lambda: cluster.kill_node(cluster.standby() or ""))
        cluster.bring_back(standby)
        primary = cluster.primary() or ""
        break_it(cluster, load, f"the primary, {primary}", lambda: cluster.kill_node(cluster.primary() or ""))
        say(f"  {cluster.primary()} is the primary now")
        cluster.bring_back(primary)
    load.stop()
    report(load)
    wait_until(lambda: not ask(cluster, UNSENT) and not ask(cluster, LEFT), "all mails are sent", seconds=180)
    say(
        f"mails: {ask(cluster, SENT)} sent, {len(set(post_office.seen))} messages came, "
        f"{len(post_office.seen) - len(set(post_office.seen))} of them once more under the same Message-ID"
    )
    say(f"workers ended with {[units[name].exits for name in ('worker1', 'worker2')]}, and run again")
    wrong = compare(load, cluster.superuser(cluster.primary() or ""))
    say(f"books: {len(wrong)} differences")
    assert wrong == []
    load.programs[0].acts.append(Told(uuid4(), "an act that was lost", status=200, changed=True))
    assert len(compare(load, cluster.superuser(cluster.primary() or ""))) == 1  # a lost one would be seen
