"""Imports: staff bring a file in, read what a dry run found, and have its right lines done."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.base import formats
from subscriptions.imports import acts
from subscriptions.imports.admin_acts import ApplyImport, ImportPage, SetAside, StopImport
from subscriptions.imports.kinds import KINDS, ImportKind, kinds_brought_by, kinds_read_by
from subscriptions.imports.problems import FAULT_BY_CODE
from subscriptions.models import ImportRun
from subscriptions.staff.admin import StaffModelAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.form import StaffForm
from subscriptions.staff.queue import WorkKind, add_kind
from subscriptions.web.files.uploads import LARGER, UPLOADS

MOST_BYTES_OF_UPLOAD = 50 * 1024 * 1024  # larger files come by the command, on the machine itself
UPLOADS["admin:subscriptions_importrun_add"] = MOST_BYTES_OF_UPLOAD
LARGER["admin:subscriptions_importrun_add"] = gettext_lazy(
    "Divide it into several files, each with the line of headers; or ask the operator of the machine to bring it in "
    "there by the command “manage.py import”, which takes larger files."
)

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
        if not file.size:
            empty = FAULT_BY_CODE["empty"]
            raise forms.ValidationError(formats.sentences(empty.sentence, empty.mend), code=empty.code)
        if file.size > MOST_BYTES_OF_UPLOAD:
            large, most = FAULT_BY_CODE["too-large"], {"most": MOST_BYTES_OF_UPLOAD // (1024 * 1024)}
            helps = LARGER["admin:subscriptions_importrun_add"]
            raise forms.ValidationError(formats.sentences(large.sentence % most, helps), code=large.code)
        return file


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
    narrows = True
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
