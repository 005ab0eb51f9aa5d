"""The tests' database: one server, the owner behind it, and sessions that are the web login's.

A superuser opens each session of the tests, and SET SESSION AUTHORIZATION makes it the web login's at once.
From then on `session_user` and `current_user` are `portal_app`: grants, policies, SET ROLE and the check of
the login's power answer as after a login with its password, which SET ROLE alone could not prove. Only RESET
SESSION AUTHORIZATION leads back. No code of the portal says that, but a test's `as_owner` does, so that rows
made by the owner and the code under test share one transaction. Where even that is too little, `real_login`
opens a session with the login's own credentials.
"""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import psycopg
from django.db import connections, transaction
from psycopg import sql

from portal.database.logins import LOGIN_LIMITS, connection_settings, derive_login, owner_settings
from portal.database.role_names import LOGIN
from portal.database.roles import excess_power

KEPT = "kept"  # the schema with a copy of the rows that migrations made
UNTOUCHED = ("django_migrations",)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename <> ALL(%s) ORDER BY 1"
# In one round trip each, as the whole suite makes tens of thousands of them. The login's limit of time is not the
# owner's: on a slow machine many rows take longer.
BECOME_OWNER = """
    SELECT current_setting('role'), session_user::text, current_setting('statement_timeout');
    SET LOCAL SESSION AUTHORIZATION DEFAULT;
    SET LOCAL statement_timeout = 0
"""
BECOME_AGAIN = """
    SET LOCAL SESSION AUTHORIZATION "{user}";
    SELECT set_config('role', %s, true), set_config('statement_timeout', %s, true)
"""
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# What the portal says with the first statement of a scope (portal/database/backend)
OPENING = re.compile(
    r"^SELECT set_config\('role', .*?, true\), set_config\('app\.user_id'.*?'app\.sought', .*?, true\);"
)
COLUMNS = """
    SELECT attname FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""


def use_owner(url: str) -> None:
    """Point both aliases at the owner: to create, migrate and drop the test database."""
    os.environ["DATABASE_OWNER_URL"] = url
    os.environ["DATABASE_URL"] = derive_login(url)
    owner = owner_settings()
    for connection in connections.all():
        name = connection.settings_dict["NAME"]
        connection.settings_dict.update(owner | {"NAME": name})


def become_login() -> None:
    """From here on every new session of every thread is the web login's, with its limits of time."""
    login = connection_settings(os.environ["DATABASE_URL"], LOGIN_LIMITS)
    for connection in connections.all():
        connection.close()
        connection.settings_dict.update(OWNER=LOGIN, OPTIONS=login["OPTIONS"])


def become_owner() -> None:
    """To drop the test database, which sessions of the live server's threads would delay."""
    with owner_session() as session:
        session.execute(END_OTHERS)
    owner = owner_settings()
    for connection in connections.all():
        connection.close()
        connection.settings_dict.update(OWNER=True, OPTIONS=owner["OPTIONS"])


def act_as_login(sender, connection, **_) -> None:
    """On `connection_created`: the superuser's session becomes the login's, unless the owner is meant."""
    if connection.settings_dict.get("OWNER") == LOGIN:
        connection.connection.execute(f"SET SESSION AUTHORIZATION {LOGIN}")
        assert excess_power(connection.connection) is None


@contextmanager
def as_owner(using: str = "default", *, savepoint: bool = False) -> Iterator[None]:
    """Be the owner for a moment, on the test's own connection: in its transaction, or in a new one.

    A test that goes on after an error of its owner needs a savepoint; the others save two round trips each. Within
    another `as_owner` the session is the owner's already, and stays it until that one ends.
    """
    connection = connections[using]
    if getattr(connection, "is_owners", False):
        yield
        return
    with transaction.atomic(using=using, savepoint=savepoint):
        with connection.cursor() as cursor:
            cursor.execute(BECOME_OWNER)
            role, user, limit = cursor.fetchone()
        connection.is_owners = True
        try:
            yield
        finally:
            connection.is_owners = False
        with connection.cursor() as cursor:
            cursor.execute(BECOME_AGAIN.format(user=user), [role, limit])


def without_scope(sql: str) -> str:
    """A statement as it was asked for, without what opened its scope."""
    return OPENING.sub("", sql)


def in_their_scopes(asked: list[str]) -> Iterator[tuple[str, str]]:
    """Of each statement of a log what opened the scope that it was in, empty before the first, and the statement."""
    opening = ""
    for each in asked:
        alone = without_scope(each)
        opening = each.removesuffix(alone) or opening
        yield opening.rstrip(";"), alone


def owner_session() -> psycopg.Connection:
    """A session of the owner's beside the test's: it sees only what is committed."""
    return _session(os.environ["DATABASE_OWNER_URL"])


def login_session() -> psycopg.Connection:
    """A session opened with the web login's own name and password."""
    return _session(os.environ["DATABASE_URL"])


def _session(url: str) -> psycopg.Connection:
    return psycopg.connect(url, dbname=connections["default"].settings_dict["NAME"], autocommit=True)


def keep_rows() -> None:
    """Copy what migrations wrote, so that emptying can put it back."""
    with owner_session() as owner:
        owner.execute(f"CREATE SCHEMA {KEPT}")
        for table in _tables(owner, "public"):
            name = sql.Identifier(table)
            if owner.execute(sql.SQL("SELECT 1 FROM public.{} LIMIT 1").format(name)).fetchone():
                copy = sql.SQL("CREATE TABLE {}.{} AS TABLE public.{}")
                owner.execute(copy.format(sql.Identifier(KEPT), name, name))


def empty() -> None:
    """Remove every row that a test committed; no trigger or foreign key of the tables has a say in it."""
    with owner_session() as owner, owner.transaction():
        owner.execute("SET LOCAL session_replication_role = replica")
        delete = sql.SQL("DELETE FROM public.{}")
        tables = map(sql.Identifier, _tables(owner, "public"))
        owner.execute(sql.SQL(";").join(delete.format(table) for table in tables))
        for table in _tables(owner, KEPT):
            _put_back(owner, table)


def _put_back(owner: psycopg.Connection, table: str) -> None:
    names = [name for (name,) in owner.execute(COLUMNS, [f'public."{table}"']).fetchall()]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    insert = sql.SQL("INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM {2}.{0}")
    owner.execute(insert.format(sql.Identifier(table), columns, sql.Identifier(KEPT)))


def _tables(owner: psycopg.Connection, schema: str) -> list[str]:
    return [table for (table,) in owner.execute(TABLES, [schema, list(UNTOUCHED)]).fetchall()]


def at_once(*works: Callable) -> list:
    """The results of all, begun at the same moment, each in a thread with connections of its own."""
    together = Barrier(len(works))

    def run(work: Callable):
        together.wait()
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]
