"""What is written beside an act and never decides about its answer."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.db import Error, connection, transaction

from subscriptions.db.faults import Fault, fault_of
from subscriptions.db.standby import require_primary

log = structlog.get_logger("portal.bookkeeping")
PATIENCE = "300ms"  # for a lock; the answer waits meanwhile


@contextmanager
def beside_the_act(what: str) -> Iterator[None]:
    """In a transaction or savepoint of its own; where it fails, a line of the log says so and nothing else happens.

    But for an act whose own transaction cannot go on: it would be rolled back in silence.
    """
    require_primary()
    nested = connection.in_atomic_block
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            yield
            if nested:
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except Error as error:
        if nested and connection.needs_rollback:
            raise
        reason = str(error).partition("\n")[0]
        log.error("bookkeeping_failed", what=what, error=type(error).__name__, reason=reason)


@contextmanager
def unless_read_only(what: str) -> Iterator[None]:
    """For what a page that only reads keeps of itself: a database that takes no change has a line of the log instead.

    Whoever calls this says whether the answer may be given without. Every other fault is one as ever.
    """
    require_primary()
    try:
        with transaction.atomic():
            yield
    except Error as error:
        if fault_of(error) is not Fault.READ_ONLY:
            raise
        log.error("bookkeeping_failed", what=what, error=type(error).__name__, reason="read-only")
