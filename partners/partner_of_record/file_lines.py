"""Reads a file of subscriptions that was changed in a spreadsheet: what each line changes, and all that is wrong.

An empty cell changes nothing, whatever stands there now; the one sign CLEAR takes away what is there. Nothing is
changed here: what is right becomes the preview of an act on many.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from partners.directory.imports import find_partners
from partners.directory.reads import PartnerUnusable, count_check, require_usable
from partners.models import Partner
from partners.partner_of_record.bulk import NONE
from partners.partner_of_record.from_file import PARTNER as PARTNER_FACT
from partners.partner_of_record.from_file import FromFile
from partners.partner_of_record.schedule.many import SchedulePartner
from subscriptions.access import Actor
from subscriptions.base.typed import read_uuid
from subscriptions.bulk import acts as bulk
from subscriptions.bulk.kinds import Value
from subscriptions.bulk.rules import may_begin
from subscriptions.imports import cells
from subscriptions.imports.csv_reader import CsvFile, Line
from subscriptions.imports.encodings import Chunks
from subscriptions.imports.kinds import Column, ImportKind, Row
from subscriptions.imports.problems import Fault, Problem, Unreadable, Wrong, WrongCell
from subscriptions.models import BulkAct, BulkLine, BulkRow, Subscription, Tenant
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.models.subscription import COST_CENTER_LENGTH, OWN_NAME_LENGTH
from subscriptions.subscriptions.file_names import COST_CENTER, ID, OWN_NAME, PARTNER, RECURRING
from subscriptions.subscriptions.lifecycle import today_of

CLEAR = "-"
LINES_AT_ONCE = 1000
MOST_LINES = 100_000
MOST_NEW_PARTNERS = 20  # that no subscription of the organization credits yet: a file is no way to try IDs out
CLEARED = {PARTNER[0], OWN_NAME[0], COST_CENTER[0]}


def _subscription_id(value: str) -> UUID:
    try:
        return read_uuid(value)
    except ValueError:
        raise WrongCell(Wrong.REFUSED, reason=_("This is no ID of a subscription."), next=_unknown_next()) from None


def _unknown_next() -> str:
    return _("Export the list again, and change that file.")


def _changes_at_once() -> str:
    return _("Only the partner of record can wait for a day: this would change at once.")


def _bring_twice() -> str:
    return _("Leave this cell as it was exported, and bring such changes in a file of their own, with Now.")


COLUMNS = (
    Column(*ID, _subscription_id),
    Column(*PARTNER, cells.partner_number, is_required=False),
    Column(*OWN_NAME, cells.name(OWN_NAME_LENGTH), is_required=False),
    Column(*COST_CENTER, cells.name(COST_CENTER_LENGTH), is_required=False),
    Column(*RECURRING, cells.yes_no, is_required=False),
)
QUOTED = {
    OWN_NAME[0]: Column(*OWN_NAME, cells.name(OWN_NAME_LENGTH, is_quoted=True)),
    COST_CENTER[0]: Column(*COST_CENTER, cells.name(COST_CENTER_LENGTH, is_quoted=True)),
}


class Reader(ImportKind):
    """Cells of a line, as an import reads them; of those that can be cleared it knows the sign.

    A quote before the sign, or before what would be a formula, says that it is a text, as lists are exported.
    """

    columns = COLUMNS

    def read(self, file: CsvFile, line: Line) -> Row:
        row = super().read(file, line)
        for name in CLEARED & file.layout.places.keys() if row.cells else ():
            written = line.cells[file.layout.places[name]].strip()
            if written == CLEAR:
                _forget_problems(row, name)
                row.values[name], row.cells[name] = "", CLEAR
            elif written.startswith("'=") and name in QUOTED:
                _forget_problems(row, name)
                self._read_cell(row, QUOTED[name], row.cells[name])
        return row


def _forget_problems(row: Row, column: str) -> None:
    row.problems = [problem for problem in row.problems if problem.column != column]


@dataclass
class Found:
    """What was found out about a file so far."""

    lines: int = 0
    unchanged: int = 0
    wrong: int = 0
    new_partners: set[str] = field(default_factory=set)


@transaction.atomic
def preview_file(
    *, tenant: Tenant, chunks: Chunks, file_name: str, by: Actor, reason: str = "", day: str | None = None
) -> BulkAct:
    """The act that this file asks for, to be looked at; lines with errors are no part of it, and are kept with it.
    With a `day`, which is empty for the renewal of each, its partners are scheduled, and nothing else may change.

    Raises Unreadable for a file that cannot be read as a whole, Refused, and TooManyRequests.
    """
    kind = FromFile if day is None else SchedulePartner
    may_begin(by, kind.code).require()
    count_check(tenant=tenant, by=by)
    file = CsvFile(chunks, Reader.headers())
    act = bulk.choose(
        tenant=tenant,
        kind=kind.code,
        rows=Subscription.objects.none(),
        selection=_("Lines of the file %(name)s") % {"name": file_name},
        by=by,
    )
    found = _FileCheck(act, file, by).work_off()
    if not found.lines:
        raise Unreadable(Fault.NO_LINES)
    layout = file.layout
    act.chosen = found.lines
    act.file = {
        "name": file_name, "encoding": layout.encoding.label, "separator": layout.separator, "taken": layout.taken,
        "not_taken": layout.not_taken, "headers": list(layout.headers), "lines": found.lines,
        "unchanged": found.unchanged, "wrong": found.wrong,
    }  # fmt: skip
    act.save(update_fields=["chosen", "file"])
    wanted = {"file": file_name} if day is None else {"file": file_name, "day": day}
    return bulk.preview(act=act, wanted=wanted, reason=reason, by=by)


class _FileCheck:
    """Line by line in batches, each of which looks up what it names in as many statements as there are things."""

    def __init__(self, act: BulkAct, file: CsvFile, by: Actor):
        self.act, self.tenant, self.file = act, act.tenant, file
        self.reader = Reader(by, "")
        self.is_scheduled = act.kind == SchedulePartner.code
        self.kind = FromFile(act.tenant, by, {})
        self.today = today_of(act.tenant)
        self.found = Found()

    def work_off(self) -> Found:
        self.twice = self._find_twice()
        batch: list[Line] = []
        for line in self.file.lines():
            batch.append(line)
            if len(batch) == LINES_AT_ONCE:
                self._check(batch)
                batch = []
        self._check(batch)
        return self.found

    def _find_twice(self) -> dict[str, list[int]]:
        """IDs that stand in several lines, with the first two of these. Raises Unreadable for too many lines."""
        place = self.file.layout.places[ID[0]]
        first: dict[str, int] = {}
        twice: dict[str, list[int]] = {}
        for count, line in enumerate(self.file.lines(), 1):
            if count > MOST_LINES:
                raise Unreadable(Fault.TOO_MANY_LINES, most=MOST_LINES)
            text = line.cells[place].strip().lower() if place < len(line.cells) else ""
            if text and first.setdefault(text, line.number) != line.number:
                twice.setdefault(text, [first[text], line.number])
        return twice

    def _check(self, lines: Sequence[Line]) -> None:
        rows = [self.reader.read(self.file, line) for line in lines]
        self._look_up([row for row in rows if not row.problems])
        wanted = [self._wanted(row) for row in rows]
        self._store(lines, rows, wanted)
        self.found.lines += len(lines)
        self.found.wrong += sum(bool(row.problems) for row in rows)
        self.found.unchanged += sum(not (row.problems or each) for row, each in zip(rows, wanted, strict=True))

    def _look_up(self, rows: Sequence[Row]) -> None:
        uuids = {row[ID[0]] for row in rows}
        subscriptions = Subscription.objects.of_tenant(self.tenant).filter(uuid__in=uuids)
        self.subscriptions: dict[UUID, Any] = {each.uuid: each for each in self.kind.rows(subscriptions)}
        for each in self.subscriptions.values():
            each.tenant = self.tenant
            judge_by_date(each, self.today)
        now = {each.partner_number for each in self.subscriptions.values()}
        named = {number for row in rows if (number := row[PARTNER[0]])}
        self.partners: dict[str, Partner] = find_partners(named)
        self._count_new(named - now)

    def _count_new(self, numbers: set[str]) -> None:
        """Raises Unreadable where so many IDs could only be guesses."""
        self.found.new_partners |= numbers
        if len(self.found.new_partners) > MOST_NEW_PARTNERS:
            raise Unreadable(Fault.TOO_MANY_PARTNERS, most=MOST_NEW_PARTNERS)

    def _wanted(self, row: Row) -> Value:
        """What the line changes; what is wrong is noted with the line."""
        self._tell_twice(row)
        if row.problems:
            return {}
        subscription = self.subscriptions.get(row[ID[0]])
        if subscription is None:
            reason = _("No subscription of your organization has this ID.")
            row.refuse(ID[0], Wrong.REFUSED, reason=reason, next=_unknown_next())
            return {}
        row.made = subscription
        changes = self.kind.changes(subscription, self._given(row))
        now = self.kind.before(subscription)
        for name in changes:
            column = PARTNER[0] if name == PARTNER_FACT else name
            verdict = self.kind.may_change(name, subscription, now, changes)
            if not verdict.allowed:
                row.refuse(column, Wrong.REFUSED, reason=verdict.reason, next=verdict.next_step)
            elif self.is_scheduled and name != PARTNER_FACT:
                row.refuse(column, Wrong.REFUSED, reason=_changes_at_once(), next=_bring_twice())
        self._tell_unusable(row, changes)
        if row.problems or not changes:
            return {}
        return changes[PARTNER_FACT] if self.is_scheduled else changes

    def _given(self, row: Row) -> Value:
        """Of the cells that are not empty."""
        given: dict[str, Any] = {
            name: row[name] for name in (OWN_NAME[0], COST_CENTER[0], RECURRING[0]) if row.cells.get(name)
        }
        if row.cells.get(PARTNER[0]):
            number = row[PARTNER[0]]
            partner = self.partners.get(number)
            given[PARTNER_FACT] = {"id": number, "name": partner.name if partner else ""}
        return given

    def _tell_unusable(self, row: Row, changes: Value) -> None:
        number = changes.get(PARTNER_FACT, NONE)["id"]
        if not number or any(problem.column == PARTNER[0] for problem in row.problems):
            return
        try:
            require_usable(self.partners.get(number), number, tenant=self.tenant, product=row.made.product)
        except PartnerUnusable as unusable:
            row.refuse(PARTNER[0], Wrong.REFUSED, reason=unusable.sentence, next=unusable.next_step)

    def _tell_twice(self, row: Row) -> None:
        lines = self.twice.get(row.cells.get(ID[0], "").lower())
        if lines:
            row.refuse(ID[0], Wrong.TWICE, first=lines[0], second=lines[1])

    def _store(self, lines: Sequence[Line], rows: Sequence[Row], wanted: Sequence[Value]) -> None:
        together = zip(lines, rows, wanted, strict=True)
        kept = [(line, row, each) for line, row, each in together if row.problems or each]
        tenant, act = self.tenant, self.act
        BulkLine.objects.bulk_create(
            BulkLine(
                tenant=tenant,
                act=act,
                number=line.number,
                cells=[text.replace("\0", "�").strip() for text in line.cells],
                problems=[_stored(problem) for problem in row.problems],
                subscription=None if row.problems else row.made,
            )
            for line, row, _each in kept
        )
        BulkRow.objects.bulk_create(
            BulkRow(tenant=tenant, act=act, subscription=row.made, version=row.made.version, wanted=each)
            for _line, row, each in kept
            if each
        )


def _stored(problem: Problem) -> dict[str, Any]:
    facts = {name: text.replace("\0", "�") for name, text in problem.facts.items()}
    value = problem.value.replace("\0", "�")[:200]
    return {"column": problem.column, "value": value, "code": problem.wrong.code, "facts": facts}
