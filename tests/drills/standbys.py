"""A standby that streams from a private PostgreSQL, with a folder and a socket of its own."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from portal.database.local_postgres import DATABASE, OWNER, LocalPostgres
from tests.drills.installed import as_account


class Standby:
    def __init__(self, primary: LocalPostgres, home: Path):
        self.binaries, self.home, self.data = primary.binaries, home, home / "data"
        source = f"host={primary.socket} user={OWNER}"
        self._run("pg_basebackup", "-d", source, "-D", str(self.data), "-R", "-X", "stream", "-c", "fast")
        self.address = self._url(OWNER)
        self.login = self._url("portal_app")
        self.start()

    def _url(self, user: str) -> str:
        return f"postgresql://{user}@/{DATABASE}?host={quote(str(self.home), safe='')}"

    def start(self) -> None:
        options = {"unix_socket_directories": self.home, "listen_addresses": "''", "hot_standby": "on"}
        command = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = str(self.home / "log")
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-l", log, "-o", command, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def ask(self, query: str) -> tuple:
        with psycopg.connect(self.address, autocommit=True) as session:
            return session.execute(query).fetchone() or ()

    def tell(self, query: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as session:
            session.execute(query)

    def signal(self, number: signal.Signals) -> None:
        """To the server and all its sessions: killed as without power, or stopped as a machine that stands still."""
        server = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))
        for each in [server, *server.children(recursive=True)]:
            each.send_signal(number)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        """No pipe, which would stay open in the server."""
        with (self.home / "output").open("w+") as output:
            ended = subprocess.run(
                [str(self.binaries / program), *arguments],
                cwd=self.home,
                env={**os.environ, "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                check=False,
                **as_account(),
            )
            output.seek(0)
            assert not check or ended.returncode == 0, output.read()
