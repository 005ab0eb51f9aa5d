"""What is in a database: its catalog, the rows of each table with a hash, and what differs between two of them."""

import re
from dataclasses import dataclass

import psycopg
from psycopg import sql

COLUMNS = """
    SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) ||
           CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' ' || pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
           LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
       AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
"""
INDEXES = "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'"
TRIGGERS = "SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
FUNCTIONS = """
    SELECT 'function ' || pg_get_functiondef(p.oid) || coalesce(array_to_string(p.proacl, ' '), '') FROM pg_proc p
     WHERE p.pronamespace = 'public'::regnamespace AND p.prokind <> 'a'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
POLICIES = """
    SELECT 'policy ' || polrelid::regclass || ' ' || polname || ' ' || coalesce(pg_get_expr(polqual, polrelid), '') ||
           ' ' || coalesce(pg_get_expr(polwithcheck, polrelid), '')
      FROM pg_policy
"""
GRANTS = """
    SELECT 'grant ' || c.relname || ' ' || pg_get_userbyid(g.grantee) || ' ' || g.privilege_type
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) g WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'grant ' || c.relname || '.' || a.attname || ' ' || pg_get_userbyid(g.grantee) || ' ' || g.privilege_type
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN aclexplode(a.attacl) g
     WHERE c.relnamespace = 'public'::regnamespace
"""
SECURED = """
    SELECT 'row security ' || relname || ' ' || relrowsecurity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
"""
SEQUENCES = """
    SELECT 'sequence ' || sequencename || ' ' || coalesce(last_value::text, '') FROM pg_sequences
     WHERE schemaname = 'public'
"""
TYPES = """
    SELECT 'type ' || t.typname || ' ' || string_agg(e.enumlabel, ' ' ORDER BY e.enumsortorder)
      FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid GROUP BY t.typname
"""
CATALOG = (COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS, POLICIES, GRANTS, SECURED, TYPES)
NAMES = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attname) FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname ORDER BY 1
"""
ROWS = """
    SELECT count(*), coalesce(md5(string_agg(line, '' ORDER BY line)), '')
      FROM (SELECT md5(ROW({})::text) AS line FROM {} t) AS lines
"""
MOST_SHOWN = 12
# What PostgreSQL writes of `status IN ('a', 'b')` it writes otherwise when it has read that once more: the cast of
# the list becomes one of each value
CASTS = re.compile(r"::(?:character varying|text)(?:\[\])?|[()\s]")


@dataclass(frozen=True)
class Books:
    """`rows` has, by table, how many and one hash over all of them, whatever their order on the disk."""

    catalog: frozenset[str]
    sequences: frozenset[str]
    rows: dict[str, tuple[int, str]]

    @property
    def total(self) -> int:
        return sum(number for number, _hash in self.rows.values())

    def __str__(self) -> str:
        return f"{len(self.catalog)} facts of the catalog, {len(self.rows)} tables, {self.total} rows"


def read(address: str, of_columns: dict[str, list[str]] | None = None) -> Books:
    """By an owner's or superuser's address, whom no policy hides a row from. Of rows all columns, or these alone."""
    with psycopg.connect(address) as session:
        session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        session.execute("SET LOCAL TimeZone = 'UTC'")
        catalog = frozenset(CASTS.sub("", fact) for query in CATALOG for (fact,) in session.execute(query))
        sequences = frozenset(fact for (fact,) in session.execute(SEQUENCES))
        of_all = _columns(session)
        wanted = of_all if of_columns is None else {name: of_columns[name] for name in of_columns if name in of_all}
        rows = {name: _rows(session, name, names) for name, names in wanted.items()}
    return Books(catalog, sequences, rows)


def columns(address: str) -> dict[str, list[str]]:
    """By table; in the order of their names, as a restored table may have another one."""
    with psycopg.connect(address) as session:
        return _columns(session)


def _columns(session: psycopg.Connection) -> dict[str, list[str]]:
    return dict(session.execute(NAMES).fetchall())


def _rows(session: psycopg.Connection, table: str, names: list[str]) -> tuple[int, str]:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    found = session.execute(sql.SQL(ROWS).format(columns, sql.Identifier(table))).fetchone()
    assert found is not None
    return found


def differences(one: Books, other: Books) -> list[str]:
    """Nothing where both say the same."""
    facts = sorted((one.catalog | one.sequences) ^ (other.catalog | other.sequences))
    names = sorted(one.rows.keys() | other.rows.keys())
    rows = [
        f"rows of {name}: {one.rows.get(name)} and {other.rows.get(name)}"
        for name in names
        if one.rows.get(name) != other.rows.get(name)
    ]
    return [*facts[:MOST_SHOWN], *rows]
