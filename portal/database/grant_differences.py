"""The catalog beside the tables of grants.py and policies.py: what differs, and how it is made equal.

Nothing that is equal is touched, so that a second run takes no lock that a reader or a running backup meets. What
differs is set right table by table, in the order of their names: a policy waits for the table's readers, and gives
way to those behind it before they run out of patience.
"""

import hashlib
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import OperationalError, connection, transaction

from portal.database.grants import FUNCTIONS, GRANTS, PRIVILEGES
from portal.database.policies import POLICIES, WRITABLE
from portal.database.role_names import ROLES
from subscriptions.db.faults import Fault, fault_of

TRIES = 20
PAUSE = 0.5  # seconds between two tries, in which those who waited behind the lock get it

GRANTED = """
    SELECT c.relname, c.relkind = 'S', coalesce(r.rolname, 'public'), g.privilege_type, NULL
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p', 'S')
       AND (g.grantee = 0 OR r.rolname = ANY(%(roles)s))
    UNION ALL
    SELECT c.relname, false, coalesce(r.rolname, 'public'), g.privilege_type, a.attname
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
           CROSS JOIN aclexplode(a.attacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
     WHERE c.relnamespace = 'public'::regnamespace AND (g.grantee = 0 OR r.rolname = ANY(%(roles)s))
"""
RELATIONS = """
    SELECT relname, relkind = 'S', relrowsecurity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p', 'S')
"""
# With the comment of each policy, which says what it was made of and what the catalog made of that
POLICIES_FOUND = """
    SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy'), p.polcmd::text, p.polpermissive,
           ARRAY(SELECT rolname::text FROM pg_roles WHERE oid = ANY(p.polroles)),
           pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
     WHERE c.relnamespace = 'public'::regnamespace
"""
# Those that ask as the owner; without a grantee where it is the owner alone
FUNCTIONS_FOUND = """
    SELECT p.proname, p.oid::regprocedure::text, coalesce(r.rolname, CASE WHEN g.grantee = 0 THEN 'public' END)
      FROM pg_proc p CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
           LEFT JOIN pg_roles r ON r.oid = g.grantee AND g.grantee <> p.proowner
     WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
"""
ENTER_SCHEMA = (
    "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND NOT has_schema_privilege(oid, 'public', 'USAGE')"
)

Granted = set[tuple[str, str, str | None]]  # role, privilege, column or None for the whole table


@dataclass(frozen=True)
class Difference:
    """One table, sequence or schema that is not as the code says."""

    name: str
    commands: tuple[str, ...]
    policies: tuple[tuple[str, str], ...] = ()  # role and rows of those that are made anew


def apply_grants(*, tries: int = TRIES) -> int:
    """Makes the catalog equal to the tables, and returns how much was not. To be run as the owner.

    Raises OperationalError where a table was in use all the time; what was set right before stays so.
    """
    found = differences()
    for difference in found:
        _retry(difference, tries)
    return len(found)


