"""What belongs together: the events of one import carry one ID, however many transactions they were written in."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_current: ContextVar[UUID | None] = ContextVar("correlation", default=None)


@contextmanager
def correlated(uuid: UUID) -> Iterator[None]:
    """Every event that is recorded meanwhile, by this thread, is part of that."""
    token = _current.set(uuid)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> UUID | None:
    return _current.get()
