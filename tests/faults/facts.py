"""The portal as it is installed: its own PostgreSQL, gunicorn and a mail worker, each of which can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
from django.conf import settings

from portal.database.local_postgres import LocalPostgres
from portal.database.logins import derive_login
from portal.demo.supervise import answers
from subscriptions.applications.tokens import hash_of, new_token
from tests.faults.client import Answer, Browser
from tests.ports import free_port

WEB = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web_server", "portal.wsgi"]
FAST = {"fsync": "off", "full_page_writes": "off"}  # what is committed outlives the server, not the machine
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "-p", "0.3"]


def wait_until(true: Callable[[], object], *, seconds: float = 120) -> None:
    """Waits no longer than it has to; so long only where the machine does much else."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "It did not happen in time."
        time.sleep(0.05)


def crash(server: LocalPostgres) -> None:
    """As `pg_ctl stop -m immediate`: every session is cut, nothing is tidied."""
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    postmaster.send_signal(signal.SIGQUIT)
    wait_until(lambda: not postmaster.is_running() or postmaster.status() == psutil.STATUS_ZOMBIE)


class Installation:
    def __init__(self, home: Path):
        self.server = LocalPostgres(home / "postgres", FAST)
        self.address = self.server.start()
        self.port, self.mail_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        self.environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | {
            "DATABASE_OWNER_URL": self.address,
            "DATABASE_URL": derive_login(self.address),
            "PORT": str(self.port),
            "SITE_URL": self.site,
            "STATIC_ROOT": str(home / "static"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "MAIL_RETRY_SECONDS": "1",
            "WEB_CONCURRENCY": "1",
            "SECRET_KEY": "of-this-installation-" + "0123456789abcdef" * 3,
            "LOG_LEVEL": "CRITICAL",
        }
        for command in (["migrate", "-v0"], ["seed"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], **self._place(), check=True)
        self.web = self.start_web(self.port)

    def _place(self, **environ: str) -> dict:
        return {"cwd": settings.BASE_DIR, "env": self.environ | environ, "stdout": subprocess.DEVNULL}

    def start(self, command: list[str], **environ: str) -> subprocess.Popen[bytes]:
        self.running.append(subprocess.Popen(command, **self._place(**environ), start_new_session=True))
        return self.running[-1]

    def start_web(self, port: int, **environ: str) -> subprocess.Popen[bytes]:
        web = self.start(WEB, PORT=str(port), **environ)
        wait_until(lambda: web.poll() is not None or answers(port))
        assert web.poll() is None, "The web server did not start."
        return web

    def stop(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.terminate()
        for process in self.running:
            process.wait(20)
        self.server.start()
        self.server.stop()

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(self.address, autocommit=True)

    def ask(self, query: str, *values) -> list[tuple]:
        with self.owner() as owner:
            return owner.execute(query, values).fetchall()

    def signed_in(self, email: str = "admin@contoso.example", site: str | None = None) -> Browser:
        browser = Browser(site or self.site)
        assert browser.sign_in(email, "demo-portal-2026").status == 200
        return browser

    def token_of(self, slug: str) -> str:
        """Of a new application of that organization's, which reads and writes subscriptions."""
        token = new_token()
        self.ask(APPLICATION, token[-8:], slug, hash_of(token))
        return token

    def web_worker(self) -> psutil.Process:
        (child,) = psutil.Process(self.web.pid).children()
        return child

    def crash_database(self) -> None:
        crash(self.server)


APPLICATION = """
    WITH made AS (
         INSERT INTO subscriptions_application (uuid, tenant_id, name, role, scopes, made_by, reminded)
         SELECT gen_random_uuid(), id, %s, 'billing-admin', '{subscriptions.read,partner-of-record.write}', 'Alex',
                false
           FROM subscriptions_tenant WHERE slug = %s RETURNING id)
    INSERT INTO subscriptions_applicationtoken (uuid, application_id, hash, hint, made_by, expires_on)
    SELECT gen_random_uuid(), id, %s, 'por_', 'Alex', now() + interval '1 day' FROM made RETURNING id
"""
WAITING = "SELECT pid FROM pg_stat_activity WHERE usename = 'portal_app' AND wait_event_type = 'Lock'"
STATE = """
    SELECT version, (SELECT count(*) FROM subscriptions_auditevent), (SELECT count(*) FROM subscriptions_mail),
           (SELECT count(*) FROM partners_partnerofrecord), (SELECT count(*) FROM subscriptions_idempotencykey)
      FROM subscriptions_subscription WHERE id = %s
"""


class Submitting:
    """One person with *Partner information* filled in and checked, and what the database holds of it."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.browser: Browser = installation.signed_in()
        (row,) = installation.ask(
            "SELECT s.id, s.uuid FROM subscriptions_subscription s JOIN subscriptions_tenant t ON t.id = s.tenant_id"
            " WHERE t.slug = 'contoso' AND s.name = 'Office 365 E3' AND s.status = 'active' ORDER BY s.id LIMIT 1"
        )
        self.pk, uuid = row
        self.detail = f"/t/contoso/billing/subscriptions/{uuid}/"
        self.edit = f"{self.detail}partner-of-record/"
        now = self.browser.open(self.edit).fields["partner_id"]
        self.fields = self.browser.checked(self.edit, "935287" if now == "565380" else "565380")

    @property
    def state(self) -> tuple:
        (row,) = self.installation.ask(STATE, self.pk)
        return row

    def submit(self) -> Answer:
        return self.browser.open(self.edit, self.fields)

    @contextmanager
    def in_the_middle(self) -> Iterator[tuple[Future, int]]:
        """While Submit waits inside its transaction for a row that the owner holds: its future and its session."""
        with self.installation.owner() as owner, owner.transaction(), ThreadPoolExecutor(1) as pool:
            owner.execute("SELECT 1 FROM subscriptions_subscription WHERE id = %s FOR UPDATE", [self.pk])
            future = pool.submit(self.submit)
            wait_until(lambda: self.installation.ask(WAITING))
            yield future, self.installation.ask(WAITING)[0][0]
