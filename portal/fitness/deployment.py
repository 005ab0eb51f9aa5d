"""The same checks as `manage.py check --deploy --database default`: what is good says nothing there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register

from portal.checks import FITNESS, check_login
from portal.fitness.findings import State
from portal.fitness.table import LOGIN, Row, ask_all


@register(FITNESS, deploy=True)
def check_fitness(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    if not databases:
        return []
    rows = [row for row in ask_all().rows if row.is_to_mend]
    if check_login(databases):  # says the same of a login with too much power
        rows = [row for row in rows if row.check.code != LOGIN]
    return [_message(row) for row in rows]


def _message(row: Row) -> CheckMessage:
    kind = Error if row.finding.state is State.ERROR else Warning
    return kind(f"{row.check.label}: {row.finding.sentence}", id=f"portal.{row.check.code}")
