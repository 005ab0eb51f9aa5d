"""`migrate` with what belongs around it: the roles before, the grants after, everything as the owner."""

from typing import Any

import psycopg
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from portal.database.grants import apply_grants
from portal.database.logins import as_owner, derived_password
from portal.database.roles import create_roles


class Command(migrate.Command):
    def execute(self, *args: Any, **options: Any) -> None:
        """All of it as the owner, the system checks too: on a new server there is no other login yet."""
        only_looks = options.get("check_unapplied") or options.get("plan")
        with as_owner():
            if not only_looks:
                self.create_roles()
            super().execute(*args, **options)
            if not only_looks:
                call_command("createcachetable", verbosity=0)
                apply_grants()

    def create_roles(self) -> None:
        """On a connection to the database `postgres`: see the lock of `create_roles`."""
        parameters = connection.get_connection_params()
        address: dict[str, Any] = {"autocommit": True, "dbname": "postgres"}
        names = ("host", "port", "user", "password", "options", "sslmode", "sslrootcert", "sslcert", "sslkey")
        address |= {name: parameters[name] for name in names if name in parameters}
        with psycopg.connect(**address) as roles:
            create_roles(roles, password=derived_password())
