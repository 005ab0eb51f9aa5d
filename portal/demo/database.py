"""The demo's database: only one that is marked as such is written to; its data are there, or to be made afresh."""

import shutil

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from portal.database.demo_mark import MARK, is_marked
from portal.database.logins import as_owner

OTHERS = """
    SELECT 1 FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
EMPTY_SCHEMA = "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC"


NOT_THE_DEMOS = (
    "The database “%(name)s” is not marked as a demo's, so nothing was written: sample data have a published "
    "password. Without DATABASE_URL and DATABASE_OWNER_URL the demo brings a database of its own. If this one is for "
    "a demo, let its owner say so: COMMENT ON DATABASE \"%(name)s\" IS '%(mark)s'"
)


NOT_TO_BE_EMPTIED = (
    "The database “%(name)s” is not marked as a demo's, so nothing was done: without its first migration each row "
    "is lost. To go back to an earlier version restore a backup; to start anew make a new database."
)


def require_demo(otherwise: str = NOT_THE_DEMOS) -> None:
    """Raises CommandError for a database that is not marked as a demo's, and where the portal is served by https."""
    if settings.SECURE:
        raise CommandError("SITE_URL is an https address, so this is no demo, and nothing was written.")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()
        if not is_marked(connection.connection, name):
            raise CommandError(otherwise % {"name": name, "mark": MARK})


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
    """Remove everything."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(OTHERS)
        if cursor.fetchone():
            raise CommandError("The database is in use: stop the other demo first.")
        cursor.execute(EMPTY_SCHEMA)
    shutil.rmtree(settings.MAIL_FOLDER, ignore_errors=True)
