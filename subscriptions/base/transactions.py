"""The transaction that wrote a row, as PostgreSQL counts transactions, and which of them have surely ended."""

from typing import Any

from django.db import models
from django.db.models import Func

# Whatever has a smaller number has ended, and all that it wrote is seen or was rolled back
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())"


class TransactionField(models.Field):
    """A number of 64 bits, which never comes round again within one cluster."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)

    def to_python(self, value: Any) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> Any:
        """As text: the database makes no xid8 of a number by itself."""
        return str(value) if isinstance(value, int) else super().get_prep_value(value)


class CurrentTransaction(Func):
    """The running one."""

    function = "pg_current_xact_id"
    output_field = TransactionField()