def differences() -> list[Difference]:
    """What differs, in the order in which it is set right. Only reads the catalog, as any role may."""
    with connection.cursor() as cursor:
        cursor.execute(RELATIONS)
        relations = cursor.fetchall()
        cursor.execute(ENTER_SCHEMA, [list(ROLES)])
        outside = [name for (name,) in cursor.fetchall()]
    granted, policies = _granted(), _policies()
    found = [Difference("public", (f"GRANT USAGE ON SCHEMA public TO {', '.join(outside)}",))] if outside else []
    for name, is_sequence, is_secured in sorted(relations):
        commands = [*_of_grants(name, granted[name], is_sequence=is_sequence)]
        wanted = {} if is_sequence else POLICIES.get(name, {})
        if name in POLICIES and not is_secured:
            commands.insert(0, f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
        old = [role for role, is_as_wanted in policies[name].items() if not is_as_wanted]
        new = tuple((role, rows) for role, rows in wanted.items() if not policies[name].get(role))
        commands = [*(f'DROP POLICY "{role}" ON "{name}"' for role in old), *commands]
        if commands or new:
            found.append(Difference(name, tuple(commands), new))
    return [*found, *_of_functions()]


def _of_functions() -> Iterator[Difference]:
    callers: dict[tuple[str, str], set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS_FOUND)
        for name, signature, role in cursor.fetchall():
            callers[name, signature] |= {role} - {None}
    for (name, signature), found in sorted(callers.items()):
        wanted = set(FUNCTIONS.get(name, ()))
        commands = [f"REVOKE ALL ON FUNCTION {signature} FROM {role}" for role in sorted(found - wanted)]
        commands += [f"GRANT EXECUTE ON FUNCTION {signature} TO {role}" for role in sorted(wanted - found)]
        if commands:
            yield Difference(name, tuple(commands))


def _granted() -> dict[str, Granted]:
    found: dict[str, Granted] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(GRANTED, {"roles": list(ROLES)})
        for name, _is_sequence, role, privilege, column in cursor.fetchall():
            found[name].add((role, privilege, column))
    return found


def _policies() -> dict[str, dict[str, bool]]:
    """By table and name: whether it is what the code asks for."""
    found: dict[str, dict[str, bool]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(POLICIES_FOUND)
        for table, name, comment, command, permissive, roles, using, check in cursor.fetchall():
            declared = POLICIES.get(table, {}).get(name, "")
            declared = declared and _declared(table, name, declared)
            is_plain = (command, permissive, roles) == ("*", True, [name])
            found[table][name] = bool(declared) and is_plain and comment == fingerprint(declared, using, check)
    return found


def _declared(table: str, role: str, rows: str) -> str:
    """With what may be written, where that is less."""
    writable = WRITABLE.get(table, {}).get(role)
    return f"{rows}; {writable}" if writable else rows


def fingerprint(declared: str, using: str | None, check: str | None) -> str:
    """Of a policy: the code's text, and the catalog's of the same, which spells it in its own way."""
    return hashlib.sha256("\0".join((declared, using or "", check or "")).encode()).hexdigest()


def _of_grants(name: str, granted: Granted, *, is_sequence: bool) -> Iterator[str]:
    wanted: Granted = {(role, "USAGE", None) for role in ROLES} if is_sequence else set(_wanted(name))
    kind = "SEQUENCE " if is_sequence else ""
    # Who loses a privilege on a table loses it on each of its columns too
    whole = {(role, privilege) for role, privilege, column in granted - wanted if column is None}
    left = {item for item in granted if item[:2] not in whole}
    for verb, link, items in (("REVOKE", "FROM", granted - wanted), ("GRANT", "TO", wanted - left)):
        by_role: dict[str, list[str]] = defaultdict(list)
        for role, privilege, column in sorted(items, key=str):
            by_role[role].append(f'{privilege} ("{column}")' if column else privilege)
        for role, privileges in by_role.items():
            yield f'{verb} {", ".join(privileges)} ON {kind}"{name}" {link} {role}'


def _wanted(table: str) -> Iterator[tuple[str, str, str | None]]:
    for role, grant in GRANTS.get(table, {}).items():
        for item in grant:
            for column in re.findall(r"\w+", item[1:]) or (None,):
                yield role, PRIVILEGES[item[0]], column


def _retry(difference: Difference, tries: int) -> None:
    for left in reversed(range(tries)):
        try:
            _apply(difference)
            return
        except OperationalError as error:
            if fault_of(error) is not Fault.LOCKED or not left:
                raise
            time.sleep(PAUSE)


@transaction.atomic
def _apply(difference: Difference) -> None:
    table = difference.name
    with connection.cursor() as cursor:
        for command in difference.commands:
            cursor.execute(command)
        for role, rows in difference.policies:
            check = WRITABLE.get(table, {}).get(role, rows)
            cursor.execute(f'CREATE POLICY {role} ON "{table}" TO {role} USING ({rows}) WITH CHECK ({check})')
            made = f"{POLICIES_FOUND} AND c.relname = %s AND p.polname = %s"
            cursor.execute(made, [table, role])
            *_, using, check = cursor.fetchone()
            mark = fingerprint(_declared(table, role, rows), using, check)
            cursor.execute(f"COMMENT ON POLICY {role} ON \"{table}\" IS '{mark}'")
