"""Imports: staff bring a file in, read what a dry run found, and have its right lines done."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Actor, StaffPermission, staff_actor
from subscriptions.base import formats
from subscriptions.imports import acts
from subscriptions.imports.csv_reader import SEPARATORS
from subscriptions.imports.files import MOST_BYTES_OF_FILE
from subscriptions.imports.kinds import KINDS, ImportKind, kinds_brought_by, kinds_read_by
from subscriptions.imports.problems import BY_CODE, FAULT_BY_CODE
from subscriptions.imports.reads import describe_fault, describe_problem, kinds_of_problems
from subscriptions.imports.tables import failed_lines
from subscriptions.models import ImportProblem, ImportRun
from subscriptions.models.jobs.import_run import ImportState
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin, StaffModelAdmin
from subscriptions.staff.desk import Group, desk_page
from subscriptions.staff.form import StaffForm
from subscriptions.staff.queue import WorkKind, add_kind
from subscriptions.verdicts import Verdict
from subscriptions.web.files.csv_rows import CONTENT_TYPE
from subscriptions.web.files.uploads import UPLOADS

FIRST_SHOWN = 10
UPLOADS["admin:subscriptions_importrun_add"] = MOST_BYTES_OF_FILE

add_kind(
    WorkKind(
        label=gettext_lazy("Imports"),
        hint=gettext_lazy("Files with errors, or lines that wait to be applied"),
        rows=lambda: ImportRun.objects.filter(is_open=True),
        since="uploaded_at",
        list_name="admin:subscriptions_importrun_changelist",
        filters="is_open__exact=1",
        verb=gettext_lazy("Look at %(number)s"),
        who=gettext_lazy("Staff"),
    )
)


class ImportForm(StaffForm):
    kinds: Sequence[type[ImportKind]] = ()

    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=gettext_lazy("CSV with a line of headers. First it is only looked at: nothing is changed."),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            choices = [(kind.name, kind.label) for kind in self.kinds]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        fault = FAULT_BY_CODE["too-large"] if file.size > MOST_BYTES_OF_FILE else None
        fault = fault if file.size else FAULT_BY_CODE["empty"]
        if fault:
            most = {"most": MOST_BYTES_OF_FILE // (1024 * 1024)}
            raise forms.ValidationError(formats.sentences(fault.sentence % most, fault.mend), code=fault.code)
        return file


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


@admin.register(ImportRun)
class ImportAdmin(StaffModelAdmin):
    view_permission = StaffPermission.READ_RECORDS
    change_permission = StaffPermission.BRING_IN
    form = ImportForm
    may_change = False
    add_form_template = "admin/subscriptions/importrun/add.html"
    change_form_template = "admin/subscriptions/importrun/page.html"
    group = Group.RUNNING
    place = 2
    fields = ("file_name", "kind", "state", "identity")
    exact = ("uuid", "digest")
    list_display = (
        "file_name",
        "kind_label",
        "state",
        "lines",
        "done",
        "there",
        "wrong",
        "uploaded_at",
        "uploaded_by",
    )
    list_filter = ("state", "is_open")
    search_fields = ("file_name__startswith",)
    ordering = ("-id",)
    acts = (ApplyImport, StopImport, SetAside)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).filter(kind__in=kinds_read_by(staff_actor(request.user)))

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With the kinds that this person may bring in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        own = kinds_brought_by(staff_actor(request.user))
        return type(form.__name__, (form,), {"kinds": [KINDS[name] for name in own]})

    def get_fields(self, request: HttpRequest, obj: ImportRun | None = None) -> Any:
        return self.fields if obj else ("kind", "file")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        return super().add_view(request, form_url, {"kinds": list(KINDS.values()), **(extra_context or {})})

    def save_model(self, request: Any, obj: ImportRun, form: Any, change: bool) -> None:
        file = form.cleaned_data["file"]
        acts.bring_in(
            run=obj,
            content=file.chunks(),
            file_name=file.name,
            language=translation.get_language() or "en",
            by=staff_actor(request.user),
        )

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        """Nothing is changed yet; what is applied stands in the audit trail."""

    def response_add(self, request: HttpRequest, obj: ImportRun, post_url_continue: Any = None) -> Any:
        return redirect("admin:subscriptions_importrun_change", obj.pk)

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        if context["original"] is not None:
            context["page"] = page = ImportPage(context["original"], staff_actor(request.user))
            context["title"] = page.title
            crumbs = reverse("admin:subscriptions_importrun_changelist")
            context["crumbs"] = [(capfirst(self.opts.verbose_name_plural), crumbs)]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=gettext_lazy("kind"))
    def kind_label(self, run: ImportRun) -> str:
        return str(KINDS[run.kind].label) if run.kind in KINDS else run.kind


class CodeFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind of error")
    parameter_name = "code"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, wrong.label) for code, wrong in BY_CODE.items()]

    def queryset(self, request: Any, queryset: Any) -> Any:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(ImportProblem)
class ImportProblemAdmin(ReadOnlyAdmin):
    """Reached from the page of an import, so it is no line of the navigation."""

    view_permission = StaffPermission.READ_RECORDS

    fields = ("run", "line", "column", "value", "what", "mend")
    exact = ("run",)
    subject = "run.uuid"
    list_display = ("line", "column", "value", "what", "mend")
    list_filter = (CodeFilter,)
    search_fields = ("column__startswith",)
    ordering = ("run_id", "line", "id")
    sortable_by = ()

    def has_module_permission(self, request: Any) -> bool:
        return False

    def get_queryset(self, request: Any) -> Any:
        kinds = kinds_read_by(staff_actor(request.user))
        return super().get_queryset(request).filter(run__kind__in=kinds)

    @admin.display(description=gettext_lazy("what is wrong"))
    def what(self, row: ImportProblem) -> str:
        return describe_problem(row).wrong

    @admin.display(description=gettext_lazy("how to mend it"))
    def mend(self, row: ImportProblem) -> str:
        return describe_problem(row).mend


@desk_page("imports/<uuid:uuid>/errors.csv", name="failed-lines", staff_permission=StaffPermission.READ_RECORDS)
def failed_lines_file(request: Any, uuid: Any) -> StreamingHttpResponse:
    """Read while it is sent, in scopes of its own."""
    kinds = kinds_read_by(staff_actor(request.user))
    run = ImportRun.objects.filter(uuid=uuid, kind__in=kinds).exclude(encoding="").first()
    if run is None:
        raise Http404
    response = StreamingHttpResponse(failed_lines(run), content_type=CONTENT_TYPE)
    name = run.file_name.rpartition(".")[0] or run.file_name
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}-errors.csv"
    return response
