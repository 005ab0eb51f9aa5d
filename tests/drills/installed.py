"""A portal with an owner who is no superuser, as the guide makes it, in folders and on ports of one machine."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg.conninfo import make_conninfo

from portal.database import unprivileged
from portal.database.demo_mark import mark_as_demo
from portal.database.local_postgres import LocalPostgres

OWNER, NAME = "portal_owner", "shop"
DIGESTS = """
import django; django.setup()
from datetime import UTC, datetime
from subscriptions.audit.day_digests import make_digests
from subscriptions.db import scopes
with scopes.worker():
    made = list(make_digests(before=datetime.now(UTC).date()))
print(made[-1].day, made[-1].digest)
"""


def place(name: str) -> Path:
    """A new folder that the account of the servers can write to."""
    folder = Path(tempfile.mkdtemp(prefix=f"portal-{name}-", dir="/tmp"))
    folder.chmod(0o755)
    if account := unprivileged.account():
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def as_account() -> dict:
    """For programs that refuse to run as root: the same account as that of the private PostgreSQL."""
    account = unprivileged.account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", flush=True)


class Portal:
    """Its database in one server, and what its commands are told."""

    def __init__(self, server: LocalPostgres):
        self.server = server
        self.superuser = server.start()
        socket = quote(str(server.socket), safe="")
        self.owner = f"postgresql://{OWNER}@/{NAME}?host={socket}"
        self.login = f"postgresql://portal_app@/{NAME}?host={socket}"

    def make_database(self) -> None:
        """As the guide says, marked as a demo's, so that sample data may be written into it."""
        with psycopg.connect(make_conninfo(self.superuser, dbname="postgres"), autocommit=True) as session:
            session.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE")
            session.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
            mark_as_demo(session, NAME)

    def environ(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | {"DATABASE_OWNER_URL": self.owner, "DATABASE_URL": self.login, "LOG_LEVEL": "CRITICAL"}

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments])

    def python(self, code: str) -> str:
        return self._run([sys.executable, "-c", code], DJANGO_SETTINGS_MODULE="portal.settings")

    def make_digests(self) -> str:
        """Of every day before today; the last one, as it would have been mailed."""
        return self.python(DIGESTS).strip().replace(" ", "=")

    def program(self, name: str, *arguments: str, **more: str) -> str:
        """One of PostgreSQL's own, of the server's version."""
        return self._run([str(self.server.binaries / name), *arguments], **more)

    def _run(self, command: list[str], **more: str) -> str:
        ended = subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environ() | more, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{command}\n{ended.stdout[-2000:]}\n{ended.stderr[-3000:]}"
        return ended.stdout
