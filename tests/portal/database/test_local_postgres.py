"""The private server, by its proofs: each test starts, kills or breaks one of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from portal.database import postgres_binaries
from portal.database.local_postgres import WITHOUT_DURABILITY, LocalPostgres

pytestmark = pytest.mark.cluster

HOLDER = """
import sys
from pathlib import Path
from portal.database.local_postgres import LocalPostgres
print(LocalPostgres(Path(sys.argv[1]), {"fsync": "off"}).start(), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Path]:
    """A folder whose cluster is created once: each test begins and ends with its server stopped."""
    folder = tmp_path_factory.mktemp("postgres")
    yield folder
    remove(LocalPostgres(folder, WITHOUT_DURABILITY))


@pytest.fixture
def server(home) -> Iterator[LocalPostgres]:
    server = LocalPostgres(home, WITHOUT_DURABILITY)
    yield server
    server.stop()


@pytest.fixture
def new_server() -> Iterator[Callable[[Path], LocalPostgres]]:
    """Servers that are stopped and removed after the test, wherever their files ended up."""
    servers = []

    def make(home: Path) -> LocalPostgres:
        servers.append(LocalPostgres(home, WITHOUT_DURABILITY))
        return servers[-1]

    yield make
    for server in servers:
        remove(server)


def remove(server: LocalPostgres) -> None:
    server.stop()
    shutil.rmtree(server.socket)
    shutil.rmtree(server.home)


def holder(home: Path) -> subprocess.Popen[str]:
    """Another process that uses the server in that folder until its standard input ends."""
    command = [sys.executable, "-c", HOLDER, str(home)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=settings.BASE_DIR)


def process_id(server: LocalPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def answer(url: str) -> str:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT current_database()").fetchone()[0]


def is_gone(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return True
    return False


def test_a_second_start_keeps_the_data(server):
    with psycopg.connect(server.start()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_it_listens_to_no_network_and_only_to_its_account(server):
    with psycopg.connect(server.start()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert server.socket.stat().st_mode & 0o077 == 0
    assert server.data.stat().st_mode & 0o077 == 0


def test_several_starts_at_once_share_one_server(new_server, tmp_path):
    """Also its creation."""
    server, others = new_server(tmp_path), [holder(tmp_path) for _ in range(4)]
    urls = {other.stdout.readline().strip() for other in others}
    assert urls == {server.start()}
    for other in others:
        other.communicate()
    assert answer(urls.pop()) == "portal"


def test_the_last_user_stops_the_server(server, home):
    other = holder(home)
    url = other.stdout.readline().strip()
    server.start()
    server.stop()
    assert answer(url) == "portal"
    other.communicate()
    assert is_gone(url)


def test_a_killed_user_counts_no_longer(server, home):
    other = holder(home)
    url = other.stdout.readline().strip()
    other.kill()
    other.communicate()
    assert server.start() == url
    server.stop()
    assert is_gone(url)


def test_a_killed_server_starts_again(server):
    server.start()
    os.kill(process_id(server), signal.SIGKILL)
    assert answer(server.start()) == "portal"


def test_a_process_id_that_is_now_anothers_does_not_matter(server):
    server.start()
    server.stop()
    pid_file = server.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{server.data}\n{int(time.time())}\n5432\n{server.socket}\n\n")
    assert answer(server.start()) == "portal"


def test_a_creation_that_was_cut_short_is_done_again(server):
    server.start()
    server.stop()
    (server.home / "ready").unlink()
    assert answer(server.start()) == "portal"


@pytest.mark.parametrize("name", ["x" * 120, 'it\'s an "odd" ü $HOME'])
def test_a_long_or_odd_path_works(new_server, tmp_path, name):
    assert answer(new_server(tmp_path / name).start()) == "portal"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server to another account")
def test_below_a_closed_folder_root_starts_it_elsewhere(new_server, tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = new_server(closed / "var")
    assert answer(server.start()) == "portal"
    assert closed.stat().st_mode & 0o777 == 0o700
    assert closed not in server.home.parents


def test_a_folder_that_cannot_be_written_gives_one_sentence(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(SystemExit) as refusal:
        LocalPostgres(tmp_path / "var")
    assert str(refusal.value).endswith("make its folder writable, or set PORTAL_VAR to another folder.")


def test_binaries_that_are_not_there_give_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_PG_BINDIR", str(tmp_path))
    with pytest.raises(SystemExit, match="initdb cannot be run: No such file or directory"):
        LocalPostgres(tmp_path)


def test_a_server_that_does_not_start_says_why_by_its_own_log(new_server, tmp_path):
    server = new_server(tmp_path)
    server.settings = {"shared_buffers": "nonsense"}
    with pytest.raises(
        SystemExit, match=r"does not start in .*(?s:.)*invalid value for parameter \"shared_buffers\""
    ):
        server.start()


def test_it_needs_no_place_in_dev_shm(server):
    url = server.start()
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW dynamic_shared_memory_type").fetchone() == ("mmap",)


def test_a_run_whose_database_does_not_start_ends_at_once_with_one_sentence(tmp_path):
    """Also with workers, and however many tests there are."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/subscriptions/audit/test_audit.py"]
    environment = {**os.environ, "PORTAL_VAR": str(tmp_path), "PORTAL_PG_BINDIR": str(tmp_path), "DATABASE_URL": ""}
    environment.pop("DATABASE_OWNER_URL", None)
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert ended.returncode != 0
    assert "No test can run, as the database does not start." in ended.stdout + ended.stderr
    assert "initdb cannot be run: No such file or directory." in ended.stdout + ended.stderr
    assert "ERROR" not in ended.stdout and "passed" not in ended.stdout


def test_the_binaries_asked_for_come_first(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_PG_BINDIR", str(tmp_path))
    assert postgres_binaries.find_binaries() == tmp_path
