"""Sessions with a database that has a certificate: by whom, for which name, and what is said where it is not that."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from portal.checks import check_login
from portal.database import unprivileged
from portal.database.encryption import encryption, refused_session
from portal.database.local_postgres import WITHOUT_DURABILITY, LocalPostgres
from portal.database.logins import connection_settings
from tests.ports import free_port

NAME = "localhost"
# The embedded PostgreSQL is built without it
BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


def make_certificate(folder: Path, name: str) -> None:
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    subprocess.run([*command, "-addext", f"subjectAltName=DNS:{name}", *files], check=True, capture_output=True)


class Server:
    """With a certificate for that name, which is signed by nobody but itself."""

    def __init__(self, folder: Path):
        self.port, self.certificate = free_port(), folder / "certificate.pem"
        key = folder / "key.pem"
        make_certificate(folder, NAME)
        key.chmod(0o600)
        if account := unprivileged.account():
            os.chown(key, account.pw_uid, account.pw_gid)
        options = {"ssl": "on", "ssl_cert_file": str(self.certificate), "ssl_key_file": str(key)}
        place = {"listen_addresses": NAME, "port": str(self.port)}
        self.local = LocalPostgres(folder / "postgres", WITHOUT_DURABILITY | options | place)

    def url(self, host: str) -> str:
        return f"postgresql://portal_app@{host}:{self.port}/portal?connect_timeout=20"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="encrypted-"))  # pytest's own folders let no other account pass
    folder.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTAL_PG_BINDIR", str(BINARIES))
        server = Server(folder)
        patch.setenv("PGPORT", str(server.port))  # of its socket, too
        with psycopg.connect(server.local.start(), autocommit=True) as session:
            session.execute("CREATE ROLE portal_app LOGIN")
    yield server
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPORT", str(server.port))
        server.local.stop()
    shutil.rmtree(folder)


needs_server = pytest.mark.skipif(not (BINARIES and shutil.which("openssl")), reason="no PostgreSQL with encryption")


@pytest.fixture
def refusals(monkeypatch, django_db_blocker) -> Callable[..., list[str]]:
    """Why the portal would not start with that address and these settings."""

    def asked(url: str, root: Path) -> list[str]:
        monkeypatch.setenv("DATABASE_SSLMODE", "verify-full")
        monkeypatch.setenv("DATABASE_SSLROOTCERT", str(root))
        session = connections["default"].copy()
        session.settings_dict |= connection_settings(url, "") | {"OWNER": None}
        monkeypatch.setattr("portal.checks.connections", {"default": session})
        with django_db_blocker.unblock():
            found = check_login(databases=["default"])
        session.close()
        return [f"{problem.id} {problem.msg}" for problem in found]

    return asked


@pytest.mark.cluster
@needs_server
def test_the_name_and_the_signer_of_the_certificate_are_asked_for(server, refusals, tmp_path):
    assert refusals(server.url(NAME), server.certificate) == []
    (named,) = refusals(server.url("127.0.0.1"), server.certificate)
    assert named.startswith("portal.E013 The database cannot be reached as DATABASE_SSLMODE and")
    assert named.endswith('does not match host name "127.0.0.1"')
    by_itself = f"{server.url('127.0.0.1')}&sslmode=verify-ca"  # what an address says of itself goes before
    assert refusals(by_itself, server.certificate) == []
    make_certificate(tmp_path, NAME)
    (signed,) = refusals(server.url(NAME), tmp_path / "certificate.pem")
    assert "certificate verify failed" in signed


def test_the_settings_hold_for_every_login_and_the_address_goes_before(monkeypatch, tmp_path):
    root = tmp_path / "root.pem"
    root.touch()
    monkeypatch.setenv("DATABASE_SSLMODE", "verify-full")
    monkeypatch.setenv("DATABASE_SSLROOTCERT", str(root))
    options = connection_settings("postgresql://a@db/shop", "")["OPTIONS"]
    assert (options["sslmode"], options["sslrootcert"]) == ("verify-full", str(root))
    assert connection_settings("postgresql://a@db/shop?sslmode=require", "")["OPTIONS"]["sslmode"] == "require"


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"DATABASE_SSLMODE": "verify"}, "must be one of disable, allow"),
        ({"DATABASE_SSLMODE": "verify-full"}, "DATABASE_SSLROOTCERT must name the file"),
        ({"DATABASE_SSLROOTCERT": "/nowhere/root.pem"}, "/nowhere/root.pem is not there"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(env, says):
    with pytest.raises(ImproperlyConfigured, match=says):
        encryption(env)


def test_a_server_that_is_away_is_not_taken_for_another_one():
    assert refused_session("connection failed: SSL SYSCALL error: EOF detected") == ""
    assert refused_session("connection failed: Connection refused") == ""
    assert "cannot be reached as" in refused_session(
        "connection failed: server does not support SSL, but SSL was required"
    )
