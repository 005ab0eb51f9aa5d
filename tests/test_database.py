"""The sessions of the tests are the web login's, and the owner's only where a test says so."""

import pytest
from django.db import OperationalError, ProgrammingError, connections
from django.db.transaction import atomic

from portal.database.role_names import LOGIN
from tests.database import as_owner

BOTH_KINDS = pytest.mark.parametrize(
    "transaction",
    [pytest.param(kind, marks=pytest.mark.django_db(transaction=kind)) for kind in (False, True)],
)


@BOTH_KINDS
def test_the_sessions_of_tests_are_the_web_logins(transaction):
    for connection in connections.all():
        assert identity(connection) == (LOGIN, LOGIN)
        with (
            pytest.raises(ProgrammingError, match="permission denied to set role"),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SET ROLE {connection.settings_dict['USER']}")


@BOTH_KINDS
def test_as_owner_ends_with_its_block(transaction):
    connection = connections["default"]
    with as_owner():
        assert identity(connection) != (LOGIN, LOGIN)
    assert identity(connection) == (LOGIN, LOGIN)
    with pytest.raises(ZeroDivisionError), as_owner(savepoint=True):
        raise ZeroDivisionError
    assert identity(connection) == (LOGIN, LOGIN)


def test_as_owner_gives_the_scope_back(db):
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'portal_tenant', true)")
    with as_owner():
        pass
    assert identity(connection) == (LOGIN, "portal_tenant")


def test_every_session_has_the_limits_of_the_web_login(db):
    limits = {
        "statement_timeout": "5s",
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "15s",
    }
    for connection in connections.all():
        with connection.cursor() as cursor:
            for name, limit in limits.items():
                cursor.execute(f"SHOW {name}")
                assert cursor.fetchone() == (limit,)


def test_a_query_is_cut_off_at_its_limit(db):
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("SET LOCAL statement_timeout = '50ms'")
        cursor.execute("SELECT pg_sleep(5)")


def identity(connection) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user::text, current_user::text")
        return cursor.fetchone()
