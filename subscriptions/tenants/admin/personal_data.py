"""Staff hand out what the portal keeps about a person, and erase it."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from subscriptions.access import StaffPermission, staff_actor
from subscriptions.models import User
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.desk import desk_page
from subscriptions.tenants import personal_data
from subscriptions.verdicts import Verdict
from subscriptions.web.responses import see_other


class ExportPersonalData(StaffAct):
    name = "admin:export-personal-data"
    model = User
    staff_permission = StaffPermission.ERASE_PEOPLE
    label = gettext_lazy("Export personal data…")
    title = gettext_lazy("Export what is kept about this person?")
    button = gettext_lazy("Export")
    most = 1

    def sentences(self) -> list[str]:
        return [
            _("A JSON file with the account and every row that names it. Passwords and other secrets are left out."),
            _("Give it to the person alone: it says in which organizations the person is, and what was done there."),
        ]

    def act_on(self, row: User, wanted: Any) -> None:
        personal_data.record_export(user=row, by=self.by, reason=wanted["reason"])

    def announce(self, outcome: list[str]) -> None:
        """The file says it."""

    def destination(self, outcome: list[str]) -> str:
        return reverse("admin:personal-data", args=[self.rows[0].uuid]) if outcome else self.back_url


class ErasePerson(StaffAct):
    name = "admin:erase-person"
    model = User
    staff_permission = StaffPermission.ERASE_PEOPLE
    label = gettext_lazy("Erase…")
    title = gettext_lazy("Erase this person's account?")
    button = gettext_lazy("Erase")
    dangerous = True
    most = 1

    def may(self) -> Verdict:
        return personal_data.may_erase(self.by, self.rows[0])

    def sentences(self) -> list[str]:
        return [
            _("Export the data first, if the person wants it: this cannot be taken back."),
            _("Email address, password, second factor, sessions, kept forms and waiting invitations go at once."),
            _("The person leaves every organization and partner. The last Global admin of one cannot be erased."),
            _("Names in the history stay as they were. The same address can be invited anew, as a new account."),
        ]

    def act_on(self, row: User, wanted: Any) -> None:
        personal_data.erase(user=row, by=self.by, reason=wanted["reason"])


@desk_page("people/<uuid:uuid>/personal-data/", name="personal-data", staff_permission=StaffPermission.ERASE_PEOPLE)
@require_safe
def download(request, uuid) -> HttpResponse:
    """Only for who has just said why; anybody else is led to the page that asks."""
    user = get_object_or_404(User, uuid=uuid)
    if not personal_data.is_recorded(user, staff_actor(request.user)):
        return see_other(ExportPersonalData.url_for([user.pk]))
    response = JsonResponse(personal_data.collect(user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="personal-data-{user.uuid}.json"'
    return response
