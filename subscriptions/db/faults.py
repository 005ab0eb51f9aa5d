"""What is wrong with the database, told by the SQLSTATE, whichever library raised it."""

from collections.abc import Iterator
from enum import Enum

import psycopg
from django.db import InterfaceError, OperationalError


class Fault(Enum):
    """What nobody's request is to blame for."""

    LOCKED = "locked"
    READ_ONLY = "read-only"
    AWAY = "away"
    TIMED_OUT = "timed-out"
    FULL = "full"
    COMMIT_LOST = "commit-lost"


STATES = {
    "55P03": Fault.LOCKED,  # lock_not_available
    "40P01": Fault.LOCKED,  # deadlock_detected
    "40001": Fault.LOCKED,  # serialization_failure
    "25006": Fault.READ_ONLY,  # read_only_sql_transaction
    "57014": Fault.TIMED_OUT,  # query_canceled
    "25P03": Fault.TIMED_OUT,  # idle_in_transaction_session_timeout
    "25P04": Fault.TIMED_OUT,  # transaction_timeout
}
CLASSES = {
    "08": Fault.AWAY,  # connection_exception
    "53": Fault.FULL,  # insufficient_resources
    "57": Fault.AWAY,  # operator_intervention: shut down, crashed, starting
}
OF_THE_CONNECTION = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def fault_of(error: BaseException) -> Fault | None:
    """The nearest fault in the chain of causes; None for an error that is ours.

    An error of the connection that carries no known SQLSTATE is that of a server that is away.
    """
    links = list(_chain(error))
    states = [state for link in links if (state := getattr(link, "sqlstate", None))]
    known = (STATES.get(state) or CLASSES.get(state[:2]) for state in states)
    fault = next(filter(None, known), None)
    if fault is None and any(isinstance(link, OF_THE_CONNECTION) for link in links):
        fault = Fault.AWAY
    if fault is Fault.AWAY and any(getattr(link, "at_commit", False) for link in links):
        return Fault.COMMIT_LOST
    return fault


def mark_as_raised_by_commit(error: BaseException) -> None:
    """Whether a transaction was committed is unknown where its COMMIT got no answer."""
    error.at_commit = True  # type: ignore[attr-defined]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, nearest first; a chain may lead back to itself."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop(0)
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [link.__cause__, link.__context__]
