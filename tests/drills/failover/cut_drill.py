"""The network between a database server and all else is cut, while it lives on: part of `make drill-failover`.

Nothing that the server's machine sends arrives and nothing reaches it. It must stop taking writes before another one
begins to, and what was acknowledged must be there once.
"""

import time
from collections.abc import Iterator

import pytest

from tests.drills.failover.cluster import Cluster, missing, why_not_cut
from tests.drills.failover.failover_drill import PROGRAMS, SECONDS
from tests.drills.failover.units import wait_until
from tests.drills.installed import say
from tests.drills.load import SLUG, TOKENS, Load, compare, report

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if reason := why_not_cut():
        pytest.skip(reason)
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def cut(cluster: Cluster, load: Load, name: str, what: str) -> None:
    time.sleep(5)
    moment = time.time()
    cluster.cut(name)
    say(f"CUT {what}, {name}")
    taken_until = moment
    while not load.first_write_after(moment):
        assert time.time() - moment < 120, "Nothing can be written any more."
        if cluster.says_of_itself(name) is False:
            taken_until = time.time()
        time.sleep(0.2)
    say(f"  first act sent after it and acknowledged: {load.first_write_after(moment):.1f} s")
    if what == "the primary":
        say(f"  by itself it was a primary until {taken_until - moment:.1f} s after it")
        assert cluster.says_of_itself(name) is not False, "Two servers take writes."
    time.sleep(SECONDS)
    say(f"  longest time without one: {load.longest_pause(moment - 2, time.time()):.1f} s")
    began = time.time()
    cluster.mend(name)
    say(f"MENDED; in step again after {time.time() - began:.1f} s, {cluster.primary()} is the primary")


def test_a_server_that_is_cut_off_takes_no_writes_and_every_acknowledged_act_is_there_once(cluster):
    tokens = cluster.python(TOKENS.format(count=PROGRAMS, slug=SLUG)).split()
    load = Load(cluster.site, tokens, cluster.superuser(cluster.primary() or ""))
    load.start()
    cut(cluster, load, cluster.standby() or "", "the standby")
    cut(cluster, load, cluster.primary() or "", "the primary")
    cut(cluster, load, cluster.primary() or "", "the primary")
    load.stop()
    report(load)
    wait_until(cluster.is_in_step, "both servers are in step")
    wrong = compare(load, cluster.superuser(cluster.primary() or ""))
    say(f"books: {len(wrong)} differences")
    assert wrong == []
