"""`migrate` with what belongs around it: the roles before, the grants after, everything as the owner."""

import time
from typing import Any

from django.core.management import CommandError, call_command
from django.core.management.commands import migrate
from django.db import OperationalError, connection

from portal.database.grant_differences import PAUSE, TRIES, apply_grants
from portal.database.logins import as_owner, derived_password
from portal.database.roles import create_roles
from portal.demo.database import NOT_TO_BE_EMPTIED, require_demo
from subscriptions.db.faults import Fault, fault_of

ZERO = "zero"  # before the first migration, as Django calls it
IN_USE = "A table is in use, and %s tries got no lock on it: %s. What was done stays; start migrate again later."


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> None:
        """All of it as the owner, the system checks too: on a new server there is no other login yet."""
        only_looks = options.get("check_unapplied") or options.get("plan")
        try:
            with as_owner():
                if options.get("migration_name") == ZERO and not only_looks:
                    require_demo(NOT_TO_BE_EMPTIED)
                if not only_looks:
                    self.create_roles()
                self.migrate_patiently(*args, **options)
                if not only_looks:
                    call_command("createcachetable", verbosity=0)
                    apply_grants()
        except OperationalError as error:
            if fault_of(error) is not Fault.LOCKED:
                raise
            raise CommandError(IN_USE % (TRIES, str(error).partition("\n")[0])) from error

    def migrate_patiently(self, *args: Any, **options: Any) -> None:
        """A migration that met a lock was rolled back whole: those behind it go first, then it tries again."""
        for left in reversed(range(TRIES)):
            try:
                super().execute(*args, **options)
                return
            except OperationalError as error:
                if fault_of(error) is not Fault.LOCKED or not left:
                    raise
                time.sleep(PAUSE)

    def create_roles(self) -> None:
        connection.ensure_connection()
        create_roles(connection.connection, password=derived_password())
