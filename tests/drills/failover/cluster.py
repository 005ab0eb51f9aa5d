"""Two PostgreSQL servers under Patroni, three of etcd, HAProxy, PgBouncer, two web and two worker processes."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
from django.conf import settings

from portal.database.demo_mark import mark_as_demo
from tests.drills.failover import settings_of_servers as texts
from tests.drills.failover.units import Unit, Units, wait_until
from tests.drills.installed import NAME, OWNER, as_account, place, say
from tests.ports import free_port

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("missing"))
NEEDED = ("patroni", "etcd", "etcdctl", "haproxy", "pgbouncer", str(BINARIES / "postgres"))
TABLE = "portal_drill"
WORKER = [sys.executable, "manage.py", "procrastinate", "worker", "-p", "1", "--shutdown-graceful-timeout", "10"]
# Of each server and its Patroni, by which a filter knows what they send; no account has them
GROUPS = {name: 61_000 + number for number, name in enumerate(texts.NODES)}
PORTS = ("primary", "web", "pooler", "mail", "web1", "web2")


def why_not_cut() -> str:
    """Why no network can be cut here: it takes root, nft, and a network of this drill's own."""
    if os.geteuid() or not shutil.which("nft"):
        return "not root, or no nft"
    if not os.environ.get("OWN_NETWORK"):
        return "this is the machine's own network: make drill-failover makes another one"
    _filter(f"add table inet {TABLE}")
    _filter(f"add chain inet {TABLE} out {{ type filter hook output priority 0; }}")
    return ""


def _filter(command: str) -> None:
    subprocess.run(["nft", command], check=True)


def missing() -> list[str]:
    return [name for name in NEEDED if not shutil.which(name)]


