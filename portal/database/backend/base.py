"""Django's PostgreSQL, of which an error says whether it was COMMIT that failed; for a while with two passwords."""

import os
from functools import partial
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout as TimedOut

from subscriptions.db.faults import mark_as_raised_by_commit
from subscriptions.db.standby import ALIAS as STANDBY

# While the login's password is replaced: the one that it has not yet, or has no more
OTHER_PASSWORD = "DATABASE_OTHER_PASSWORD"  # noqa: S105 -- the variable


class DatabaseWrapper(base.DatabaseWrapper):
    patience: float | None = None  # seconds for which a standby's answer is waited; None as long as it takes

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        session = self._let_in(conn_params)
        if self.alias == STANDBY:
            session.wait = partial(self._wait, session)
        return session

    def _let_in(self, conn_params: dict[str, Any]) -> Any:
        """Which of two passwords is good is known to the server alone, so both are tried."""
        other = os.environ.get(OTHER_PASSWORD)
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if not other or self.settings_dict.get("OWNER"):
                raise
            return super().get_new_connection({**conn_params, "password": other})

    def _wait(self, session: psycopg.Connection, *arguments: Any, **more: Any) -> Any:
        """A machine that stands still sends no error: after a while its session is given up."""
        try:
            return psycopg.Connection.wait(session, *arguments, **{"timeout": self.patience, **more})
        except TimedOut:
            session.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {self.patience} s") from None

    def _commit(self) -> None:
        """An act is committed on `default`; what another alias lost decides about no act."""
        try:
            super()._commit()  # type: ignore[misc]
        except Error as error:
            if self.alias == "default":
                mark_as_raised_by_commit(error)
            raise
