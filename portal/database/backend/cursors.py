"""A cursor that takes its transaction into the scope in force together with the first statement that needs it."""

from typing import Any

from psycopg import ClientCursor


class Cursor(ClientCursor):
    """Two statements in one round trip: what `opening` answers, if it answers anything, and then the one asked for.

    No statement of the portal goes past this class but what one of its methods opens the scope for beforehand.
    """

    wrapper: Any = None  # of the connection; psycopg's own cursors, such as that of a health check, have none

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if self.wrapper is None or not (opening := self.wrapper.opening()):
            return super().execute(query, params, **options)
        super().execute(f"{opening};{self.mogrify(query, params)}", **options)
        self.nextset()
        self.wrapper.opened()
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        self._open_first()
        super().executemany(query, params_seq, **options)

    def copy(self, statement: Any, params: Any = None, **options: Any) -> Any:
        self._open_first()
        return super().copy(statement, params, **options)

    def _open_first(self) -> None:
        if self.wrapper is not None:
            self.wrapper.open_scope()
