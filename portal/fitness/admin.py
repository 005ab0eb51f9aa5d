"""Fit to serve: what `manage.py check --deploy` says, as a page of staff."""

from django.contrib import admin
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.fitness.table import COMMAND, fitness
from subscriptions.access import StaffPermission
from subscriptions.staff.desk import Group, desk_page


@desk_page(
    "fit/", name="fit", staff_permission=StaffPermission.READ_RECORDS, label=_("Fit to serve"), group=Group.RUNNING
)
@require_safe
def fit_to_serve(request) -> TemplateResponse:
    """What is known from the last half a minute, unless it is to be asked again."""
    context = admin.site.each_context(request) | {
        "title": _("Fit to serve"),
        "fitness": fitness(afresh="again" in request.GET),
        "command": COMMAND,
    }
    return TemplateResponse(request, "admin/fit.html", context)
