"""What a query of Graph may say: $top, $skiptoken, $filter, $count, $select, $orderby, each read strictly.

What is not known here is an error by its name; nothing is ignored.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.api.kinds import INVALID
from portal.api.paging import LONGEST_PAGE, USUAL_PAGE
from portal.api.problems import Problem, Wrong
from portal.graph.errors import wrong

ONE, LISTED = ("$select",), ("$top", "$skiptoken", "$filter", "$count", "$select", "$orderby")
LONGEST_OPTION = 2000
CONDITION = re.compile(r"([A-Za-z/]+) eq (?:'((?:[^']|'')*)'|(true|false))")
ORDER = re.compile(r"([A-Za-z/]+)(?: (asc|desc))?")


@dataclass(frozen=True)
class Order:
    name: str
    descending: bool


def require_known(request: HttpRequest, allowed: Collection[str]) -> None:
    """Raises Problem for each option that the operation does not take, and for one that comes twice."""
    told = _("There is no such parameter here. Those that there are: %(names)s.")
    names = ", ".join(sorted(allowed)) or "-"
    found = []
    for name, values in request.GET.lists():
        if name not in allowed:
            found.append(Wrong(told % {"names": names}, "unknown-parameter", parameter=name[:100]))
        elif len(values) > 1:
            found.append(Wrong(_("This parameter was sent twice."), "duplicate", parameter=name))
        elif "\0" in values[0] or len(values[0]) > LONGEST_OPTION:
            found.append(Wrong(_("This has characters that no text has."), "not-text", parameter=name))
    if found:
        raise Problem(INVALID, errors=found)


def read_top(request: HttpRequest) -> int:
    text = request.GET.get("$top", str(USUAL_PAGE))
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= LONGEST_PAGE:
        raise wrong(_("A whole number from 1 to %(most)s.") % {"most": LONGEST_PAGE}, "out-of-range", "$top")
    return int(text)


def wants_count(request: HttpRequest) -> bool:
    text = request.GET.get("$count", "false")
    if text not in ("true", "false"):
        raise wrong(_("Say true or false."), "not-true-or-false", "$count")
    return text == "true"


def read_conditions(request: HttpRequest, known: Collection[str]) -> dict[str, Any]:
    """Of $filter: `name eq 'value'`, several of them joined by `and`. Raises Problem."""
    text = request.GET.get("$filter")
    if text is None:
        return {}
    found: dict[str, Any] = {}
    place = 0
    while match := CONDITION.match(text, place):
        name, word, truth = match.groups()
        if name not in known or name in found:
            break
        found[name] = word.replace("''", "'") if truth is None else truth == "true"
        place = match.end()
        if text.startswith(" and ", place):
            place += len(" and ")
            continue
        if place == len(text):
            return found
        break
    told = _("Say %(example)s, joined by “and”, with these properties: %(names)s.")
    facts = {"example": "name eq 'value'", "names": ", ".join(sorted(known)) or "-"}
    raise wrong(told % facts, "invalid-filter", "$filter")


def one_of(value: Any, known: Collection[Any], name: str) -> Any:
    """A value of $filter that has to be one of these."""
    if value in known:
        return value
    told = _("%(name)s is one of: %(values)s.") % {
        "name": name,
        "values": ", ".join(str(each).lower() if isinstance(each, bool) else each for each in known),
    }
    raise wrong(told, "unknown-value", "$filter")


def read_order(request: HttpRequest, known: Collection[str]) -> Order | None:
    text = request.GET.get("$orderby")
    if text is None:
        return None
    match = ORDER.fullmatch(text)
    if match is None or match[1] not in known:
        told = _("Say one of these properties, and asc or desc: %(names)s.") % {
            "names": ", ".join(sorted(known)) or "-"
        }
        raise wrong(told, "invalid-order", "$orderby")
    return Order(match[1], match[2] == "desc")


def select(request: HttpRequest, rows: list[dict[str, Any]], known: Collection[str]) -> list[dict[str, Any]]:
    """With the properties of $select alone, and the annotations. Raises Problem for one that is none."""
    text = request.GET.get("$select")
    if text is None:
        return rows
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        told = _("There is no such property: %(name)s. Those that there are: %(names)s.")
        raise wrong(
            told % {"name": unknown[0][:100], "names": ", ".join(sorted(known))}, "unknown-property", "$select"
        )
    return [_only(row, names) for row in rows]


def _only(row: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in names or name == "id" or name.startswith("@")}
