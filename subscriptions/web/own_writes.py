"""Who has changed something reads it: the browser's own cookie says what a standby must have before it is asked."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import Error
from django.http import Http404, HttpResponseBase

from subscriptions.db import scopes, standby
from subscriptions.verdicts import Refused

COOKIE = "__Host-written" if settings.SECURE else "written"
SALT = "own-writes"
REMEMBERED_SECONDS = 60  # longer than any standby that is asked may be behind
READING = ("GET", "HEAD")
NOBODY_KNOWS = -1  # how far the primary was, as it did not say


def remember_write(response: HttpResponseBase) -> None:
    """Whatever was answered, as an act may have been done of which nobody knows it."""
    try:
        place = standby.written()
    except Error:
        place = None
    response.set_cookie(
        COOKIE,
        signing.dumps(place.position if place else NOBODY_KNOWS, salt=SALT),
        max_age=REMEMBERED_SECONDS,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def _written(request: Any) -> int | None:
    """How far the primary was when this browser changed something; None where that cannot be told."""
    if COOKIE not in request.COOKIES:
        return 0
    try:
        position = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=REMEMBERED_SECONDS)
    except signing.SignatureExpired:
        return 0
    except signing.BadSignature:
        return None
    return None if position == NOBODY_KNOWS else position


def may_ask_standby(request: Any) -> bool:
    """Of a page that only reads. `read_from` of the request says for the numbers what came of it."""
    if not standby.is_configured() or request.method not in READING:
        return False
    position = _written(request)
    request.read_from = "unknown" if position is None else standby.why_not(position)
    return not request.read_from


def read_page(request: Any, setting: scopes.Setting, page: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The page as the standby shows it, else as the primary does; in the scope which that has found for the reader.

    What the standby does not have may be too new for it: that something is not there, or not so, the primary says.
    """
    before = vars(request).copy()
    try:
        with standby.reading(), scopes.again(setting):
            response = page()
        request.read_from = "standby"
        return response
    except Error as error:
        standby.give_up(error)
        outcome = "failed"
    except standby.NeedsPrimary:
        outcome = "writes"
    except (Http404, Refused):
        outcome = "missing"
    vars(request).clear()
    vars(request).update(before, read_from=outcome)
    with scopes.again(setting):
        return page()
