"""Settings: whether the operator's staff may look at the organization's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.tenants.viewing import let_staff_view
from subscriptions.web.forms import KeyForm
from subscriptions.web.tenant_acts import TenantAct

YES, NO = "yes", "no"


class LetStaffViewForm(KeyForm):
    allowed = forms.ChoiceField(
        label=gettext_lazy("May staff look at your pages?"),
        widget=forms.RadioSelect,
        choices=[
            (YES, gettext_lazy("Yes: they say why, you are mailed, and they change nothing")),
            (NO, gettext_lazy("No: only while a request for help of a Global admin lets them")),
        ],
    )


class LetStaffView(TenantAct):
    name = "subscriptions:staff-view"
    permission = Permission.LET_STAFF_VIEW
    title = gettext_lazy("Staff looking at your pages")
    button = gettext_lazy("Save")
    form_class = LetStaffViewForm

    def initial(self) -> dict[str, Any]:
        return {"allowed": YES if self.tenant.staff_may_view else NO}

    def sentences(self) -> list[str]:
        return [
            _(
                "The operator's staff can look at your organization's pages as one of your people sees them, for 30 "
                "minutes and without changing anything. Each time stands in your audit log with the reason, and your "
                "Global admins are mailed."
            ),
            _(
                "Without this, a Global admin lets them look by asking for help with the topic “Staff may look at "
                "our pages”, until the request is answered or closed."
            ),
        ]

    def do(self, wanted: Any) -> Any:
        return let_staff_view(tenant=self.tenant, allowed=wanted["allowed"] == YES, by=self.by)

    def done(self, outcome: Any) -> str:
        if self.tenant.staff_may_view:
            return _("Staff may look at your pages.")
        return _("Staff may look at your pages only where a request for help lets them.")

    @property
    def back_url(self) -> str:
        return self.url_of("subscriptions:members", slug=self.tenant.slug)

    def breadcrumbs(self) -> list:
        return [(_("Settings"), None), (_("Members"), self.back_url), (self.title, None)]
