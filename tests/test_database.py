"""The sessions of the tests are the web login's, and the owner's only where a test says so."""

import pytest
from django.db import ProgrammingError, connections

from portal.grants import LOGIN
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
    with pytest.raises(ZeroDivisionError), as_owner():
        raise ZeroDivisionError
    assert identity(connection) == (LOGIN, LOGIN)


def test_as_owner_gives_the_scope_back(db):
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'portal_tenant', true)")
    with as_owner():
        pass
    assert identity(connection) == (LOGIN, "portal_tenant")


def identity(connection) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user::text, current_user::text")
        return cursor.fetchone()
