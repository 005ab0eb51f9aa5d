"""The roles of the database: made here, and looked at on every new connection."""

import time
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, errors, sql

from portal.database.role_names import LIMITS, LOGIN, SCOPES

LOCK = 7074_61702  # any number that nothing else locks
TRIES, PAUSE = 20, 0.1

# What the login could turn into counts like what it is: `SET ROLE` needs only membership.
POWERS = """
    SELECT session_user,
           current_user,
           bool_or(rolsuper),
           bool_or(rolbypassrls),
           bool_or(rolcreaterole),
           bool_or(oid = (SELECT datdba FROM pg_database WHERE datname = current_database())),
           bool_or(oid IN (SELECT relowner FROM pg_class WHERE relnamespace = to_regnamespace('public')))
      FROM pg_roles
     WHERE pg_has_role(session_user, oid, 'MEMBER')
"""
POWER_NAMES = (
    "is a superuser",
    "bypasses row-level security",
    "creates roles",
    "owns the database",
    "owns tables",
)


def excess_power(connection: Connection[Any]) -> str | None:
    """One sentence about a session whose login could look past the policies, None for a safe one."""
    row = connection.execute(POWERS).fetchone()
    login, acts_as, *powers = row if row else ("", "")
    if acts_as != login:
        return (
            f"The database login “{login}” starts as “{acts_as}” and so inside a scope: "
            f"ALTER ROLE {login} RESET role."
        )
    power = next((name for name, has in zip(POWER_NAMES, powers, strict=True) if has), None)
    if not power:
        return None
    return (
        f"The database login “{login}” {power}: serve with a login that owns nothing (DATABASE_URL), "
        "and keep the owner's for DATABASE_OWNER_URL."
    )


def refuse_excess_power(sender: Any, connection: BaseDatabaseWrapper, **_: Any) -> None:
    """No connection with too much power, except where the owner works on purpose (`as_owner`)."""
    if connection.settings_dict.get("OWNER"):
        return
    if sentence := excess_power(connection.connection):
        connection.close()
        raise ImproperlyConfigured(sentence)


def create_roles(connection: Connection[Any], *, password: str | None = None) -> None:
    """Create what is missing of the roles and memberships; run it as often as you like, and in parallel.

    Roles belong to the whole cluster, but an advisory lock only to one database. Who makes them at the same moment
    from another database is met as an error of the catalog: then what is missing is looked for again.
    """
    for left in reversed(range(TRIES)):
        try:
            _create_missing(connection, password)
            return
        except (errors.DuplicateObject, errors.UniqueViolation, errors.InternalError_):
            if not left:
                raise
            time.sleep(PAUSE)


def _create_missing(connection: Connection[Any], password: str | None) -> None:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        for scope in SCOPES:
            _create_role(connection, scope, "NOLOGIN NOINHERIT")
        _create_role(connection, LOGIN, "LOGIN NOINHERIT")
        for scope in SCOPES:
            _make_member(connection, scope)
        _limit_login(connection)
        if password:
            set_password(connection, password)


def set_password(connection: Connection[Any], password: str) -> None:
    """Of the login, in the whole cluster."""
    command = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(LOGIN), sql.Literal(password))
    connection.execute(command)


def _create_role(connection: Connection[Any], name: str, attributes: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
        connection.execute(f"CREATE ROLE {name} {attributes}")


def _limit_login(connection: Connection[Any]) -> None:
    """Touches nothing that is as it should be: who may not alter the role does not have to."""
    kept = "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = %s::regrole AND setdatabase = 0"
    has = {setting for (setting,) in connection.execute(kept, [LOGIN]).fetchall()}
    for name, value in LIMITS.items():
        if f"{name}={value}" not in has:
            connection.execute(f"ALTER ROLE {LOGIN} SET {name} = '{value}'")


def _make_member(connection: Connection[Any], scope: str) -> None:
    """Membership without inheriting: the login has a scope's rights only after `SET ROLE`."""
    member = "SELECT 1 FROM pg_auth_members WHERE roleid = %s::regrole AND member = %s::regrole"
    if not connection.execute(member, [scope, LOGIN]).fetchone():
        option = " WITH INHERIT FALSE" if connection.info.server_version >= 160000 else ""
        connection.execute(f"GRANT {scope} TO {LOGIN}{option}")
