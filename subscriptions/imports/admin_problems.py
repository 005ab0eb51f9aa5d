"""Lines of imports that have errors: a list of what is wrong with each, and a file of them."""

from typing import Any
from urllib.parse import quote

from django.contrib import admin
from django.http import Http404, StreamingHttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.exports.acts import record_list
from subscriptions.imports.kinds import kinds_read_by
from subscriptions.imports.problems import BY_CODE
from subscriptions.imports.reads import describe_problem
from subscriptions.imports.tables import failed_lines
from subscriptions.models import ImportProblem, ImportRun
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import desk_page
from subscriptions.web.files.csv_rows import CONTENT_TYPE


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
    title = capfirst(ImportProblem._meta.verbose_name_plural or "")
    record_list(name=title, rows=run.wrong, filters="", by=staff_actor(request.user), of=run.uuid)
    response = StreamingHttpResponse(failed_lines(run), content_type=CONTENT_TYPE)
    name = run.file_name.rpartition(".")[0] or run.file_name
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}-errors.csv"
    return response
