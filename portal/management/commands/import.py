"""Brings in what exists elsewhere: first says what would be done, then does it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from portal.management.by_whom import by_whom
from subscriptions.access import Actor
from subscriptions.db import scopes
from subscriptions.imports import acts, runs
from subscriptions.imports.files import CHUNK
from subscriptions.imports.kinds import KINDS
from subscriptions.imports.problems import FAULT_BY_CODE, Unreadable
from subscriptions.imports.reads import describe_problem
from subscriptions.imports.tables import failed_lines
from subscriptions.models import ImportProblem, ImportRun
from subscriptions.models.jobs.import_run import ImportState
from subscriptions.verdicts import Refused, Stale

MOST_SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("kind", choices=list(KINDS), help="what the lines of the file are")
        parser.add_argument("file", type=Path, help="CSV with a line of headers")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="only say what would be done; the default")
        how.add_argument("--apply", action="store_true", help="do the lines that are right")
        parser.add_argument("--by", metavar="EMAIL", help="the staff person who does it; the portal itself without")
        parser.add_argument("--reason", default="Import", help="stands in the audit trail")
        parser.add_argument("--failed", type=Path, metavar="FILE", help="where the lines with errors are written")

    def handle(self, *, kind: str, file: Path, **options: Any) -> None:
        by = by_whom(options["by"])
        run = self._bring_in(kind, file, by)
        if run.state != ImportState.APPLYING:
            runs.check(run.pk)
            run = self._report(run, options["failed"])
        if options["apply"]:
            self._apply(run, by, options["reason"])
            run = self._report(run, options["failed"])
        if run.wrong:
            raise CommandError(f"{run.wrong} lines have errors and are left out.")

    def _bring_in(self, kind: str, file: Path, by: Actor) -> ImportRun:
        """As a new run; or the one of the same file that was being applied when its process ended."""
        run = ImportRun(kind=kind)
        language = translation.get_language() or settings.LANGUAGE_CODE
        try:
            with scopes.staff():
                acts.bring_in(
                    run=run, content=_read(file), file_name=file.name, language=language, by=by, is_queued=False
                )
                earlier = ImportRun.objects.filter(kind=kind, digest=run.digest, state=ImportState.APPLYING).first()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from None
        except Unreadable as error:
            raise CommandError(_fault(error.fault.code, error.facts)) from None
        except Refused as refusal:
            raise CommandError(f"{refusal.verdict.reason} {refusal.verdict.who}") from None
        return earlier or run

    def _apply(self, run: ImportRun, by: Actor, reason: str) -> None:
        if run.state != ImportState.APPLYING:
            try:
                with scopes.staff():
                    acts.apply_import(run=run, by=by, reason=reason, is_queued=False)
            except Refused as refusal:
                self.stdout.write(str(refusal.verdict.reason))
                return
            except Stale:
                raise CommandError("The file that is kept is not the one that was checked.") from None
        runs.apply(run.pk)

    def _report(self, run: ImportRun, failed: Path | None) -> ImportRun:
        with scopes.staff():
            run.refresh_from_db()
            if run.state == ImportState.UNREADABLE:
                raise CommandError(_fault(run.fault, run.fault_facts))
            for problem in ImportProblem.objects.filter(run=run).order_by("line", "id")[:MOST_SHOWN]:
                said = describe_problem(problem)
                self.stderr.write(f"{problem.line}\t{problem.column}\t{problem.value}\t{said.wrong} {said.mend}")
        self.stdout.write(
            f"{run.get_state_display()}: {run.lines} lines, {run.fresh} to be made, {run.there} there already, "
            f"{run.wrong} with errors, {run.done} made. {run.encoding}, {run.uuid}"
        )
        if failed and run.wrong:
            failed.write_bytes(b"")
            with failed.open("ab") as lines:
                lines.writelines(failed_lines(run))
        return run


def _read(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while part := stream.read(CHUNK):
            yield part


def _fault(code: str, facts: dict[str, str]) -> str:
    fault = FAULT_BY_CODE[code]
    return f"{fault.sentence} {fault.mend}" % facts
