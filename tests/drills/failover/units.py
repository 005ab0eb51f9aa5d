"""What starts the processes and starts them again, in the place of systemd."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.drills.installed import as_account, say


def wait_until(true: Callable[[], object], what: str, *, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"In {seconds:.0f} s it did not happen: {what}"
        time.sleep(0.1)


@dataclass
class Unit:
    """One process; `exits` are the codes with which it ended by itself."""

    name: str
    command: list[str]
    folder: Path
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    is_account: bool = True  # of the servers, which refuse to run as root
    group: int | None = None  # another group than that account's, by which a filter of packets knows it
    pause: float = 2
    exits: list[int] = field(default_factory=list)
    is_wanted: bool = False
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **self.environ}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._identity(),
            )
        self.is_wanted = True

    def _identity(self) -> dict:
        identity = as_account() if self.is_account else {}
        return identity | {"group": self.group} if identity and self.group is not None else identity

    def kill(self, *, stays_away: bool = False) -> None:
        """As if its machine lost power: the process and all that it started, at once."""
        assert self.process is not None
        self.is_wanted = not stays_away
        for each in [psutil.Process(self.process.pid), *self.family()]:
            try:
                each.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                pass

    def family(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.process.pid).children(recursive=True) if self.process else []
        except psutil.NoSuchProcess:
            return []


class Units:
    """Starts a unit again some seconds after it ended, as `Restart=always` does."""

    def __init__(self) -> None:
        self.all: dict[str, Unit] = {}
        self.ended = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def start(self, unit: Unit) -> Unit:
        unit.start()
        self.all[unit.name] = unit
        return unit

    def stop(self) -> None:
        self.ended.set()
        self.watcher.join()
        for unit in reversed(self.all.values()):
            if unit.process and unit.process.poll() is None:
                unit.process.terminate()
        for unit in reversed(self.all.values()):
            if unit.process:
                try:
                    unit.process.wait(20)
                except subprocess.TimeoutExpired:
                    unit.kill(stays_away=True)
                    unit.process.wait()

    def _watch(self) -> None:
        again: dict[str, float] = {}
        while not self.ended.wait(0.1):
            for name, unit in list(self.all.items()):
                if not unit.is_wanted or unit.process is None or unit.process.poll() is None:
                    continue
                if name not in again:
                    again[name] = time.monotonic() + unit.pause
                    unit.exits.append(unit.process.returncode)
                    say(f"  {name} ended with {unit.process.returncode}")
                elif time.monotonic() > again[name]:
                    del again[name]
                    unit.start()
