"""What staff do with an import: have its lines done, stop it, set it aside; and what its page shows."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Actor, StaffPermission
from subscriptions.base import formats
from subscriptions.imports import acts
from subscriptions.imports.csv_reader import SEPARATORS
from subscriptions.imports.kinds import KINDS, ImportKind
from subscriptions.imports.reads import describe_fault, describe_problem, kinds_of_problems
from subscriptions.models import ImportProblem, ImportRun
from subscriptions.models.jobs.import_run import ImportState
from subscriptions.staff.acts import StaffAct
from subscriptions.verdicts import Verdict

FIRST_SHOWN = 10


class OneImport(StaffAct):
    """An act on one import, with the verdict that its page shows too."""

    staff_permission = StaffPermission.BRING_IN
    model = ImportRun
    most = 1

    def act_on(self, row: ImportRun, wanted: Any) -> object:
        raise NotImplementedError

    @property
    def back_url(self) -> str:
        """The page of the import, once it is found."""
        (run,) = getattr(self, "rows", None) or [None]
        return reverse("admin:subscriptions_importrun_change", args=[run.pk]) if run else super().back_url


class ApplyImport(OneImport):
    name = "admin:apply-import"
    label = gettext_lazy("Apply…")
    title = gettext_lazy("Have the lines of this file done now?")

    @property
    def button(self) -> str:  # type: ignore[override]
        return ImportPage(self.rows[0], self.by).apply_label

    def sentences(self) -> list[str]:
        (run,) = self.rows
        open_lines = run.fresh - run.done
        told = ngettext("%(number)s line will be done.", "%(number)s lines will be done.", open_lines)
        left = ngettext(
            "%(number)s line has errors and is left out.", "%(number)s lines have errors and are left out.", run.wrong
        )
        return [
            told % {"number": formats.number(open_lines)},
            *([left % {"number": formats.number(run.wrong)}] if run.wrong else []),
            self._mails(KINDS[run.kind]),
        ]

    @staticmethod
    def _mails(kind: type[ImportKind]) -> str:
        if kind.mails:
            return _("Each of these people is mailed an invitation. Who is there already is not.")
        return _("Nobody is mailed. What is there already stays as it is.")

    def may(self) -> Verdict:
        return acts.may_apply(self.by, self.rows[0])

    def act_on(self, row: ImportRun, wanted: Any) -> None:
        acts.apply_import(run=row, by=self.by, reason=wanted["reason"])


class StopImport(OneImport):
    name = "admin:stop-import"
    label = gettext_lazy("Stop…")
    title = gettext_lazy("Stop this import after the lines that are being done?")
    button = gettext_lazy("Stop")

    def sentences(self) -> list[str]:
        return [_("What is done stays. You can go on with the rest later.")]

    def may(self) -> Verdict:
        return acts.may_stop(self.by, self.rows[0])

    def act_on(self, row: ImportRun, wanted: Any) -> None:
        acts.stop_import(run=row, by=self.by, reason=wanted["reason"])


class SetAside(StaffAct):
    name = "admin:set-imports-aside"
    staff_permission = StaffPermission.BRING_IN
    model = ImportRun
    label = gettext_lazy("Set aside…")
    title = gettext_lazy("Is nothing more to be done with these files?")
    button = gettext_lazy("Set aside")

    def sentences(self) -> list[str]:
        return [_("They leave the list of what waits for staff. Their lines with errors stay out.")]

    def act_on(self, row: ImportRun, wanted: Any) -> None:
        acts.set_aside(run=row, by=self.by, reason=wanted["reason"])


class ImportPage:
    """What the page of an import shows, by its state."""

    def __init__(self, run: ImportRun, by: Actor):
        self.run = run
        self.fault = describe_fault(run)
        self.is_running = run.state in acts.RUNNING
        self.is_done = run.state == ImportState.DONE
        self.separator = SEPARATORS.get(run.separator, run.separator)
        self.kind = KINDS[run.kind].label if run.kind in KINDS else run.kind
        self.apply, self.stop = acts.may_apply(by, run), acts.may_stop(by, run)
        self.apply_url, self.stop_url = ApplyImport.url_for([run.pk]), StopImport.url_for([run.pk])
        self.trail_url = self._list("auditevent", correlation=run.uuid)
        self.problems_url = self._list("importproblem", run=run.pk)
        self.file_url = reverse("admin:failed-lines", args=[run.uuid])

    @staticmethod
    def _list(model: str, **filters: int | UUID) -> str:
        asked = urlencode({name: str(value) for name, value in filters.items()})
        return f"{reverse(f'admin:subscriptions_{model}_changelist')}?{asked}"

    @property
    def title(self) -> str:
        name = {"file": self.run.file_name}
        match self.run.state:
            case ImportState.DONE:
                return _("Receipt of %(file)s") % name
            case ImportState.APPLYING | ImportState.STOPPED:
                return _("Import of %(file)s") % name
            case ImportState.UNREADABLE:
                return _("%(file)s cannot be read") % name
        return _("Dry run of %(file)s") % name

    @property
    def open_lines(self) -> int:
        return self.run.fresh - self.run.done

    @property
    def apply_label(self) -> str:
        told = ngettext("Apply %(number)s line", "Apply %(number)s lines", self.open_lines)
        return told % {"number": formats.number(self.open_lines)}

    @property
    def columns(self) -> str:
        return formats.join_list(self.run.taken)

    @property
    def others(self) -> str:
        return formats.join_list(self.run.not_taken)

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """Label, count and address of the most frequent kinds of error."""
        found = kinds_of_problems(self.run)
        return [(label, formats.number(lines), f"{self.problems_url}&code={code}") for code, label, lines in found]

    @property
    def problems(self) -> list[tuple[ImportProblem, Any]]:
        rows = ImportProblem.objects.filter(run=self.run).order_by("line", "id")[:FIRST_SHOWN]
        return [(row, describe_problem(row)) for row in rows]
