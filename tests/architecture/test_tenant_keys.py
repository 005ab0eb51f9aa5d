"""Which keys of tenants' tables do not start with the tenant: what stands in the way of several servers.

They stand in docs/ten-million-tenants.md, each with what it would need; a new one is either one that starts with the
tenant or a line there.
"""

import re

import pytest
from django.db import connection

from tests.architecture.facts import ROOT

PAGE = ROOT / "docs" / "ten-million-tenants.md"
LINE = re.compile(r"^\| `(\w+)` \| `([\w…]+)` \|", re.MULTILINE)
OF_TENANTS = """
    SELECT a.attrelid FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
     WHERE a.attname = 'tenant_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""
UNIQUE = f"""
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
     WHERE (i.indisunique OR i.indisexclusion) AND a.attname <> 'tenant_id' AND i.indrelid IN ({OF_TENANTS})
    UNION
    SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text FROM pg_index i
     WHERE (i.indisunique OR i.indisexclusion) AND i.indkey[0] = 0 AND i.indrelid IN ({OF_TENANTS})
"""
FOREIGN = f"""
    SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
     WHERE k.contype = 'f' AND k.confrelid IN ({OF_TENANTS})
       AND NOT EXISTS (SELECT 1 FROM pg_attribute a
                        WHERE a.attrelid = k.confrelid AND a.attnum = ANY(k.confkey) AND a.attname = 'tenant_id')
"""
# What Django calls its own it ends with a digest
DIGEST = re.compile(r"_[0-9a-f]{8}(?=_|$)")


@pytest.mark.django_db
def test_each_key_of_a_tenants_table_that_does_not_start_with_the_tenant_is_planned_for():
    with connection.cursor() as cursor:
        cursor.execute(f"{UNIQUE} UNION {FOREIGN}")
        found = {(table, DIGEST.sub("_…", key)) for table, key in cursor.fetchall()}
    planned = set(LINE.findall(PAGE.read_text()))
    assert len(found) > 50
    assert (sorted(found - planned), sorted(planned - found)) == ([], []), "new, and gone"
