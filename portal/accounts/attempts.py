"""How often a password may be tried: by account and by the visitor's address. Right ones do not count.

Of an account each attempt is counted before its password is looked at, and taken back where it was right: so many
wrong ones at once pass as in a row. Of an address, behind which many people may sit, wrong ones alone count.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from subscriptions.db.limits import (
    Limit,
    TooManyRequests,
    count_request,
    forget_requests,
    require_room,
    take_back,
)


class Attempt:
    """One password that is being looked at; wrong until somebody says that it is right."""

    is_right = False


@contextmanager
def attempt(*, login: str, address: str) -> Iterator[Attempt]:
    """Raises TooManyRequests before anything is looked at."""
    of_address = Limit(f"sign-in from {address}", *settings.SIGN_IN_LIMIT_ADDRESS)
    require_room(of_address)
    counted = count_request(Limit(_key(login), *settings.SIGN_IN_LIMIT_ACCOUNT))
    made = Attempt()
    yield made
    if made.is_right:
        take_back(counted)
    else:
        _count_wrong(of_address)


def _count_wrong(of_address: Limit) -> None:
    try:
        count_request(of_address)
    except TooManyRequests:
        pass  # others there were wrong meanwhile; the next one is stopped anyway


def forget(login: str) -> None:
    """Wrong passwords of earlier do not keep out who has a new one."""
    forget_requests(_key(login))


def _key(login: str) -> str:
    return f"sign-in {hashlib.sha256(login.lower().encode()).hexdigest()}"
