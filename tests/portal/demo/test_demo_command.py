"""The one command: its sentences where it cannot start, and that it leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer

import psutil
import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import ProgrammingError

from portal.command_line import needs_database, prepare
from portal.database.local_postgres import LocalPostgres
from portal.demo import database as demo_database
from portal.demo import supervise
from portal.demo.certificate import trusting
from tests.faults.facts import crash, wait_until
from tests.faults.test_mail import LOOK_FOR_STALLED
from tests.ports import free_port


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


RUNS = "The portal runs on http://127.0.0.1:"
PATIENCE = 180  # seconds; a start takes fifteen, and longer on a machine that does much else


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        prepare(["demo"], environ)
    return str(stopped.value)


def test_a_taken_port_gives_one_sentence(taken_port):
    assert refusal({"PORT": str(taken_port)}) == (
        f"Port {taken_port} cannot be used (Address already in use): choose another, as in “make demo PORT=8001”."
    )


@pytest.mark.parametrize("port", ["eighty", "99999", "0", "80", "-1"])
def test_a_port_that_is_none_gives_one_sentence(port):
    assert refusal({"PORT": port}) == f"PORT={port} is no port: choose a number from 1024 to 65535."


def test_a_folder_that_cannot_be_written_gives_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    sentence = refusal({"PORT": str(free_port()), "PORTAL_VAR": str(tmp_path / "file")})
    assert sentence.endswith("make its folder writable, or set PORTAL_VAR to another folder.")


def test_without_a_database_production_does_not_start_the_private_one():
    with pytest.raises(SystemExit, match="DATABASE_URL is not set"):
        prepare(["migrate"], {"SITE_URL": "https://portal.example"})


def test_data_of_an_earlier_portal_is_said_to_need_a_fresh_start(monkeypatch):
    def fail(*args, **kwargs):
        raise ProgrammingError('column "name_key" does not exist')

    monkeypatch.setattr(demo_database, "call_command", fail)
    with pytest.raises(CommandError, match="start afresh with make demo ARGS=--reset"):
        demo_database.prepare()


def test_given_only_an_owner_the_demo_derives_the_login():
    environ = {"PORT": str(free_port()), "DATABASE_URL": "postgresql://boss@/shop?host=%2Frun%2Fpg"}
    prepare(["demo"], environ)
    assert environ["DATABASE_OWNER_URL"] == "postgresql://boss@/shop?host=%2Frun%2Fpg"
    assert "user=portal_app" in environ["DATABASE_URL"]


@pytest.mark.parametrize("arguments", [[], ["compilemo"], ["check"], ["migrate", "--help"], ["--version"]])
def test_commands_without_a_database_start_none(arguments):
    assert not needs_database(arguments)


def hear_ctrl_c() -> None:
    """A suite that runs in the background of a shell ignores Ctrl-C, and what it starts would do so too."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Demo:
    """A demo in a folder of its own, as a person would start it."""

    def __init__(self, var: str, *arguments: str):
        environ = {name: os.environ[name] for name in ("PATH", "HOME", "PORTAL_PG_BINDIR") if name in os.environ}
        self.port = free_port()
        environ |= {"PORT": str(self.port), "PORTAL_VAR": var}
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", *arguments],
            cwd=settings.BASE_DIR,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            preexec_fn=hear_ctrl_c,
        )
        self.said = ""

    def wait_for(self, words: str) -> None:
        """Kills a demo that does not say it in time, as its silence could not be told from patience."""
        too_late = Timer(PATIENCE, self.process.kill)
        too_late.start()
        try:
            for line in self.process.stdout:
                self.said += line
                if words in line:
                    return
        finally:
            too_late.cancel()
        pytest.fail(f"The demo ended before it said “{words}”:\n{self.said}")

    def end(self, ending: signal.Signals) -> int:
        self.process.send_signal(ending)
        self.said += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode


def descendants(demo: Demo) -> list[psutil.Process]:
    return psutil.Process(demo.process.pid).children(recursive=True)


