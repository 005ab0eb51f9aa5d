"""Staff suspend an organization, close it, and open it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.models import Tenant
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.tenants import closing
from subscriptions.tenants.admin.export import ExportTenant
from subscriptions.verdicts import Verdict


class MailedReasonForm(ReasonForm):
    """The reason leaves the house."""

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.fields["reason"].help_text = _("Its Global admins are mailed it. It stands in the audit trail.")


class CloseForm(MailedReasonForm):
    has_data = forms.BooleanField(
        label=gettext_lazy("The organization has an export of its data, or has said that it wants none"),
    )
    field_order = ("has_data", "reason")

    def __init__(self, data: Any = None, **kwargs: Any):
        super().__init__(data, **kwargs)
        export_url = ExportTenant.url_for([row.pk for row in self.rows])
        link = '<a href="{}">{}</a>'
        self.fields["has_data"].help_text = markup(link, export_url, _("Export everything of it first"))


class SuspendOrganization(StaffAct):
    name = "admin:suspend-organization"
    model = Tenant
    staff_permission = StaffPermission.CLOSE_CUSTOMERS
    label = gettext_lazy("Suspend…")
    title = gettext_lazy("Suspend this organization?")
    button = gettext_lazy("Suspend")
    form_class = MailedReasonForm
    dangerous = True
    most = 1

    def may(self) -> Verdict:
        return closing.may_suspend(self.by, self.rows[0])

    def sentences(self) -> list[str]:
        return [
            _("Its people can sign in and read all of it. Nothing can be changed there, nor by a partner."),
            _("Subscriptions run on and are billed; partners keep their credit, and relationships run on."),
            _("Partners see that it is suspended, and can send it no offer."),
            _("It can be lifted at any time."),
        ]

    def act_on(self, row: Tenant, wanted: Any) -> None:
        closing.suspend(tenant=row, by=self.by, reason=wanted["reason"])


class CloseOrganization(StaffAct):
    name = "admin:close-organization"
    model = Tenant
    staff_permission = StaffPermission.CLOSE_CUSTOMERS
    label = gettext_lazy("Close…")
    title = gettext_lazy("Close this organization?")
    button = gettext_lazy("Close")
    form_class = CloseForm
    dangerous = True
    most = 1

    def may(self) -> Verdict:
        return closing.may_close(self.by, self.rows[0])

    def sentences(self) -> list[str]:
        kept = {"day": formats.day(closing.last_day_of(self.rows[0])), "days": closing.KEPT_DAYS}
        return [
            _("Give it its data first: once it is closed, its people cannot read anything."),
            _("Every subscription that runs ends today, also one that a reseller manages. Waiting invitations end."),
            _("Partners keep their credit until the subscription is deleted, as after any other end."),
            _("It is kept for %(days)s days, until %(day)s, and can be opened again until then.") % kept,
            _("Then its members, names and texts are deleted; history of money and the audit trail stay."),
        ]

    def act_on(self, row: Tenant, wanted: Any) -> None:
        closing.close(tenant=row, by=self.by, reason=wanted["reason"])


class ReopenOrganization(StaffAct):
    name = "admin:reopen-organization"
    model = Tenant
    staff_permission = StaffPermission.CLOSE_CUSTOMERS
    label = gettext_lazy("Open again…")
    title = gettext_lazy("Open this organization again?")
    button = gettext_lazy("Open again")
    form_class = MailedReasonForm
    most = 1

    def may(self) -> Verdict:
        return closing.may_reopen(self.by, self.rows[0])

    def sentences(self) -> list[str]:
        return [
            _("Its people and its partners' people can do there what they could before."),
            _("Subscriptions that its closing has ended stay ended; its admins can reactivate them in time."),
        ]

    def act_on(self, row: Tenant, wanted: Any) -> None:
        closing.reopen(tenant=row, by=self.by, reason=wanted["reason"])


CLOSING = (SuspendOrganization, CloseOrganization, ReopenOrganization)
