"""Django's PostgreSQL, whose statements run in the scope in force (`subscriptions/db/scopes.py`).

An error says whether it was COMMIT that failed. For a while the login may have two passwords.
"""

import os
from functools import partial
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.postgresql import base
from psycopg.errors import _WaitTimeout as TimedOut

from portal.database.backend.cursors import Cursor
from subscriptions.db.faults import mark_as_raised_by_commit
from subscriptions.db.scopes import Setting
from subscriptions.db.standby import ALIAS as STANDBY

# While the login's password is replaced: the one that it has not yet, or has no more
OTHER_PASSWORD = "DATABASE_OTHER_PASSWORD"  # noqa: S105 -- the variable


NO_SCOPE = Setting()


class DatabaseWrapper(base.DatabaseWrapper):
    """`portal_scope` is the scope in force as the code has it; `opened_scope` as the transaction has it, None where
    that is not known. Each statement is preceded by what makes them the same.
    """

    portal_scope: Setting = NO_SCOPE
    opened_scope: Setting | None = NO_SCOPE
    patience: float | None = None  # seconds for which a standby's answer is waited; None as long as it takes

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def init_connection_state(self) -> None:
        self.opened_scope = NO_SCOPE
        super().init_connection_state()

    def create_cursor(self, name: str | None = None) -> Any:
        """One that the server keeps by a name takes no second statement."""
        if name:
            self.open_scope()
        cursor = super().create_cursor(name)
        if not name:
            cursor.wrapper = self
        return cursor

    def opening(self) -> str:
        """What has to be said before the next statement; empty where the transaction is in the scope already."""
        is_open = self.portal_scope is self.opened_scope or self.portal_scope == self.opened_scope
        return "" if is_open else self.portal_scope.opening()

    def opened(self) -> None:
        self.opened_scope = self.portal_scope if self.in_atomic_block else NO_SCOPE

    def open_scope(self) -> None:
        if opening := self.opening():
            self.connection.execute(opening)
            self.opened()

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
        self.opened_scope = NO_SCOPE

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]
        self.opened_scope = NO_SCOPE

    def _savepoint_rollback(self, sid: str) -> None:
        """After an error nothing may be said before this; and then the scope is what it was at the savepoint."""
        self.opened_scope = self.portal_scope
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.opened_scope = None
