"""Is the database's schema as old as this code, older, or newer?"""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from subscriptions.db import scopes


@dataclass(frozen=True)
class SchemaAge:
    """By their names: what is still to be applied, and what a newer version has applied already."""

    known: int
    missing: list[str]
    unknown: list[str]


def schema_age() -> SchemaAge:
    with scopes.nobody():
        loader = MigrationLoader(connection)
    applied, known = set(loader.applied_migrations), set(loader.disk_migrations)
    apps = {app for app, _name in known}
    unknown = [key for key in applied - known if key[0] in apps]
    return SchemaAge(len(known), *(sorted(map(".".join, keys)) for keys in (known - applied, unknown)))


def too_old() -> str | None:
    """One sentence where this code must not serve, as it would read what is not there yet."""
    if not (missing := schema_age().missing):
        return None
    return (
        f"The database is older than this version: {len(missing)} of its migrations are missing, first {missing[0]}. "
        "As the owner (DATABASE_OWNER_URL): manage.py migrate"
    )
