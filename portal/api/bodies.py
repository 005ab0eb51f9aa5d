"""The body of a request: one JSON object, read strictly, so that nothing in it is guessed or dropped."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.parser import Parser
from pydantic import ConfigDict

from portal.api.kinds import BROKEN_JSON, INVALID, NOT_JSON, TOO_LARGE
from portal.api.problems import Problem, Wrong

LONGEST_BODY = 1024 * 1024
DEEPEST = 20


class Body(Schema):
    """What a request says; a field that it does not know is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(body_of(request))


def body_of(request: HttpRequest) -> bytes:
    """Raises Problem for another kind of content, and for more than is taken."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST_BODY:
        raise Problem(TOO_LARGE)
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise Problem(TOO_LARGE) from error
    if len(body) > LONGEST_BODY:
        raise Problem(TOO_LARGE)
    if body and request.content_type != "application/json":
        raise Problem(NOT_JSON)
    return body


def read_json(body: bytes) -> Any:
    """Raises Problem for what is no JSON, too deep, or says one thing twice."""
    doubles: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _value in pairs]
            doubles.extend(name for name in found if names.count(name) > 1)
        return found

    try:
        read = json.loads(body.decode("utf-8"), object_pairs_hook=once, parse_constant=_no_number)
        _require_shallow(read)
    except (ValueError, RecursionError) as error:
        raise Problem(BROKEN_JSON) from error
    if doubles:
        told = _("This field was sent twice.")
        raise Problem(INVALID, errors=[Wrong(told, "duplicate", pointer=pointer([name])) for name in doubles])
    if wrong := list(_unreadable(read, [])):
        raise Problem(INVALID, errors=wrong)
    return read


def pointer(place: list[Any]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(each).replace("~", "~0").replace("/", "~1") for each in place)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _require_shallow(read: Any, depth: int = 1) -> None:
    if depth > DEEPEST:
        raise ValueError("too deep")
    if isinstance(read, dict | list):
        for each in read.values() if isinstance(read, dict) else read:
            _require_shallow(each, depth + 1)


def _unreadable(read: Any, place: list[Any]):
    """Texts that no database and no reader takes: with NUL, or with half a character."""
    if isinstance(read, dict):
        for name, value in read.items():
            if not _is_readable(name):
                yield Wrong(_("The name of a field has characters that no text has."), "not-text", pointer="")
            yield from _unreadable(value, [*place, name])
    elif isinstance(read, list):
        for number, value in enumerate(read):
            yield from _unreadable(value, [*place, number])
    elif isinstance(read, str) and not _is_readable(read):
        yield Wrong(_("This has characters that no text has."), "not-text", pointer=pointer(place))


def _is_readable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= each <= "\udfff" for each in text)
