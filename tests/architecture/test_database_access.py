"""The grants: what the catalogue says is what portal/database/grants.py and policies.py say, no more and no less."""

import re
from io import StringIO

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from portal.database.grants import FUNCTIONS, GRANTS, PRIVILEGES
from portal.database.policies import POLICIES
from portal.database.role_names import LOGIN, ROLES
from tests.database import as_owner

TABLE_PRIVILEGES = """
    SELECT c.relname, a.grantee::regrole::text, a.privilege_type
      FROM pg_class c, aclexplode(c.relacl) a
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
       AND a.grantee <> c.relowner
"""
COLUMN_PRIVILEGES = """
    SELECT c.relname, CASE t.grantee WHEN 0 THEN 'public' ELSE t.grantee::regrole::text END,
           t.privilege_type, a.attname
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) t
     WHERE c.relnamespace = 'public'::regnamespace AND t.grantee <> c.relowner
"""
UNPROTECTED = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'tenant_id'
       AND NOT (c.relrowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
"""
POLICIES_OF = """
    SELECT tablename, policyname, roles::text[], cmd, permissive
      FROM pg_policies WHERE schemaname = 'public'
"""


def rows(query: str) -> list[tuple]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


def declared() -> tuple[set, set]:
    """The grants of the table, as the catalog spells them: of tables, and of columns."""
    tables, columns = set(), set()
    for table, by_role in GRANTS.items():
        for role, grant in by_role.items():
            for item in grant:
                privilege = PRIVILEGES[item[0]]
                if item[1:]:
                    columns |= {(table, role, privilege, name) for name in re.findall(r"\w+", item[1:])}
                else:
                    tables.add((table, role, privilege))
    return tables, columns


def test_the_catalog_has_the_grants_of_the_table(db):
    tables, columns = declared()
    assert set(rows(TABLE_PRIVILEGES)) == tables
    assert set(rows(COLUMN_PRIVILEGES)) == columns


def test_every_table_has_a_line_or_is_the_owners_alone(db):
    tables = {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert set(GRANTS) <= tables
    assert tables - set(GRANTS) == {"procrastinate_version"} & tables


def test_every_table_with_a_tenant_has_policies(db):
    assert rows(UNPROTECTED) == []


def test_a_new_table_without_policies_is_seen(db):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (tenant_id bigint)")
    assert rows(UNPROTECTED) == [("forgotten",)]


def test_the_catalog_has_the_policies_of_the_table(db):
    expected = {(table, role, (role,), "ALL", "PERMISSIVE") for table, roles in POLICIES.items() for role in roles}
    found = {(table, name, tuple(roles), cmd, kind) for table, name, roles, cmd, kind in rows(POLICIES_OF)}
    assert found == expected


def test_whoever_may_touch_a_protected_table_has_a_policy_there(db):
    """A role with a grant and no policy would see nothing, silently."""
    assert {
        (table, role) for table, roles in POLICIES.items() for role in GRANTS[table] if role not in roles
    } == set()


def test_no_role_can_truncate_or_refer_to_a_table(db):
    assert {privilege for _table, _role, privilege in rows(TABLE_PRIVILEGES)} == set(PRIVILEGES.values())


def test_the_login_reads_no_table_of_a_tenant(db):
    owned = {model._meta.db_table for model in apps.get_models() if hasattr(model, "tenant_id")}
    assert {table for table in owned | {"subscriptions_tenant"} if LOGIN in GRANTS.get(table, {})} == set()


def test_one_function_asks_as_the_owner(db):
    """Another one is to be read by people, too. Nobody can put a table or an operator of its own before its."""
    pinned = "search_path=pg_catalog, pg_temp"
    found = rows("SELECT proname, proconfig FROM pg_proc WHERE prosecdef")
    assert [(name, pinned in settings) for name, settings in found] == [(name, True) for name in FUNCTIONS]


def test_every_role_of_the_table_is_known():
    assert {role for by_role in GRANTS.values() for role in by_role} <= set(ROLES)


def test_migrations_are_complete(db):
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_migrations_are_named(db):
    names = [row[0] for row in rows("SELECT name FROM django_migrations WHERE app IN ('subscriptions', 'partners')")]
    assert [name for name in names if "_auto_" in name] == []