def opened(url: str) -> int:
    try:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=3) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class Cluster:
    def __init__(self) -> None:
        self.home, self.units = place("failover"), Units()
        os.chmod(self.home, 0o755)
        self.ports = {name: free_port() for name in PORTS}
        self.peers = {name: free_port() for name in texts.MEMBERS}
        self.clients = {name: free_port() for name in texts.MEMBERS}
        self.rest = {name: free_port() for name in texts.NODES}
        self.postgres = {name: free_port() for name in texts.NODES}
        self.password, self.owner_password = secrets.token_hex(16), secrets.token_hex(16)
        self.secret_key, self.fallback = secrets.token_hex(32), ""
        self.site = f"http://127.0.0.1:{self.ports['web']}"

    # Addresses

    def direct(self, user: str, password: str) -> str:
        """Past pooler and balancer: both servers, of which the one that takes writes is meant."""
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.postgres.values())
        return f"postgresql://{user}:{password}@{hosts}/{NAME}?target_session_attrs=read-write&connect_timeout=3"

    def pooled(self) -> str:
        return f"postgresql://portal_app:{self.password}@127.0.0.1:{self.ports['pooler']}/{NAME}"

    def superuser(self, node: str, name: str = NAME) -> str:
        return f"postgresql://postgres:{texts.SUPERUSER}@127.0.0.1:{self.postgres[node]}/{name}?connect_timeout=3"

    # Making it

    def start(self) -> None:
        for name in texts.MEMBERS:
            self._unit(name, texts.etcd_command(name, self.peers, self.clients, self.home))
        for name in texts.NODES:
            self._start_node(name)
            wait_until(self.primary, "a primary")
        wait_until(self.is_in_step, "a standby that has all of it")
        say(f"Patroni: {self.primary()} is the primary, {self.standby()} its synchronous standby")
        self._install()
        self._start_ways()
        for name in ("web1", "web2"):
            self._start_web(name)
        for name in ("worker1", "worker2"):
            self._unit(name, WORKER, self.environ(DATABASE_URL=self.direct("portal_app", self.password)))
        wait_until(lambda: opened(f"{self.site}/accounts/sign-in/") == 200, "the portal answers")

    def _unit(
        self, name: str, command: list[str], environ: dict[str, str] | None = None, group: int | None = None
    ) -> Unit:
        folder = self.home if environ is None else settings.BASE_DIR
        is_account = environ is None
        unit = Unit(name, command, folder, self.home / f"{name}.log", environ or {}, is_account, group)
        return self.units.start(unit)

    def _write(self, name: str, text: str) -> Path:
        path = self.home / name
        path.write_text(text, encoding="utf-8")
        if account := as_account():
            os.chown(path, account["user"], account["group"])
        path.chmod(0o600)
        return path

    def _start_node(self, name: str) -> None:
        text = texts.PATRONI.format(
            name=name,
            rest=self.rest[name],
            port=self.postgres[name],
            etcd=",".join(f"127.0.0.1:{port}" for port in self.clients.values()),
            home=self.home,
            binaries=BINARIES,
            superuser=texts.SUPERUSER,
            replication=texts.REPLICATION,
        )
        self._unit(name, ["patroni", str(self._write(f"{name}.yml", text))], group=GROUPS[name])

    def _start_ways(self) -> None:
        primaries = "\n".join(
            f"    server {name} 127.0.0.1:{self.postgres[name]} check port {self.rest[name]}" for name in texts.NODES
        )
        webs = "\n".join(f"    server {name} 127.0.0.1:{self.ports[name]} check" for name in ("web1", "web2"))
        balancer = texts.HAPROXY.format(home=self.home, **self.ports, primaries=primaries, webs=webs)
        self._unit("haproxy", ["haproxy", "-db", "-f", str(self._write("haproxy.cfg", balancer))])
        self.write_users()
        pooler = texts.PGBOUNCER.format(home=self.home, **self.ports)
        self._unit("pgbouncer", ["pgbouncer", str(self._write("pgbouncer.ini", pooler))])

    def write_users(self) -> None:
        """Whom the pooler lets in, and by which password it goes on; it reads that again when it is told to."""
        self._write("users.txt", f'"portal_app" "{self.password}"\n')
        if pooler := self.units.all.get("pgbouncer"):
            assert pooler.process is not None
            pooler.process.send_signal(signal.SIGHUP)

    def _start_web(self, name: str) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web_server", "portal.wsgi"]
        self._unit(name, command, self.environ(PORT=str(self.ports[name]), WEB_CONCURRENCY="1"))

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.pooled(),
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": self.fallback,
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1",
            "WATCH_PATH": "watch",
            "STATIC_ROOT": str(self.home / "static"),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}",
            "MAIL_RETRY_SECONDS": "1",
            "STAFF_MAILBOX": "desk@portal.example",
            "DJANGO_SETTINGS_MODULE": "tests.drills.generous",
        } | more

    def _install(self) -> None:
        with psycopg.connect(self.superuser(self.primary() or "", "postgres"), autocommit=True) as session:
            session.execute(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{self.owner_password}'")
            session.execute(f"CREATE DATABASE {NAME} OWNER {OWNER}")
            mark_as_demo(session, NAME)
        self.manage("migrate", "-v0")
        self.manage("setup", "--no-input", "--new-password")
        self.manage("seed")
        self.manage("collectstatic", "--noinput", "-v0")

    def manage(self, *arguments: str) -> str:
        return self._run([sys.executable, "manage.py", *arguments])

    def python(self, code: str) -> str:
        return self._run([sys.executable, "-c", code])

    def _run(self, command: list[str]) -> str:
        """As the owner, past the pooler."""
        environ = self.environ(
            DATABASE_OWNER_URL=self.direct(OWNER, self.owner_password),
            DATABASE_URL=self.direct("portal_app", self.password),
            PATH=os.environ["PATH"],
        )
        ended = subprocess.run(
            command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    # Looking at it

    def primary(self) -> str | None:
        found = [name for name in texts.NODES if opened(f"http://127.0.0.1:{self.rest[name]}/primary") == 200]
        return found[0] if len(found) == 1 else None

    def standby(self) -> str | None:
        found = [name for name in texts.NODES if opened(f"http://127.0.0.1:{self.rest[name]}/synchronous") == 200]
        return found[0] if len(found) == 1 else None

    def is_in_step(self) -> bool:
        return self.primary() is not None and self.standby() is not None

    def etcd_leader(self) -> str:
        ends = ",".join(f"127.0.0.1:{port}" for port in self.clients.values())
        command = ["etcdctl", "--endpoints", ends, "endpoint", "status", "-w", "json"]
        said = subprocess.run(
            command, env={"ETCDCTL_API": "3", "PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
        )
        for each in json.loads(said.stdout):
            status = each["Status"]
            if status["header"]["member_id"] == status["leader"]:
                port = int(each["Endpoint"].rpartition(":")[2])
                return next(name for name, client in self.clients.items() if client == port)
        raise AssertionError("etcd has no leader.")

    def tell_balancer(self, command: str) -> None:
        with socket.socket(socket.AF_UNIX) as session:
            session.connect(str(self.home / "haproxy.sock"))
            session.sendall(f"{command}\n".encode())
            assert session.recv(1000).strip() == b"", command

    # Breaking it

    def kill_node(self, name: str) -> None:
        """Patroni and its PostgreSQL at once, as a machine that loses power; both stay away."""
        server = psutil.Process(int((self.home / name / "postmaster.pid").read_text().split()[0]))
        processes = [server, *server.children(recursive=True)]
        self.units.all[name].kill(stays_away=True)
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass

    def cut(self, name: str) -> None:
        """Nothing comes from that server's machine and nothing reaches it, while all on it live on."""
        ports, group = f"{{ {self.postgres[name]}, {self.rest[name]} }}", GROUPS[name]
        _filter(f"add rule inet {TABLE} out meta l4proto tcp meta skgid {group} drop")
        _filter(f"add rule inet {TABLE} out tcp dport {ports} meta skgid != {group} drop")

    def mend(self, name: str) -> None:
        _filter(f"flush chain inet {TABLE} out")
        wait_until(self.is_in_step, f"{name} is there again", seconds=180)

    def says_of_itself(self, name: str) -> bool | None:
        """Whether that server takes no writes, asked on its own machine; None where it is not there just now."""
        place = f"host={self.home} port={self.postgres[name]} user=postgres password={texts.SUPERUSER} dbname={NAME}"
        try:
            with psycopg.connect(place, connect_timeout=3) as session:
                (is_standby,) = session.execute("SELECT pg_is_in_recovery()").fetchone() or (None,)
                return is_standby
        except psycopg.Error:
            return None

    def bring_back(self, name: str) -> None:
        self.units.all[name].start()
        wait_until(self.is_in_step, f"{name} is there again", seconds=180)

    def stop(self) -> None:
        self.units.stop()
        for name in texts.NODES:
            pid = self.home / name / "postmaster.pid"
            if pid.exists():
                try:
                    psutil.Process(int(pid.read_text().split()[0])).terminate()
                except psutil.NoSuchProcess:
                    pass
        if os.environ.get("KEEP"):
            say(f"Logs are kept in {self.home}")
        else:
            shutil.rmtree(self.home, ignore_errors=True)
