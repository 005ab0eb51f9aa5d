"""My account > My data: a person takes what the portal keeps about it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from subscriptions.access import Actor
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import ActorKind
from subscriptions.tenants import personal_data
from subscriptions.web.acts import Crumb
from subscriptions.web.page_access import person_page
from subscriptions.web.recent_sign_in import needs_recent_sign_in
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import PersonAct


class TakeOwnData(PersonAct):
    """It says that the data leaves the portal; its answer leads to the file."""

    name = "own-data"
    is_keyed = True
    title = gettext_lazy("Download my data")
    button = gettext_lazy("Download")

    @classmethod
    def view(cls) -> Callable[..., HttpResponse]:
        return needs_recent_sign_in(super().view())  # type: ignore[return-value]

    def find(self) -> None:
        user = self.request.user
        self.by = Actor(kind=ActorKind.MEMBER, name=user.name, user_id=user.pk)

    def sentences(self) -> list[str]:
        return [
            _("A JSON file with your account and every row that names you. Passwords and secrets are left out."),
            _("The file can be downloaded for 10 minutes. That you took it stands in the operator's audit trail."),
            _("To have your account erased, ask staff under Help."),
        ]

    def limits(self) -> list[Limit]:
        return limits_of("own-data", person=self.request.user.pk)

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return personal_data.record_own_export(user=self.request.user, by=self.by)

    def destination(self, outcome: AuditEvent) -> str:
        return reverse("own-data-file")

    @property
    def back_url(self) -> str:
        return reverse("account")

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("My account"), self.back_url), (self.title, None)]


@require_safe
@needs_recent_sign_in
@person_page
def own_data_file(request: Any) -> HttpResponse:
    """Only for who has just asked for it; anybody else is led to the page that does."""
    user = request.user
    if not personal_data.is_taken(user):
        return see_other(reverse(TakeOwnData.name))
    response = JsonResponse(personal_data.collect(user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{user.uuid}.json"'
    return response
