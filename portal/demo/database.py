"""The demo's data: there, empty, or to be started afresh."""

import shutil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from portal.database.logins import as_owner
from portal.demo.data import ACCOUNTS

OTHERS = """
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"


def prepare() -> None:
    """Raises CommandError for data of an earlier portal: until the first release its tables change in one place."""
    try:
        call_command("migrate", verbosity=0)
        if not has_accounts():
            call_command("seed", verbosity=0)
    except ProgrammingError as error:
        raise CommandError(
            "The demo's data is of another version of the portal: start afresh with make demo ARGS=--reset"
        ) from error


def has_accounts() -> bool:
    with as_owner():
        return get_user_model().objects.exists()


def empty() -> None:
    """Remove everything, if it is the demo's: DATABASE_URL may be anybody's database."""
    with as_owner(), connection.cursor() as cursor:
        if connection.introspection.table_names(cursor) and not is_demo():
            raise CommandError("--reset removes only the demo's own data, and this database has none of it.")
        cursor.execute(OTHERS)
        if cursor.fetchone():
            raise CommandError("The database is in use: stop the other demo first.")
        cursor.execute(EMPTY_SCHEMA)
    shutil.rmtree(settings.MAIL_FOLDER, ignore_errors=True)


def is_demo() -> bool:
    users = get_user_model()
    known = users._meta.db_table in connection.introspection.table_names()
    return known and users.objects.filter(email__in=[account[0] for account in ACCOUNTS]).exists()
