"""Somebody else's session that holds what a request needs, and a login that does not wait long for it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.database import owner_session


@contextmanager
def table_held(table: str) -> Iterator[psycopg.Connection]:
    """As by a migration: nobody reads it or writes to it."""
    with held(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table))) as owner:
        yield owner


@contextmanager
def row_held(row) -> Iterator[psycopg.Connection]:
    table = sql.Identifier(row._meta.db_table)
    with held(sql.SQL("SELECT 1 FROM {} WHERE id = {} FOR UPDATE").format(table, row.pk)) as owner:
        yield owner


@contextmanager
def held(statement: sql.Composed) -> Iterator[psycopg.Connection]:
    with owner_session() as owner, owner.transaction():
        owner.execute(statement)
        yield owner


@contextmanager
def held_for(seconds: float, table: str) -> Iterator[None]:
    """By a thread of its own, which lets go meanwhile."""
    is_held = threading.Event()

    def hold() -> None:
        with table_held(table):
            is_held.set()
            time.sleep(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert is_held.wait(10)
    yield
    thread.join()


@pytest.fixture
def impatient(transactional_db) -> Iterator[None]:
    """The login's own patience of two seconds, made short."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")
    yield
    connection.close()
