"""`migrate` makes the catalog equal to the code, and touches nothing that is equal."""

from collections.abc import Iterator

import psycopg
import pytest
from django.core.management.commands import migrate as django_migrate
from django.db import OperationalError, connection
from psycopg import errors

from portal.database.grant_differences import apply_grants, differences
from portal.management.commands import migrate
from tests.command_line import addresses, manage
from tests.database import as_owner, owner_session

DRIFTS = {
    "REVOKE SELECT ON subscriptions_tenant FROM portal_tenant": "subscriptions_tenant",
    "GRANT TRUNCATE ON subscriptions_order TO portal_staff": "subscriptions_order",
    "GRANT SELECT ON subscriptions_user TO portal_person": "subscriptions_user",
    "GRANT SELECT ON subscriptions_mail TO PUBLIC": "subscriptions_mail",
    "GRANT UPDATE (name) ON partners_partner TO portal_tenant": "partners_partner",
    "REVOKE USAGE ON SEQUENCE subscriptions_order_id_seq FROM portal_tenant": "subscriptions_order_id_seq",
    "REVOKE USAGE ON SCHEMA public FROM PUBLIC, portal_worker": "public",
    "ALTER TABLE subscriptions_order DISABLE ROW LEVEL SECURITY": "subscriptions_order",
    "DROP POLICY portal_tenant ON subscriptions_order": "subscriptions_order",
    "ALTER POLICY portal_tenant ON subscriptions_order USING (true)": "subscriptions_order",
    "ALTER POLICY portal_tenant ON subscriptions_order TO PUBLIC": "subscriptions_order",
    "CREATE POLICY another ON subscriptions_order USING (true)": "subscriptions_order",
    "GRANT EXECUTE ON FUNCTION subscriptions_with TO portal_staff": "subscriptions_with",
    "REVOKE EXECUTE ON FUNCTION subscriptions_with FROM portal_tenant": "subscriptions_with",
    "CREATE FUNCTION another() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": "another",
    "CREATE TABLE another (); GRANT SELECT ON another TO portal_app": "another",
}


def execute(command: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(command)


def names() -> list[str]:
    return [difference.name for difference in differences()]


def test_after_migrate_nothing_differs(db):
    assert names() == []


@pytest.mark.parametrize("drift", DRIFTS)
def test_what_differs_is_found_and_set_right(db, drift):
    with as_owner():
        execute(drift)
        assert names() == [DRIFTS[drift]]
        assert apply_grants() == 1
        assert names() == []


@pytest.fixture
def reader(transactional_db) -> Iterator[psycopg.Connection]:
    """Reads every table in one long transaction, as pg_dump does."""
    with owner_session() as session:
        tables = "SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables"
        (found,) = session.execute(f"{tables} WHERE schemaname = 'public'").fetchone()
        session.execute(f"BEGIN; LOCK TABLE {found} IN ACCESS SHARE MODE")
        yield session


def test_with_nothing_to_do_migrate_waits_for_no_reader(reader):
    migrated = manage("migrate", "-v0", **addresses(options="-c lock_timeout=100ms"))
    assert (migrated.returncode, migrated.stderr) == (0, "")


@pytest.fixture
def changed_policy(transactional_db) -> Iterator[None]:
    with as_owner():
        execute("ALTER POLICY portal_tenant ON subscriptions_order USING (true)")
    yield
    with as_owner():
        apply_grants()
    assert names() == []


def test_what_differs_gives_way_to_a_reader_and_is_set_right_after_it(changed_policy, reader):
    with pytest.raises(OperationalError, match="lock timeout"), as_owner():
        execute("SET LOCAL lock_timeout = '50ms'")
        apply_grants(tries=2)
    assert names() == ["subscriptions_order"]
    reader.execute("ROLLBACK")
    with as_owner():
        assert apply_grants() == 1


def test_a_migration_that_met_a_lock_is_tried_again(db, monkeypatch):
    tries: list[int] = []

    def meet_a_lock(*args, **options):
        tries.append(len(tries))
        raise OperationalError("canceling statement due to lock timeout") from errors.LockNotAvailable()

    monkeypatch.setattr(migrate, "PAUSE", 0)
    monkeypatch.setattr(django_migrate.Command, "execute", meet_a_lock)
    with pytest.raises(OperationalError):
        migrate.Command().migrate_patiently()
    assert len(tries) == migrate.TRIES
