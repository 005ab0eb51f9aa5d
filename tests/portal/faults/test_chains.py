"""What is wrong with the database is read from the whole chain of causes, whichever library raised its last link."""

import psycopg
import psycopg_pool
import pytest
from django import db
from django.contrib.sessions.exceptions import SessionInterrupted
from procrastinate.exceptions import ConnectorException
from psycopg import errors

from subscriptions.db.faults import Fault, fault_of, mark_as_raised_by_commit

STATES = {
    Fault.LOCKED: [errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure],
    Fault.READ_ONLY: [errors.ReadOnlySqlTransaction],
    Fault.TIMED_OUT: [errors.QueryCanceled, errors.IdleInTransactionSessionTimeout, errors.TransactionTimeout],
    Fault.FULL: [errors.DiskFull, errors.OutOfMemory, errors.TooManyConnections],
    Fault.AWAY: [
        errors.ConnectionFailure,
        errors.AdminShutdown,
        errors.CrashShutdown,
        errors.CannotConnectNow,
        psycopg.OperationalError,
        psycopg.InterfaceError,
        psycopg_pool.PoolTimeout,
        db.OperationalError,
        db.InterfaceError,
    ],
    None: [errors.UniqueViolation, errors.DataCorrupted, errors.UndefinedTable, ZeroDivisionError, db.DatabaseError],
}
EACH = [(fault, kind) for fault, kinds in STATES.items() for kind in kinds]


def caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def met_on_the_way(error: Exception, context: BaseException) -> Exception:
    error.__context__ = context
    return error


@pytest.mark.parametrize(("fault", "kind"), EACH)
def test_a_fault_is_known_by_itself_and_at_the_end_of_a_chain(fault, kind):
    error = kind("x")
    assert fault_of(error) is fault
    assert fault_of(caused(ConnectorException(), caused(db.DatabaseError("y"), error))) is fault
    assert fault_of(met_on_the_way(SessionInterrupted("z"), met_on_the_way(db.DatabaseError("y"), error))) is fault


def test_the_state_says_more_than_the_kind_of_error_around_it():
    assert fault_of(caused(db.OperationalError("y"), errors.LockNotAvailable("x"))) is Fault.LOCKED
    assert fault_of(caused(db.InternalError("y"), errors.ReadOnlySqlTransaction("x"))) is Fault.READ_ONLY
    later = met_on_the_way(
        caused(db.InternalError("y"), errors.InFailedSqlTransaction("y")), errors.QueryCanceled("x")
    )
    assert fault_of(later) is Fault.TIMED_OUT


def test_a_chain_that_leads_back_to_itself_ends():
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__context__ = other, one
    assert fault_of(one) is None


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        (errors.AdminShutdown, Fault.COMMIT_LOST),
        (psycopg.OperationalError, Fault.COMMIT_LOST),
        (errors.SerializationFailure, Fault.LOCKED),
        (errors.DiskFull, Fault.FULL),
        (errors.QueryCanceled, Fault.TIMED_OUT),
        (errors.UniqueViolation, None),
    ],
)
def test_a_commit_without_an_answer_is_unknown_and_one_that_was_refused_is_not(kind, fault):
    error = caused(db.DatabaseError("y"), kind("x"))
    mark_as_raised_by_commit(error)
    assert fault_of(error) is fault
