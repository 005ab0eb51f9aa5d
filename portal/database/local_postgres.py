"""A private PostgreSQL server for the demo and the tests, never for production.

Each process that uses it holds a *shared* lock on a file. The kernel drops the lock however the holder dies,
so there is no list of process ids to go stale; the last holder stops the server.
"""

import atexit
import fcntl
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg

from portal.database import unprivileged
from portal.database.demo_mark import mark_as_demo
from portal.database.postgres_binaries import find_binaries, major_version

DATABASE = "portal"
OWNER = "postgres"
STARTS_TRIED = 20
OLD_ONE_IS_THERE = re.compile("still in use|lock file")  # the children of a killed server take a moment to go
LONGEST_SOCKET_FOLDER = 85  # a socket's whole path has 108 bytes at most, fewer on some systems
# Kept in the data folder, as /dev/shm is small in many containers and cannot be written in some
SHARED_MEMORY = {"dynamic_shared_memory_type": "mmap"}
MOST_LOGGED = 5  # lines of the server's own log that say why it does not start
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def exclusive(file: IO[str]) -> Iterator[None]:
    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


class LocalPostgres:
    """One cluster in one folder, started by its first user and stopped by its last."""

    def __init__(self, home: Path, settings: dict[str, str] | None = None):
        self.settings = settings or {}
        self.account = unprivileged.account()
        self.binaries = find_binaries()
        self.version = major_version(self.binaries)
        self.home = home.resolve() / str(self.version)
        try:
            self._make_folders()
        except OSError as error:  # another account's folder, a read-only file system, a full disk
            raise SystemExit(
                f"{error.filename} cannot be written ({error.strerror}): make its folder writable, "
                "or set PORTAL_VAR to another folder."
            ) from None

    def start(self) -> str:
        """Have the server running, use it until `stop` or the process ends, and return the owner's URL."""
        with exclusive(self._start_lock):
            fcntl.flock(self._users, fcntl.LOCK_SH)
            if not (self._ready.exists() and (self.data / "PG_VERSION").exists()):
                self._create_cluster()
            if not self._answers():
                self._start_server()
            self._create_database()
        atexit.register(self.stop)
        return f"postgresql://{OWNER}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def stop(self) -> None:
        """Stop being a user, and stop the server if there is no other."""
        atexit.unregister(self.stop)
        with exclusive(self._start_lock):
            fcntl.flock(self._users, fcntl.LOCK_UN)
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return  # another process still uses it
            if self._answers():
                self._run("pg_ctl", "-D", ".", "-w", "-m", "fast", "stop", check=False)
            fcntl.flock(self._users, fcntl.LOCK_UN)

    def _make_folders(self) -> None:
        if self.account:
            self.home.parent.mkdir(parents=True, exist_ok=True)
            self.home = unprivileged.reachable_home(self.home, self.account.pw_uid)
            self.binaries = unprivileged.reachable_binaries(self.binaries, self.account.pw_uid)
        self.home.mkdir(parents=True, exist_ok=True)
        self.data = self.home / "data"
        self.socket = self._socket_folder()
        for folder in (self.data, self.socket):
            self._make_private(folder)
        self._ready = self.home / "ready"
        self._start_lock = (self.home / "start.lock").open("w")
        self._users = (self.home / "users.lock").open("w")

    def _socket_folder(self) -> Path:
        """Below the home, unless that path is too long for a socket or needs quoting."""
        folder = self.home / "socket"
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII):
            return folder
        name = f"portal-postgres-{os.geteuid()}-{unprivileged.short_name(self.home)}"
        return Path("/tmp") / name  # noqa: S108 -- short everywhere; the folder's owner is checked

    def _make_private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = folder.lstat().st_uid
        if self.account and owner in (0, self.account.pw_uid):
            shutil.chown(folder, self.account.pw_uid, self.account.pw_gid)
        elif owner != os.geteuid():
            raise SystemExit(f"{folder} belongs to another account: start as that account, or remove the folder.")

    def _create_cluster(self) -> None:
        shutil.rmtree(self.data)
        self._make_private(self.data)
        locale = ["--locale=C.UTF-8"]
        if self.version >= 17:  # one order of strings on every machine, whatever its C library
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run("initdb", "-D", ".", "-U", OWNER, "-A", "trust", "-E", "UTF8", *locale, "--no-sync")
        self._ready.touch()

    def _start_server(self) -> None:
        places = {"unix_socket_directories": self.socket, "unix_socket_permissions": "0700"}
        options = {"listen_addresses": "''", **places, **SHARED_MEMORY, **self.settings}
        command = " ".join(f"-c {name}={value}" for name, value in options.items())
        self._forget_reused_process_id()
        for tried in range(STARTS_TRIED):
            self._run("pg_ctl", "-D", ".", "-w", "-t", "60", "-l", "server.log", "-o", command, "start", check=False)
            if self._answers():
                return
            if tried and not OLD_ONE_IS_THERE.search(self._last_words()):
                break
            time.sleep(0.5)
        raise SystemExit(f"PostgreSQL does not start in {self.data}:\n{self._last_words()}")

    def _last_words(self) -> str:
        """Of the server's log, which begins anew with none of its starts."""
        try:
            lines = (self.data / "server.log").read_text(errors="replace").splitlines()
        except OSError as error:
            return f"It left no log ({error.strerror})."
        return "\n".join(lines[-MOST_LOGGED:])

    def _forget_reused_process_id(self) -> None:
        """After a reboot the id in the server's pid file may be anybody's, and the server would not start."""
        pid_file = self.data / "postmaster.pid"
        try:
            name = Path(f"/proc/{int(pid_file.read_text().split()[0])}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return  # no such file, no such process, or no /proc: the server decides
        if name != "postgres":
            pid_file.unlink()

    def _create_database(self) -> None:
        with psycopg.connect(host=str(self.socket), user=OWNER, dbname="postgres", autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")
            mark_as_demo(connection, DATABASE)

    def _answers(self) -> bool:
        with tempfile.TemporaryFile("w+") as output:
            return self._call("pg_isready", "-q", "-h", self.socket, "-U", OWNER, output=output) == 0

    def _run(self, tool: str, *arguments: object, check: bool = True) -> str:
        with tempfile.TemporaryFile("w+") as output:  # a pipe would stay open in the server
            status = self._call(tool, *arguments, output=output)
            output.seek(0)
            text = output.read()
        if check and status:
            raise SystemExit(f"PostgreSQL's {tool} failed:\n{text}")
        return text

    def _call(self, tool: str, *arguments: object, output: IO[str]) -> int:
        identity: dict = {}
        if self.account:
            identity = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        return subprocess.call(  # noqa: S603 -- the binaries found above, and no shell
            [self.binaries / tool, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=self.data,  # named "." above, since pg_ctl passes paths through a shell
            timeout=120,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
            **identity,
        )
