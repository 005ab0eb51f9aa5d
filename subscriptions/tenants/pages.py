"""Settings > People: who belongs to the organization, and a new sign-in for who cannot get in."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.base.search import find_in
from subscriptions.models import Membership
from subscriptions.models.tenant import Role
from subscriptions.tenants import sign_ins
from subscriptions.verdicts import Verdict
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import PeopleFilterForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key
from subscriptions.web.tenant_acts import TenantAct

COLUMNS = ("id", "uuid", "role", "user__name", "user__name_key", "user__is_active")


@tenant_page(Permission.READ_PEOPLE)
def people(request: TenantRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    rows = Membership.objects.filter(tenant=request.tenant)
    if form.is_valid() and form.cleaned_data["q"]:
        rows = rows.filter(find_in(form.cleaned_data["q"], "user__name_key"))
    page = page_by_key(rows.values(*COLUMNS), Sort("user__name_key"), request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "page": page,
        "people": [_shown(request, row) for row in page.rows],
        "may_reset": request.actor.may(Permission.RESET_SIGN_IN),
        "breadcrumbs": [(_("Settings"), None), (_("People"), None)],
    }
    return render(request, "subscriptions/people.html", context, status=422 if form.errors else 200)


def _shown(request: TenantRequest, row: dict) -> dict:
    return {
        "uuid": row["uuid"],
        "name": row["user__name"],
        "role": Role(row["role"]).label,
        "is_active": row["user__is_active"],
        "url": reverse("subscriptions:sign-in-reset", args=[request.tenant.slug, row["uuid"]]),
        "verdict": sign_ins.may_reset_sign_in(request.actor, role=row["role"], is_active=row["user__is_active"]),
    }


class ResetSignIn(TenantAct):
    name = "subscriptions:sign-in-reset"
    permission = Permission.RESET_SIGN_IN
    button = gettext_lazy("Reset sign-in")
    membership: Membership

    def find(self) -> None:
        rows = Membership.objects.with_person()
        self.membership = get_object_or_404(rows, tenant=self.tenant, uuid=self.address["uuid"])

    def may(self) -> Verdict:
        person = self.membership
        return sign_ins.may_reset_sign_in(self.by, role=person.role, is_active=person.user.is_active)

    @property
    def person(self) -> dict[str, str]:
        return {"name": self.membership.user.name}

    @property
    def title(self):  # type: ignore[override]
        return _("Reset the sign-in of %(name)s?") % self.person

    def sentences(self):
        return [
            _(
                "%(name)s is sent a mail with a link for a new password. The link works once and for an hour; "
                "you do not see it."
            )
            % self.person,
            _(
                "The password of today works until the link is used. The mail says who asked for it, and the audit "
                "log does too."
            ),
        ]

    def limits(self):
        return [sign_ins.limit_of_resets(self.membership)]

    def do(self, wanted):
        return sign_ins.reset_sign_in(tenant=self.tenant, membership=self.membership, by=self.by)

    def done(self, outcome):
        return _("%(name)s is sent a mail with a link for a new password.") % self.person

    @property
    def back_url(self):
        return self.url_of("subscriptions:people", slug=self.tenant.slug)

    def breadcrumbs(self):
        return [(_("Settings"), None), (_("People"), self.back_url), (self.membership.user.name, None)]
