"""Reads a file of customers who are all to get an offer: whom each line means, and all that is wrong with it.

Only organizations that the partner's scope sees are found, so that a file is no way to try addresses out.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner
from partners.models.partner_relationship import NAME_LENGTH
from partners.offers.examples import free_names
from partners.offers.rules import may_offer
from subscriptions.access import Actor
from subscriptions.imports import cells
from subscriptions.imports.csv_reader import CsvFile
from subscriptions.imports.kinds import Column, ImportKind, Row
from subscriptions.imports.problems import SHOWN_OF_A_VALUE, Fault, Unreadable, Wrong
from subscriptions.models import Tenant

MOST_LINES = 200
ADDRESS = "organization_address"
# As the file of Customers calls it
COLUMNS = (Column(ADDRESS, gettext_lazy("The organization's address in the portal"), cells.slug),)
STEM = 24  # of the name that the offers share, before that of the organization


class Reader(ImportKind):
    columns = COLUMNS
    key = (ADDRESS,)


def read_lines(file: CsvFile, *, partner: Partner, name: str, by: Actor) -> list[dict[str, Any]]:
    """In as many statements for one line as for all. Raises Unreadable."""
    reader = Reader(by, "")
    rows = [reader.read(file, line) for line in _bounded(file)]
    if not rows:
        raise Unreadable(Fault.NO_LINES)
    _tell_twice(rows)
    _find(rows, partner, by)
    right = [row for row in rows if not row.problems]
    names = dict(zip((row.line for row in right), _names(partner, name, right), strict=True))
    return [_kept(row, names.get(row.line, "")) for row in rows]


def _bounded(file: CsvFile) -> Iterator[Any]:
    for count, line in enumerate(file.lines(), 1):
        if count > MOST_LINES:
            raise Unreadable(Fault.TOO_MANY_LINES, most=MOST_LINES)
        yield line


def _tell_twice(rows: list[Row]) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        if row.problems:
            continue
        earlier = first.setdefault(row[ADDRESS], row)
        if earlier is not row:
            both = {"first": earlier.line, "second": row.line}
            for each in (earlier, row):
                if not any(problem.wrong is Wrong.TWICE for problem in each.problems):
                    each.refuse(ADDRESS, Wrong.TWICE, **both)


def _find(rows: list[Row], partner: Partner, by: Actor) -> None:
    readable = [row for row in rows if not row.problems]
    wanted = {row[ADDRESS] for row in readable}
    tenants = Tenant.objects.with_cloud_status().filter(slug__in=wanted, cloud=partner.cloud)
    found = {tenant.slug: tenant for tenant in tenants}
    for row in readable:
        row.made = found.get(row[ADDRESS])
        if row.made is None:
            reason = _("None of your customers has this address.")
            row.refuse(
                ADDRESS, Wrong.REFUSED, reason=reason, next=_("Export the list of customers, and use that file.")
            )
        elif not (may := may_offer(by, row.made, partner)).allowed:
            row.refuse(ADDRESS, Wrong.REFUSED, reason=may.reason, next=may.next_step)


def _names(partner: Partner, name: str, rows: list[Row]) -> Iterator[str]:
    """What they share, and whose each is: no two offers of a partner have one name."""
    return free_names(partner, [f"{name[:STEM].strip()} · {row.made.name}"[:NAME_LENGTH].strip() for row in rows])


def _kept(row: Row, name: str) -> dict[str, Any]:
    problems = [
        {
            "column": problem.column,
            "value": problem.value[:SHOWN_OF_A_VALUE],
            "code": problem.wrong.code,
            "facts": dict(problem.facts),
        }
        for problem in row.problems
    ]
    cell = row.cells.get(ADDRESS, "")[:SHOWN_OF_A_VALUE]
    line: dict[str, Any] = {"number": row.line, "cell": cell, "problems": problems, "outcome": ""}
    if not problems:
        line |= {"organization": row.made.name, "tenant": row.made.pk, "name": name}
    return line
