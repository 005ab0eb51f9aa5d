"""Keeps the demo's processes together: they run until one ends that must not, or the person stops them."""

import ctypes
import http.client
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from portal.demo.own_https import HOST

PATIENCE = 15  # seconds from SIGTERM to SIGKILL; a web request and a job get time to finish
START = 30  # seconds for the server to answer
PAUSE = 3  # seconds before a process that ended by itself starts again
PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


class Ended(Exception):
    """A process that should have gone on did not; the message is its name."""


class Child:
    """One of them, in a session of its own: Ctrl-C in the terminal reaches only the one who stops them."""

    def __init__(self, name: str, command: Sequence[str], environ: Mapping[str, str], *, restarts: bool):
        self.name, self.command, self.environ, self.restarts = name, command, dict(environ), restarts
        self.start()

    def start(self) -> None:
        self.starts_again = 0.0
        self.process = subprocess.Popen(  # noqa: S603 -- our own commands
            self.command,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def look(self) -> None:
        """Raises Ended; or has it start again after a pause, as it may have ended because the database did."""
        if self.process.poll() is None:
            return
        if not self.restarts:
            raise Ended(self.name)
        if not self.starts_again:
            self.starts_again = time.monotonic() + PAUSE
            print(f"The {self.name} ended by itself; it starts again in {PAUSE} seconds.", file=sys.stderr)
        elif time.monotonic() > self.starts_again:
            self.start()


class Processes:
    def __init__(self) -> None:
        self.running: list[Child] = []

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str], *, restarts: bool = False) -> None:
        self.running.append(Child(name, command, environ, restarts=restarts))

    def wait_until_it_answers(self, port: int, trusted: ssl.SSLContext | None = None) -> None:
        deadline = time.monotonic() + START
        while not answers(port, trusted):
            self.look()
            if time.monotonic() > deadline:
                raise Ended("web server")
            time.sleep(0.05)

    def watch(self) -> None:
        """Return only by an exception: `Ended`, or the KeyboardInterrupt of a signal."""
        while True:
            self.look()
            time.sleep(0.3)

    def look(self) -> None:
        for child in self.running:
            child.look()

    def stop(self) -> None:
        """Ask all to end, wait, and kill what is left of each one's session."""
        processes = [child.process for child in self.running]
        for process in processes:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in processes:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            kill_session(process)


def _end_with_parent() -> None:
    """In the child: where the kernel can, it ends this process with its parent, even one that was killed."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def answers(port: int, trusted: ssl.SSLContext | None = None) -> bool:
    """Whether a request gets an answer; the port alone is open before the first worker is ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=START)
    if trusted:
        connection = http.client.HTTPSConnection(HOST, port, timeout=START, context=trusted)
    try:
        connection.request("HEAD", "/")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def interrupt_on_signals() -> None:
    """SIGTERM and a closed terminal end the demo as Ctrl-C does."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)


def ignore_signals() -> None:
    """Nothing interrupts the stopping itself."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
