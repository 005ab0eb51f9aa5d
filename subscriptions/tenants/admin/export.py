"""Staff take everything that an organization has with them, as a folder of CSV."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from subscriptions.access import StaffPermission
from subscriptions.exports.acts import export_tenant, find_export, is_ready
from subscriptions.exports.tables_archive import archive_name, files_of, zipped
from subscriptions.models import Tenant
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.desk import desk_page
from subscriptions.web.responses import see_other


class ExportTenant(StaffAct):
    """It says who wants the file and why; its answer leads to the file."""

    name = "admin:export-tenant"
    model = Tenant
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = gettext_lazy("Export everything…")
    title = gettext_lazy("Export everything of this organization?")
    button = gettext_lazy("Export")
    most = 1
    archive_url = ""

    def sentences(self) -> list[str]:
        return [
            _("You get a zip with one CSV file for each kind of rows. Times are in UTC."),
            _("It names the organization's own people with their email addresses: pass it on to nobody else."),
            _("It stands in the organization's audit log, with your name and the reason."),
        ]

    def act_on(self, row: Tenant, wanted: Any) -> None:
        event = export_tenant(tenant=row, by=self.by, reason=wanted["reason"])
        self.archive_url = reverse("admin:tenant-archive", args=[event.uuid])

    def announce(self, outcome: list[str]) -> None:
        """The file says it."""

    def destination(self, outcome: list[str]) -> str:
        return self.archive_url or self.back_url


@desk_page("exports/<uuid:uuid>/", name="tenant-archive", staff_permission=StaffPermission.HELP_CUSTOMERS)
@require_safe
def tenant_archive(request, uuid) -> HttpResponseBase:
    """The file of an export that this person has just asked for; later it has to be asked for anew."""
    event = find_export(uuid, user_id=request.user.pk)
    if event is None or event.tenant is None:
        raise Http404
    if not is_ready(event):
        messages.error(request, _("This file was kept for a short while only. Export again, with a reason."))
        return see_other(ExportTenant.url_for([event.tenant.pk]))
    name = archive_name(event.tenant)
    response = StreamingHttpResponse(zipped(files_of(event.tenant), folder=name), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response