def still_running(processes: list[psutil.Process]) -> list[psutil.Process]:
    """A zombie has ended; only its parent has not looked yet."""
    return [found for found in processes if found.is_running() and found.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demos' folder; root's server may have put its files elsewhere."""
    folder = tmp_path_factory.mktemp("demo")
    yield str(folder)
    shutil.rmtree(LocalPostgres(folder / "postgres").home)


@pytest.fixture
def new_demo(var) -> Iterator[Callable[..., Demo]]:
    """Demos on the same data, none of which outlives the test."""
    demos: list[Demo] = []

    def start(*arguments: str) -> Demo:
        demos.append(Demo(var, *arguments))
        return demos[-1]

    yield start
    for demo in demos:
        if demo.process.poll() is None:
            demo.end(signal.SIGTERM)


@pytest.mark.drill
def test_a_start_keeps_the_data_a_reset_does_not_and_no_end_leaves_a_process_behind(new_demo, var):
    """Ended by Ctrl-C, by the death of one of its processes, by SIGTERM while it prepares, and killed itself."""
    server = LocalPostgres(Path(var) / "postgres")
    address = server.start()
    it_outlives_its_database_and_ends_by_ctrl_c(new_demo(), server)
    by_https_killed_it_takes_its_processes_along(new_demo("--tls"), Path(var) / "tls" / "certificate.pem")
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept ()")
    in_use_it_is_not_reset(new_demo)
    assert kept(address)
    interrupt_a_reset(new_demo, Path(var) / "mails")
    assert not kept(address)
    server.stop()


def kept(address: str) -> bool:
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT to_regclass('kept') IS NOT NULL").fetchone() == (True,)


def it_outlives_its_database_and_ends_by_ctrl_c(demo: Demo, server: LocalPostgres) -> None:
    """The worker comes through a crash, or ends and starts again, now or a little later; it does so when killed."""
    demo.wait_for(RUNS)
    assert "demo-portal-2026" in demo.said
    crash(server)
    a_job_is_done(server.start())
    kill_the_worker(demo)
    demo.wait_for("The mail worker ended by itself; it starts again in 3 seconds.")
    a_job_is_done(server.start())
    children = descendants(demo)
    assert len(children) >= 4  # gunicorn with two workers, and the worker of the mails
    assert demo.end(signal.SIGINT) == 0
    assert still_running(children) == []


def kill_the_worker(demo: Demo) -> None:
    def ended() -> bool:
        with suppress(psutil.NoSuchProcess):
            for child in still_running(descendants(demo)):
                if "procrastinate" in child.cmdline():
                    child.kill()
                    return True
        return False

    wait_until(ended)


def a_job_is_done(address: str) -> None:
    done = "SELECT 1 FROM procrastinate_jobs WHERE id = %s AND status = 'succeeded'"
    with psycopg.connect(address, autocommit=True) as connection:
        (job,) = connection.execute(LOOK_FOR_STALLED).fetchone()
        wait_until(lambda: connection.execute(done, [job]).fetchone(), seconds=PATIENCE)


def by_https_killed_it_takes_its_processes_along(demo: Demo, certificate: Path) -> None:
    demo.wait_for(f"https://127.0.0.1:{demo.port}/")
    assert supervise.answers(demo.port, trusting(certificate))
    children = descendants(demo)
    demo.process.kill()
    wait_until(lambda: still_running(children) == [])
    demo.process.communicate(timeout=PATIENCE)


def interrupt_a_reset(new_demo, mails: Path) -> None:
    """In the midst of its preparations, which nobody may watch in the database itself: it would be in use."""
    mails.mkdir(exist_ok=True)
    demo = new_demo("--reset")
    wait_until(lambda: not mails.exists())
    children = descendants(demo)
    assert demo.end(signal.SIGTERM) == 0
    assert still_running(children) == []


def in_use_it_is_not_reset(new_demo) -> None:
    """Nor does it go on without one of its processes."""
    demo = new_demo()
    demo.wait_for(RUNS)
    other = new_demo("--reset")
    other.wait_for("The database is in use: stop the other demo first.")
    assert other.process.wait(PATIENCE) == 1
    children = descendants(demo)
    next(child for child in children if "gunicorn" in child.cmdline()).kill()
    demo.wait_for("The web server ended by itself, so the demo stops.")
    assert demo.process.wait(PATIENCE) == 1
    assert still_running(children) == []


def test_a_process_that_may_starts_again_as_often_as_it_ends(tmp_path, monkeypatch):
    monkeypatch.setattr(supervise, "PAUSE", 0)
    starts, processes = tmp_path / "starts", supervise.Processes()
    processes.start("mail worker", ["sh", "-c", f"echo >>{starts}"], os.environ, restarts=True)

    def started_three_times() -> bool:
        processes.look()
        return starts.exists() and len(starts.read_text()) >= 3

    wait_until(started_three_times)
    processes.start("web server", ["true"], os.environ)
    with pytest.raises(supervise.Ended, match="web server"):
        processes.watch()
    processes.stop()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_ends_it_as_ctrl_c_does(ending):
    used = "import signal; from portal.demo.supervise import *"
    script = f"{used}; interrupt_on_signals(); print(1, flush=True); signal.pause()"
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, stdout=pipe, stderr=pipe, text=True
    )
    process.stdout.readline()
    process.send_signal(ending)
    assert process.communicate(timeout=10)[1].endswith("KeyboardInterrupt\n")
