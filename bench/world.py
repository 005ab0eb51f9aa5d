"""A portal over so many subscriptions: its database below var/bench, web server, sessions, and the limit."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

from bench.load import answer, get
from bench.seeds import LARGE, PARTNER, Scale, bring_in
from portal.command_line import free_port
from portal.database.local_postgres import LocalPostgres
from portal.database.logins import derive_login
from portal.demo.supervise import Processes

ROOT = Path(__file__).resolve().parent.parent
# As a database of this size has them; all else, and that a commit waits for the disk, is PostgreSQL's own
DATABASE = {"shared_buffers": "1GB", "max_wal_size": "4GB"}
MARK = "COMMENT ON TABLE subscriptions_subscription IS 'seeded for bench: %s'"
SEEDED = "SELECT obj_description('subscriptions_subscription'::regclass)"


@dataclass
class World:
    """`url` is the owner's; a session by who it is of."""

    scale: Scale
    url: str
    env: dict[str, str]
    processes: Processes = field(default_factory=Processes)
    sessions: dict[str, str] = field(default_factory=dict)

    @cached_property
    def port(self) -> int:
        return self._serve("portal.wsgi")

    @cached_property
    def bare_port(self) -> int:
        """With the page of the list as what the rows stand in."""
        page = tempfile.NamedTemporaryFile("wb", suffix=".html", delete=False)  # noqa: SIM115 - read by other processes
        with page:
            page.write(self.page(LIST, "large"))
        return self._serve("bench.bare", BENCH_PAGE=page.name)

    def _serve(self, application: str, **more: str) -> int:
        port = free_port()
        env = {**self.env, **more, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web_server", application]
        self.processes.start(application, command, env)
        self.processes.wait_until_it_answers(port)
        return port

    def workers(self) -> list[int]:
        """The process ids of the portal's web workers."""
        parent = next(child.process.pid for child in self.processes.running if child.name == "portal.wsgi")
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return [int(each) for each in children]

    def page(self, path: str, who: str) -> bytes:
        """The body of one page, read to its end."""
        return answer(self.port, get(self.port, path, self.sessions[who]))

    def inside(self, *arguments: str, given: Any = None) -> Any:
        """What bench.inside says, in a process of this portal's."""
        command = [sys.executable, "-m", "bench.inside", *arguments]
        done = subprocess.run(
            command, env=self.env, cwd=ROOT, input=json.dumps(given), stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout)

    def subscriptions(self, count: int, *, credited: bool = True) -> list[str]:
        """UUIDs of active ones of the large organization."""
        query = """
            SELECT s.uuid FROM subscriptions_subscription s
             WHERE tenant_id = %s AND status = 'active' AND %s = EXISTS (
                   SELECT 1 FROM partners_partnerofrecord r WHERE r.subscription_id = s.id AND upper_inf(r.valid))
             ORDER BY id LIMIT %s
        """
        with psycopg.connect(self.url) as owner:
            return [str(uuid) for (uuid,) in owner.execute(query, [LARGE, credited, count]).fetchall()]


LIST = "/t/bench-1/billing/subscriptions/"
SMALL_LIST = "/t/bench-2/billing/subscriptions/"
RELATIONSHIPS = "/t/bench-1/settings/partner-relationships/"
WORKSPACE = f"/p/{5_000_001}/"
assert PARTNER == LARGE  # the first of each


@contextmanager
def world(subscriptions: int, folder: Path) -> Iterator[World]:
    """Seeded where it is not yet; its database and its servers stop with it."""
    home = folder / str(subscriptions)
    home.mkdir(parents=True, exist_ok=True)
    server = LocalPostgres(home / "postgres", DATABASE)
    url = server.start()
    env = {
        **os.environ, "DATABASE_OWNER_URL": url, "DATABASE_URL": derive_login(url), "PORTAL_VAR": str(home),
        "PORTAL_DEMO": "1", "DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONHASHSEED": "0",
    }  # fmt: skip
    found = World(Scale(subscriptions), url, env)
    try:
        found.inside("prepare")
        _seed(found)
        found.sessions = found.inside("sessions")
        yield found
    finally:
        found.processes.stop()
        server.stop()


def _seed(found: World) -> None:
    with psycopg.connect(found.url, autocommit=True) as owner:
        if (owner.execute(SEEDED).fetchone() or [None])[0]:
            return
        print(f"Seeding {found.scale.subscriptions:,} subscriptions …", file=sys.stderr)
        bring_in(found.url, found.scale)
        owner.execute(MARK % found.scale.subscriptions)
