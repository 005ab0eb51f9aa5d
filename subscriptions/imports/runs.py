"""A run over a file, in batches: the dry run that changes nothing, and the one that does its lines.

Each batch is one transaction, which also moves the cursor and the counts: whatever ends a process between two of
them, the next one goes on behind the last line that was done. In a batch each line is done whole or not at all.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.utils import translation

from subscriptions.access import Actor, staff_actor, the_portal
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.db import scopes
from subscriptions.imports.acts import may_bring_in
from subscriptions.imports.csv_reader import CsvFile, Line
from subscriptions.imports.events import ImportEnded
from subscriptions.imports.files import chunks_of
from subscriptions.imports.first_lines import FirstLines
from subscriptions.imports.kinds import KINDS, Row
from subscriptions.imports.problems import SHOWN_OF_A_VALUE, Fault, Problem, Unreadable, Wrong
from subscriptions.models import ImportProblem, ImportRun, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.jobs.import_run import ImportState
from subscriptions.verdicts import Refused

LINES_A_BATCH = 2000
KEYS_AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"  # with each statement, not all when the batch is committed
MOST_PROBLEMS = 1000  # each with its cell; of the lines behind them only what is wrong first


class Overtaken(Exception):
    """The run was started or stopped by somebody else meanwhile; this one does nothing more."""


def open_file(run: ImportRun) -> CsvFile:
    """Raises Unreadable."""
    return CsvFile(lambda: chunks_of(run), KINDS[run.kind].headers())


def check(run_id: int) -> None:
    """The dry run of a file that waits for it, from the beginning."""
    run = _start_check(run_id)
    if run:
        try:
            with translation.override(run.language):
                _Check(run).work_off()
        except Unreadable as error:
            _refuse(run, error)
        except Overtaken:
            return


def apply(run_id: int) -> None:
    """Does the lines that the dry run found right, behind the last one that is done already."""
    run = _start_apply(run_id)
    if run:
        try:
            with translation.override(run.language), correlated(run.uuid):
                _Apply(run).work_off()
        except Overtaken:
            return


def _start_check(run_id: int) -> ImportRun | None:
    with scopes.importing():
        run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
        if run is None or run.state not in (ImportState.WAITING, ImportState.CHECKING):
            return None
        ImportProblem.objects.filter(run=run).delete()
        run.state, run.turn = ImportState.CHECKING, run.turn + 1
        run.lines = run.fresh = run.there = run.wrong = 0
        run.save()
        return run


def _start_apply(run_id: int) -> ImportRun | None:
    """With a turn of its own: a worker that seemed to be gone does nothing more."""
    with scopes.importing():
        runs = ImportRun.objects.select_for_update(of=("self",)).select_related("applier")
        run = runs.filter(pk=run_id, state=ImportState.APPLYING).first()
        if run:
            run.turn += 1
            run.save(update_fields=["turn"])
        return run


def _refuse(run: ImportRun, error: Unreadable) -> None:
    """The file as a whole: nothing of it is kept to be done."""
    with scopes.importing():
        ImportProblem.objects.filter(run=run).delete()
        ImportRun.objects.filter(pk=run.pk, turn=run.turn).update(
            state=ImportState.UNREADABLE,
            fault=error.fault.code,
            fault_facts=error.facts,
            lines=0,
            fresh=0,
            there=0,
            wrong=0,
            ended=Now(),
        )


class _Pass:
    """What both have in common: batches of rows, each in a transaction that holds the run."""

    state: ImportState

    def __init__(self, run: ImportRun):
        self.run = run
        with scopes.importing():
            self.kind = KINDS[run.kind](self.actor(), reason=run.reason)

    def actor(self) -> Actor:
        return staff_actor(self.run.applier) if self.run.applier else the_portal()

    def work_off(self) -> None:
        with scopes.importing():
            self.file = open_file(self.run)
            self.begin()
        lines = self.file.lines()
        while self.may_go_on() and self._batch(lines):
            pass
        with scopes.importing():
            self.hold()
            self.end()

    def _batch(self, lines: Iterator[Line]) -> bool:
        with scopes.importing():
            self.hold()
            taken = self.take(lines)
            self.do([self.kind.read(self.file, line) for line in taken])
            if taken:
                self.run.save(update_fields=["lines", "fresh", "there", "wrong", "done", "cursor"])
        return bool(taken)

    def may_go_on(self) -> bool:
        """Raises Overtaken where it is stopped for good."""
        return True

    def take(self, lines: Iterator[Line]) -> list[Line]:
        return list(islice(lines, LINES_A_BATCH))

    def hold(self) -> None:
        """Raises Overtaken. Until the transaction ends nobody else starts or stops the run."""
        held = ImportRun.objects.select_for_update().filter(pk=self.run.pk, turn=self.run.turn, state=self.state)
        if not held.values("pk").first():
            raise Overtaken

    def begin(self) -> None: ...

    def do(self, rows: Sequence[Row]) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    def examine(self, rows: Sequence[Row]) -> list[Row]:
        """Those that are right so far, after the kind has looked at them."""
        readable = [row for row in rows if not row.problems]
        self.kind.look_up(readable)
        for row in readable:
            self.kind.check(row)
        return [row for row in readable if not row.problems]


class _Check(_Pass):
    state = ImportState.CHECKING

    def begin(self) -> None:
        layout = self.file.layout
        self.seen = FirstLines()
        self.accused: set[int] = set()
        self.told = self.told_of = 0
        self.run.encoding, self.run.separator = layout.encoding.label, layout.separator
        self.run.taken, self.run.not_taken = layout.taken, layout.not_taken
        self.run.save(update_fields=["encoding", "separator", "taken", "not_taken"])

    def do(self, rows: Sequence[Row]) -> None:
        right = self.examine(rows)
        accusations = [problem for row in right for problem in self._twice(row)]
        self.run.lines += len(rows)
        self.run.there += sum(row.is_there for row in right if not row.problems)
        self.run.wrong += sum(bool(row.problems) for row in rows) + len(accusations)
        self.run.fresh = self.run.lines - self.run.there - self.run.wrong
        self._keep([*accusations, *(problem for row in rows for problem in row.problems)])

    def _twice(self, row: Row) -> list[Problem]:
        """Tells of both lines that are about the same; returned is what is told of the earlier one."""
        first = self.seen.first("\0".join(self.kind.key_of(row)), row.line)
        if first == row.line:
            return []
        row.refuse(self.kind.key[-1], Wrong.TWICE, first=first, second=row.line)
        if first in self.accused:
            return []
        self.accused.add(first)
        self.run.there -= row.is_there  # as the earlier one was counted, before it was known
        told = row.problems[-1]
        return [Problem(first, told.column, told.value, told.wrong, told.facts)]

    def _keep(self, problems: Sequence[Problem]) -> None:
        kept = []
        for problem in problems:
            self.told += 1
            if self.told <= MOST_PROBLEMS or problem.line != self.told_of:
                kept.append(stored(self.run, problem))
            self.told_of = problem.line
        ImportProblem.objects.bulk_create(kept)

    def end(self) -> None:
        if not self.run.lines:
            raise Unreadable(Fault.NO_LINES)
        ImportRun.objects.filter(pk=self.run.pk).update(state=ImportState.CHECKED)


class _Apply(_Pass):
    state = ImportState.APPLYING

    def may_go_on(self) -> bool:
        """Who has lost the role or the account meanwhile does nothing more: it stops, for others to go on with."""
        applier = self.run.applier_id
        with scopes.importing():
            user = User.objects.filter(pk=applier, is_active=True, is_staff=True).first() if applier else None
            if applier is None or (user and may_bring_in(staff_actor(user), self.run.kind).allowed):
                return True
            ImportRun.objects.filter(pk=self.run.pk, turn=self.run.turn).update(state=ImportState.STOPPED)
        raise Overtaken

    def take(self, lines: Iterator[Line]) -> list[Line]:
        return list(islice((line for line in lines if line.number > self.run.cursor), LINES_A_BATCH))

    def do(self, rows: Sequence[Row]) -> None:
        """Without the lines that the dry run found wrong."""
        if not rows:
            return
        within = ImportProblem.objects.filter(run=self.run, line__gte=rows[0].line, line__lte=rows[-1].line)
        wrong = set(within.values_list("line", flat=True))
        open_rows = [row for row in rows if row.line not in wrong]
        fresh = [row for row in self.examine(open_rows) if not row.is_there]
        done = self._store(fresh) if fresh else []
        failed = [row for row in open_rows if row.problems]
        ImportProblem.objects.bulk_create([stored(self.run, problem) for row in failed for problem in row.problems])
        self.run.done += len(done)
        self.run.cursor = rows[-1].line
        self._count(self.run.wrong + len(failed), self.run.there)

    def _count(self, wrong: int, there: int) -> None:
        run = self.run
        run.wrong, run.fresh = wrong, max(0, run.lines - there - wrong)
        run.there = run.lines - run.fresh - run.wrong

    def _store(self, rows: Sequence[Row]) -> list[Row]:
        """All together, which is much faster; where one of them cannot be done, each half by itself."""
        told: tuple[type[Exception], ...] = (Refused, IntegrityError, *self.kind.refusals)
        half = len(rows) // 2
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(KEYS_AT_ONCE)
                self.kind.store(rows)
        except told as error:
            if half:
                return [*self._store(rows[:half]), *self._store(rows[half:])]
            self._say(error, rows[0])
            return []
        return list(rows)

    def _say(self, error: Exception, row: Row) -> None:
        if isinstance(error, IntegrityError):
            row.refuse("", Wrong.CHANGED)
        else:
            self.kind.refusal(error, row)

    def end(self) -> None:
        run = self.run
        self._count(run.wrong, run.lines - run.wrong - run.done)
        run.state, run.is_open = ImportState.DONE, bool(run.wrong)
        run.save(update_fields=["there", "fresh", "state", "is_open"])
        ImportRun.objects.filter(pk=run.pk).update(ended=Now())
        audit.record(
            AuditKind.IMPORT_ENDED,
            by=self.kind.by,
            tenant=None,
            subject_name=run.file_name,
            subject_uuid=run.uuid,
            facts=ImportEnded(kind=run.kind, done=run.done, there=run.there, wrong=run.wrong),
        )


def stored(run: ImportRun, problem: Problem) -> ImportProblem:
    return ImportProblem(
        run=run,
        line=problem.line,
        column=problem.column,
        value=problem.value.replace("\0", "�")[:SHOWN_OF_A_VALUE],
        code=problem.wrong.code,
        facts={name: text.replace("\0", "�") for name, text in problem.facts.items()},
    )
