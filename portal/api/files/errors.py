"""What is wrong with a line of a file, by column."""

from collections.abc import Iterable
from typing import Any

from ninja import Schema

from portal.api.formats import OpenText
from subscriptions.imports.reads import describe


class LineError(Schema):
    column: str
    value: str
    code: OpenText
    detail: str
    next_step: str


def errors_of(problems: Iterable[dict[str, Any]]) -> list[LineError]:
    return [_error(problem) for problem in problems]


def _error(problem: dict[str, Any]) -> LineError:
    said = describe(problem["code"], problem["facts"])
    return LineError(
        column=problem["column"],
        value=problem["value"],
        code=problem["code"],
        detail=said.wrong,
        next_step=said.mend,
    )
