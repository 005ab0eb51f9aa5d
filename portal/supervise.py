"""Keeps the demo's processes together: they run until the first one ends or the person stops them."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

PATIENCE = 15  # seconds from SIGTERM to SIGKILL; a web request and a job get time to finish
START = 30  # seconds for the server to answer


class Ended(Exception):
    """A process that should have gone on did not; the message is its name."""


class Processes:
    """Children in sessions of their own: Ctrl-C in the terminal reaches only the one who stops them."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> None:
        self.running[name] = subprocess.Popen(  # noqa: S603 -- our own commands
            command, env=dict(environ), stdin=subprocess.DEVNULL, start_new_session=True
        )

    def wait_until_it_answers(self, port: int) -> None:
        deadline = time.monotonic() + START
        while not answers(port):
            self.raise_if_one_ended()
            if time.monotonic() > deadline:
                raise Ended("web server")
            time.sleep(0.05)

    def watch(self) -> None:
        """Return only by an exception: `Ended`, or the KeyboardInterrupt of a signal."""
        while True:
            self.raise_if_one_ended()
            time.sleep(0.3)

    def raise_if_one_ended(self) -> None:
        for name, process in self.running.items():
            if process.poll() is not None:
                raise Ended(name)

    def stop(self) -> None:
        """Ask all to end, wait, and kill what is left of each one's session."""
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            kill_session(process)


def kill_session(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def answers(port: int) -> bool:
    """Whether a request gets an answer; the port alone is open before the first worker is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START)
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
