"""The portal serves only with a login that can look past nothing."""

import secrets
import shutil
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portal.database.local_postgres import WITHOUT_DURABILITY, LocalPostgres
from portal.database.role_names import LIMITS, LOGIN, SCOPES
from portal.database.roles import create_roles, excess_power
from tests.database import owner_session

POWERFUL = {
    "is a superuser": "ALTER ROLE {login} SUPERUSER",
    "bypasses row-level security": "ALTER ROLE {login} BYPASSRLS",
    "creates roles": "ALTER ROLE {login} CREATEROLE",
    "owns the database": "ALTER DATABASE {database} OWNER TO {login}",
    "owns tables": "CREATE TABLE thing (); ALTER TABLE thing OWNER TO {login}",
}


@pytest.fixture
def owner(db) -> Iterator[psycopg.Connection]:
    with owner_session() as connection:
        yield connection


@pytest.fixture
def scratch(postgres) -> Iterator[str]:
    """The owner's address of a database of its own, with `rival`, a login without any power."""
    name = f"scratch_{secrets.token_hex(4)}"
    with psycopg.connect(postgres, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        owner.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
    yield make_conninfo(postgres, dbname=name)
    with psycopg.connect(postgres, autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {name}")
        owner.execute(f"DROP ROLE {name}")


def rival(scratch: str) -> psycopg.Connection:
    name = str(conninfo_to_dict(scratch)["dbname"])
    return psycopg.connect(make_conninfo(scratch, user=name, password=name))


def as_rival(scratch: str, command: str) -> None:
    name = str(conninfo_to_dict(scratch)["dbname"])
    with psycopg.connect(scratch) as owner:
        owner.execute(command.format(login=name, database=name, owner=owner.info.user))


@pytest.mark.parametrize("power", POWERFUL)
def test_a_login_with_power_is_recognized(scratch, power):
    with rival(scratch) as connection:
        assert excess_power(connection) is None
    as_rival(scratch, POWERFUL[power])
    with rival(scratch) as connection:
        assert f"” {power}: serve with a login that owns nothing" in excess_power(connection)


def test_a_member_of_the_owner_is_recognized(scratch):
    as_rival(scratch, "GRANT {owner} TO {login}")
    with rival(scratch) as connection:
        assert "serve with a login that owns nothing" in excess_power(connection)


def test_a_login_that_starts_inside_a_role_is_recognized(scratch):
    as_rival(scratch, "GRANT pg_read_all_data TO {login}; ALTER ROLE {login} SET role = pg_read_all_data")
    with rival(scratch) as connection:
        assert "starts as “pg_read_all_data”" in excess_power(connection)


def test_the_limits_of_the_web_login_are_its_roles_own_too(postgres, real_login):
    """As behind a pooler that passes nothing on."""
    password = {"password": real_login.info.password} if real_login.info.password else {}
    asks_for_nothing = make_conninfo(postgres, user=LOGIN, options="", dbname=real_login.info.dbname, **password)
    with psycopg.connect(asks_for_nothing) as session:
        found = {name: session.execute(f"SHOW {name}").fetchone()[0] for name in LIMITS}
    assert found == LIMITS


def test_the_web_login_has_no_power(real_login):
    assert excess_power(real_login) is None
    assert real_login.execute("SELECT session_user::text, current_user::text").fetchone() == (LOGIN, LOGIN)


def test_the_web_login_inherits_nothing(owner):
    row = owner.execute(
        "SELECT rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
        "  FROM pg_roles WHERE rolname = %s",
        [LOGIN],
    ).fetchone()
    assert row == (True, False, False, False, False, False)
    members = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
    assert {role for (role,) in owner.execute(members, [LOGIN])} == set(SCOPES)


def test_the_web_login_cannot_become_the_owner(real_login, postgres):
    user = conninfo_to_dict(postgres)["user"]
    for command in (f"SET ROLE {user}", f"SET SESSION AUTHORIZATION {user}"):
        with pytest.raises(errors.InsufficientPrivilege):
            real_login.execute(command)


def test_a_connection_of_the_owner_is_refused(db):
    connection = connections["default"].copy()
    connection.settings_dict |= {"OWNER": None}
    with pytest.raises(ImproperlyConfigured, match="is a superuser"):
        connection.ensure_connection()
    assert connection.connection is None


@pytest.mark.cluster
def test_roles_are_created_once_by_many_at_the_same_time(tmp_path):
    server = LocalPostgres(tmp_path, WITHOUT_DURABILITY)
    address = make_conninfo(server.start(), dbname="postgres")
    failures: list[BaseException] = []

    def create() -> None:
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                create_roles(connection, password="secret")
        except psycopg.Error as error:
            failures.append(error)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    server.stop()
    shutil.rmtree(server.home)
    assert failures == []
