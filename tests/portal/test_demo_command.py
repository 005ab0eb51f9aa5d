"""The one command: its sentences where it cannot start, and that it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings

from portal.command_line import needs_database, prepare
from portal.demo_check import Page


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        prepare(["demo"], environ)
    return str(stopped.value)


def test_a_taken_port_gives_one_sentence(taken_port):
    assert refusal({"PORT": str(taken_port)}) == (
        f"Port {taken_port} cannot be used (Address already in use): choose another, as in “make demo PORT=8001”."
    )


@pytest.mark.parametrize("port", ["eighty", "99999"])
def test_a_port_that_is_none_gives_one_sentence(port):
    assert refusal({"PORT": port}) == f"PORT={port} is no port: choose a number from 1024 to 65535."


def test_a_folder_that_cannot_be_written_gives_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    sentence = refusal({"PORT": "0", "PORTAL_VAR": str(tmp_path / "file")})
    assert sentence.endswith("make its folder writable, or set PORTAL_VAR to another folder.")


def test_without_a_database_production_does_not_start_the_private_one():
    with pytest.raises(SystemExit, match="DATABASE_URL is not set"):
        prepare(["migrate"], {"SITE_URL": "https://portal.example"})


def test_given_only_an_owner_the_demo_derives_the_login():
    environ = {"PORT": "0", "DATABASE_URL": "postgresql://boss@/shop?host=%2Frun%2Fpg"}
    prepare(["demo"], environ)
    assert environ["DATABASE_OWNER_URL"] == "postgresql://boss@/shop?host=%2Frun%2Fpg"
    assert "user=portal_app" in environ["DATABASE_URL"]


@pytest.mark.parametrize("arguments", [[], ["compilemo"], ["check"], ["migrate", "--help"], ["--version"]])
def test_commands_without_a_database_start_none(arguments):
    assert not needs_database(arguments)


def test_a_page_without_heading_is_a_problem():
    assert Page("nobody", "/", 200, "<title>A</title><h1>A</h1>").problem == ""
    assert Page("nobody", "/", 200, "<p>A</p>").problem == "no heading"
    assert Page("nobody", "/", 500, "<h1>A</h1>").problem == "status 500"


class Demo:
    """A demo in a folder of its own, as a person would start it."""

    def __init__(self, var: str, *arguments: str):
        environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        environ |= {"PORT": str(free_port()), "PORTAL_VAR": var}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", *arguments],
            cwd=settings.BASE_DIR,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_for(self, words: str) -> None:
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        pytest.fail(f"The demo ended before it said “{words}”:\n{self.said}")

    def end(self, ending: signal.Signals) -> int:
        self.process.send_signal(ending)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(of: int) -> set[int]:
    """All processes that came from this one; they are looked for again after it is gone."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    found = {of}
    while more := {int(pid) for pid, parent, _ in rows if int(parent) in found} - found:
        found |= more
    return found - {of}


def alive(pids: set[int]) -> set[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,stat="], capture_output=True, text=True, check=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid) for pid, state in rows if int(pid) in pids and not state.startswith("Z")}


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("demo"))


@pytest.mark.cluster
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_starts_and_leaves_no_process_behind(var, ending):
    demo = Demo(var)
    demo.wait_for("The portal runs on http://127.0.0.1:")
    children = descendants(demo.process.pid)
    assert len(children) >= 4  # gunicorn with two workers, and the worker of the mails
    assert "demo-portal-2026" in demo.said
    assert demo.end(ending) == 0
    assert alive(children) == set()
