"""Pages of Graph: a signed $skiptoken, good for one list with its filter and order, and an absolute nextLink."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest

from portal.api.kinds import BAD_CURSOR
from portal.api.paging import COUNTED_UP_TO
from portal.api.problems import Problem, Wrong, absolute
from portal.graph import options
from subscriptions.web.paging import Sort

SALT = "graph-skiptoken"
Shape = Callable[[list[Any]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Source:
    """Rows that are part of a list, and how each is told."""

    rows: QuerySet[Any]
    name: str = ""


def list_page(
    request: HttpRequest, sources: Sequence[Source], sort: Sort, shape: Shape, known: Sequence[str]
) -> dict[str, Any]:
    """One page of all sources in one order, as Graph tells a collection."""
    most = options.read_top(request)
    bound = _bound_to(request, sort)
    key = _read(request, bound)
    found = [
        (getattr(row, sort.column), source.name, row)
        for source in sources
        for row in _fetched(source, sort, key, most)
    ]
    if len(sources) > 1:  # of moments; texts are in the order of the database
        found.sort(key=lambda each: (each[0], each[1], each[2].pk), reverse=sort.descending)
    page = found[:most]
    told: dict[str, Any] = {}
    if options.wants_count(request):
        total = sum(source.rows.order_by()[: COUNTED_UP_TO + 1].count() for source in sources)
        told["@odata.count"] = min(total, COUNTED_UP_TO)
    rows = [row for _value, _name, row in page]
    told["value"] = options.select(request, shape(rows), known)
    if len(found) > most:
        told["@odata.nextLink"] = _next_link(request, _token(page[-1], bound))
    return told


def _fetched(source: Source, sort: Sort, key: Sequence[Any] | None, most: int) -> list[Any]:
    """Of the source that a page ended in, the rows after that one; of others, those of a later value, or of the same
    where the source comes later.
    """
    rows = source.rows
    if key is not None:
        value, name, pk = key
        if source.name != name:
            later = (source.name < name) if sort.descending else (source.name > name)
            side = ("lt" if sort.descending else "gt") + ("e" if later else "")
            rows = rows.filter((f"{sort.column}__{side}", value))  # type: ignore[arg-type]
        else:
            rows = rows.filter(sort.after([value, pk]))
    return list(sort.apply(rows)[: most + 1])


def _bound_to(request: HttpRequest, sort: Sort) -> str:
    asked = [request.GET.get(name, "") for name in ("$filter", "$orderby")]
    said = [request.path, asked, sort.column, sort.descending, str(request.caller.uuid)]  # type: ignore[attr-defined]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def _token(last: tuple[Any, str, Any], bound: str) -> str:
    value, name, row = last
    text = value.isoformat() if isinstance(value, date) else str(value)
    return signing.dumps([bound, text, name, row.pk], salt=SALT)


def _read(request: HttpRequest, bound: str) -> list[Any] | None:
    token = request.GET.get("$skiptoken")
    if token is None:
        return None
    try:
        found, *key = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        found = None
    if found != bound:
        told = str(BAD_CURSOR.meaning)
        raise Problem(BAD_CURSOR, errors=[Wrong(told, BAD_CURSOR.code, parameter="$skiptoken")])
    return key


def _next_link(request: HttpRequest, token: str) -> str:
    query = request.GET.copy()
    query["$skiptoken"] = token
    return absolute(f"{request.path}?{query.urlencode()}")
