"""The cache in which allauth counts attempts."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import ProgrammingError, connections, router, transaction
from psycopg.errors import ReadOnlySqlTransaction


class CountingCache(DatabaseCache):
    """Where nothing can be counted nobody gets in: to allauth, what was not written means too many attempts."""

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT) -> bool:
        """Raises where the whole database is read-only, which can be told in words."""
        database = router.db_for_write(self.cache_model_class)
        try:
            with transaction.atomic(using=database):
                is_written = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
        except ProgrammingError:
            is_written = False
        if not is_written and _is_read_only(database):
            raise ReadOnlySqlTransaction("The cache cannot be written: the database is read-only.")
        return is_written


def _is_read_only(database: str) -> bool:
    with connections[database].cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        return cursor.fetchone() == ("on",)
