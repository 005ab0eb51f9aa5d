"""Restarts, a new SECRET_KEY and a new password of the database's login, under load and without a stop.

`make drill-rotation`. Of two web processes one is restarted after the other, as an upgrade does it too; nobody is to
be told anything but the answer to what was asked.
"""

import secrets
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
import pytest

from tests.drills.failover.cluster import Cluster, missing, opened
from tests.drills.failover.units import wait_until
from tests.drills.installed import say
from tests.drills.load import SLUG, TOKENS, Load, compare, report
from tests.faults.client import Browser

WEBS, WORKERS = ("web1", "web2"), ("worker1", "worker2")

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed: {', '.join(missing())}")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def restart(cluster: Cluster, *names: str, **environ: str) -> None:
    """One after the other, each told to end in peace."""
    codes = []
    for name in names:
        unit = cluster.units.all[name]
        assert unit.process is not None
        unit.is_wanted = False
        if name in WEBS:  # nobody new comes, and who is there is answered
            cluster.tell_balancer(f"set server web/{name} state drain")
            time.sleep(2)
        unit.process.terminate()
        codes.append(unit.process.wait(40))
        unit.environ = {**unit.environ, **environ}
        unit.start()
        if name in WEBS:
            wait_until(lambda name=name: opened(f"http://127.0.0.1:{cluster.ports[name]}/watch/livez") == 200, name)
            cluster.tell_balancer(f"set server web/{name} state ready")
            time.sleep(3)  # until the balancer has asked it
    say(f"restarted {', '.join(names)}: exit codes {codes}")
    assert set(codes) == {0}


def answers(load: Load) -> Counter[int]:
    return sum((program.answers for program in load.programs), Counter())


def test_keys_and_passwords_are_replaced_while_everybody_works(cluster):
    tokens = cluster.python(TOKENS.format(count=4, slug=SLUG)).split()
    load = Load(cluster.site, tokens, cluster.superuser(cluster.primary() or ""))
    person = Browser(cluster.site)
    assert person.sign_in("admin@contoso.example", "demo-portal-2026").status == 200
    load.start()
    replace_secret_key(cluster)
    assert person.open("/t/contoso/").path == "/t/contoso/"  # the session of before
    replace_password(cluster)
    assert person.open("/t/contoso/").path == "/t/contoso/"
    load.stop()
    report(load)
    assert set(answers(load)) <= {200, 204}
    assert compare(load, cluster.superuser(cluster.primary() or "")) == []


def replace_secret_key(cluster: Cluster) -> None:
    old, cluster.secret_key = cluster.secret_key, secrets.token_hex(32)
    restart(cluster, *WEBS, *WORKERS, SECRET_KEY_FALLBACKS=cluster.secret_key)  # who reads what the next ones write
    restart(cluster, *WEBS, *WORKERS, SECRET_KEY=cluster.secret_key, SECRET_KEY_FALLBACKS=old)
    cluster.fallback = old
    say(cluster.manage("reseal").strip())


def replace_password(cluster: Cluster) -> None:
    new = secrets.token_hex(16)
    restart(cluster, *WEBS, DATABASE_OTHER_PASSWORD=new)
    with psycopg.connect(cluster.superuser(cluster.primary() or ""), autocommit=True) as session:
        session.execute(f"ALTER ROLE portal_app PASSWORD '{new}'")
    cluster.password = new
    cluster.write_users()
    with psycopg.connect(cluster.superuser(cluster.primary() or ""), autocommit=True) as session:
        session.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal_app' AND state = 'idle'"
        )
    time.sleep(3)
    restart(cluster, *WEBS, DATABASE_URL=cluster.pooled(), DATABASE_OTHER_PASSWORD="")
    restart(cluster, *WORKERS, DATABASE_URL=cluster.direct("portal_app", new))
