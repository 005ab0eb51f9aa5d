"""Pages by key, as those of the portal's lists: a signed cursor is good for one list, its filters and order alone."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Schema
from pydantic import ConfigDict, Field

from portal.api.kinds import BAD_CURSOR
from portal.api.problems import Problem, Wrong, absolute
from subscriptions.web.paging import Sort

LONGEST_PAGE, USUAL_PAGE = 200, 50
COUNTED_UP_TO = 10_000
SALT = "api-cursor"
NOT_BOUND = frozenset({"cursor", "limit", "count", "expand"})  # what may differ from page to page


class Paging(Schema):
    """Which page of a list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=USUAL_PAGE, ge=1, le=LONGEST_PAGE, description="How many rows a page has.")
    cursor: str | None = Field(default=None, max_length=2000, description="The `next` of the page before.")
    count: bool = Field(default=False, description=f"Whether to count the rows, up to {COUNTED_UP_TO}.")


class Found(Schema):
    """What every page says beside its rows."""

    next: str | None = Field(default=None, description="The address of the next page; null on the last one.")
    count: int | None = Field(default=None, description="How many rows there are, where that was asked for.")
    count_is_capped: bool | None = Field(default=None, description="Whether there are more than were counted.")


@dataclass(frozen=True)
class Cut:
    """The rows of one page, and what it says beside them."""

    rows: list[Any]
    facts: dict[str, Any]


def cut(request: HttpRequest, rows: QuerySet[Any], sort: Sort, paging: Paging) -> Cut:
    """One page; sets the header Link where there is a next one. Raises Problem for a cursor of another list."""
    bound = bound_to(request, sort)
    beyond = rows.filter(sort.after(_read(paging.cursor, bound, sort, rows))) if paging.cursor else rows
    found = list(sort.apply(beyond)[: paging.limit + 1])
    more, found = len(found) > paging.limit, found[: paging.limit]
    facts: dict[str, Any] = {"next": next_url(request, cursor_of(found[-1], sort, bound)) if more else None}
    if paging.count:
        total = rows.order_by()[: COUNTED_UP_TO + 1].count()
        facts |= {"count": min(total, COUNTED_UP_TO), "count_is_capped": total > COUNTED_UP_TO}
    return Cut(found, facts)


def bound_to(request: HttpRequest, sort: Sort) -> str:
    """List, filters, order, and who asks: with anything of it changed, a cursor says nothing."""
    asked = sorted((name, values) for name, values in request.GET.lists() if name not in NOT_BOUND)
    caller: Any = getattr(request, "caller", None)
    said = [request.path, asked, sort.column, sort.descending, str(getattr(caller, "uuid", ""))]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def cursor_of(row: Any, sort: Sort, bound: str) -> str:
    value = _of(row, sort.column)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return signing.dumps([bound, text, _of(row, "id")], salt=SALT)


def _of(row: Any, column: str) -> Any:
    if isinstance(row, Mapping):
        return row[column]
    for name in column.split("__"):
        row = getattr(row, name)
    return row


def _read(cursor: str, bound: str, sort: Sort, rows: QuerySet[Any]) -> Sequence[Any]:
    try:
        found, value, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise _bad_cursor() from error
    if found != bound:
        raise _bad_cursor()
    return [value, pk]


def _bad_cursor() -> Problem:
    return Problem(BAD_CURSOR, errors=[Wrong(str(BAD_CURSOR.meaning), BAD_CURSOR.code, parameter="cursor")])


def next_url(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    url = absolute(f"{request.path}?{query.urlencode()}")
    request.answered.headers["Link"] = f'<{url}>; rel="next"'  # type: ignore[attr-defined]
    return url
