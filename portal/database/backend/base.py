"""Django's PostgreSQL, of which an error says whether it was COMMIT that failed."""

from django.db import Error
from django.db.backends.postgresql import base

from subscriptions.db.faults import mark_as_raised_by_commit


class DatabaseWrapper(base.DatabaseWrapper):
    def _commit(self) -> None:
        """An act is committed on `default`; what another alias lost decides about no act."""
        try:
            super()._commit()  # type: ignore[misc]
        except Error as error:
            if self.alias == "default":
                mark_as_raised_by_commit(error)
            raise
