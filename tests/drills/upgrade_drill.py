"""The data of each release come through every migration since: `make drill-upgrade`.

The dump of a release is restored, and read with the columns that it has; after `migrate` these hold what they held,
and the catalog is that of a database made from nothing.
"""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.database.local_postgres import LocalPostgres
from tests.drills import books
from tests.drills.installed import NAME, OWNER, Portal, place, say
from tests.released.migrations import LIST

DUMPS = sorted(LIST.parent.glob("*.dump.gz"))
FRESH = "fresh"


@pytest.fixture
def home() -> Iterator[Path]:
    folder = place("upgrade")
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def portal(home) -> Iterator[Portal]:
    portal = Portal(LocalPostgres(home / "postgres"))
    portal.make_database()
    yield portal
    portal.server.stop()


def test_there_is_a_dump_of_a_release():
    assert DUMPS, "There is no dump yet: make freeze"


@pytest.mark.parametrize("dump", DUMPS, ids=lambda path: path.name.removesuffix(".dump.gz"))
def test_the_data_of_a_release_come_through_every_migration_since(portal, home, dump):
    address = portal.superuser.replace("/portal?", f"/{NAME}?")
    portal.manage("setup", "--roles-only", "--no-input")
    plain = home / "portal.dump"
    plain.write_bytes(gzip.decompress(dump.read_bytes()))
    portal.program("pg_restore", "--exit-on-error", f"--dbname={portal.owner}", str(plain))
    then = books.columns(address)
    before = books.read(address, then)
    say(f"{dump.name}: {before}")
    portal.manage("migrate", "-v0")
    after = books.read(address, then)
    changed = {name for name in before.rows if name != "django_migrations" and after.rows[name] != before.rows[name]}
    assert changed == set(), "A migration changed rows: if it was meant to, say here which."
    say(portal.manage("verify_audit").strip())
    say(f"now: {books.read(address)}")
    assert books.differences(of_catalog(books.read(address)), of_catalog(made_from_nothing(portal))) == []
    say("the catalog is that of a new database")


def made_from_nothing(portal: Portal) -> books.Books:
    fresh = portal.superuser.replace("/portal?", f"/{FRESH}?")
    with psycopg.connect(portal.superuser, autocommit=True) as session:
        session.execute(f"CREATE DATABASE {FRESH} OWNER {OWNER}")
    owner, login = (address.replace(f"/{NAME}?", f"/{FRESH}?") for address in (portal.owner, portal.login))
    portal.owner, portal.login = owner, login
    portal.manage("migrate", "-v0")
    return books.read(fresh)


def of_catalog(found: books.Books) -> books.Books:
    return books.Books(found.catalog, frozenset(), {})
