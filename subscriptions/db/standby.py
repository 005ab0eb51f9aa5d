"""Pages that only read may be read from a standby, by setting: this thread's `default` is then the standby's session.

Who may read is asked of the primary in any case, so that access that has ended has ended. A standby is asked only
while it has all that the primary had some seconds ago, and all that the reader's own browser has changed. What it
does not answer, for whatever reason, the primary is asked.
"""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import NamedTuple

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

log = structlog.get_logger("portal.standby")
ALIAS = "standby"
LOOKED_EVERY = 1.0  # seconds between two looks at how far the primary is, of each process
QUESTION_SECONDS, STATEMENT_SECONDS = 1.0, 6.0  # for which an answer is waited; the server's own limit is 5
AWAY_FOR = 10.0  # seconds for which a standby that did not answer is not asked again
# Without a row where the session is not at a primary, or at no standby
WRITTEN = """
    SELECT system_identifier, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint
      FROM pg_control_system() WHERE NOT pg_is_in_recovery()
"""
REPLAYED = """
    SELECT system_identifier, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint
      FROM pg_control_system() WHERE pg_is_in_recovery()
"""


class Place(NamedTuple):
    """How far a server is in the write-ahead log of its cluster, in bytes."""

    cluster: int
    position: int


class NeedsPrimary(Exception):
    """What is to be done would write, which a standby does not."""


def is_configured() -> bool:
    return ALIAS in connections.settings


def written() -> Place | None:
    """How far the primary is; None where `default` is none. Raises Error."""
    return _place(DEFAULT_DB_ALIAS, WRITTEN)


def replayed() -> Place | None:
    """How far the standby is; None where its address leads to none. Raises Error."""
    connections[ALIAS].patience = QUESTION_SECONDS  # type: ignore[attr-defined]
    return _place(ALIAS, REPLAYED)


def _place(alias: str, statement: str) -> Place | None:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return Place(*row) if row else None


class Floor:
    """Where the primary was at most STANDBY_MOST_SECONDS ago, by this process' own clock."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, Place]] = deque()
        self._lock = Lock()

    def place(self) -> Place | None:
        """None where there is no primary. Raises Error."""
        with self._lock:
            now = time.monotonic()
            while self._looks and now - self._looks[0][0] > settings.STANDBY_MOST_SECONDS:
                self._looks.popleft()
            if not self._looks or now - self._looks[-1][0] > LOOKED_EVERY:
                place = written()
                if place is None:
                    return None
                self._looks.append((now, place))
            return self._looks[0][1]


floor = Floor()
_away_until = 0.0


def why_not(after: int) -> str:
    """Why a page is not read from the standby: it is `away`, or `behind` what the page has to show; else nothing."""
    if not _is_to_be_asked() or (at_least := floor.place()) is None:
        return "away"
    try:
        place = replayed()
    except Error as error:
        give_up(error)
        return "away"
    if place is None or place.cluster != at_least.cluster:
        connections[ALIAS].close()  # the next session may lead to another one
        return "away"
    _is_away_until(0)
    return "" if place.position >= max(at_least.position, after) else "behind"


def _is_to_be_asked() -> bool:
    """While it is away one thread tries it now and then, and the others go on without."""
    now = time.monotonic()
    if now < _away_until:
        return False
    if _away_until:
        _is_away_until(now + AWAY_FOR)
    return True


def _is_away_until(moment: float) -> None:
    global _away_until
    _away_until = moment


def give_up(error: Exception) -> None:
    """Nothing is known of a session that failed; where no new one can be had, nobody waits for one for a while."""
    log.warning("standby_failed", error=type(error).__name__, reason=str(error).strip().partition("\n")[0])
    connection = connections[ALIAS]
    had_session = connection.connection is not None
    connection.close()
    _is_away_until(time.monotonic() + AWAY_FOR)
    if had_session:
        try:
            connection.ensure_connection()
        except Error:
            return
        _is_away_until(0)


@contextmanager
def reading() -> Iterator[None]:
    """Every statement of this thread goes to the standby. Begins and ends outside of any transaction."""
    primary = connections[DEFAULT_DB_ALIAS]
    connections[ALIAS].patience = STATEMENT_SECONDS  # type: ignore[attr-defined]
    connections[DEFAULT_DB_ALIAS] = connections[ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = primary


def require_primary() -> None:
    """Before what writes, of a page that else only reads. Raises NeedsPrimary on a standby."""
    if connections[DEFAULT_DB_ALIAS].alias == ALIAS:
        raise NeedsPrimary
