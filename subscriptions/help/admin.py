"""Requests for help: staff answer and close them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from subscriptions.access import StaffPermission
from subscriptions.help import acts
from subscriptions.models import HelpRequest
from subscriptions.models.help_request import HelpState
from subscriptions.staff.acts import ReasonForm, StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind

add_kind(
    WorkKind(
        label=gettext_lazy("Requests for help"),
        hint=gettext_lazy("People who wait for an answer"),
        rows=lambda: HelpRequest.objects.filter(state=HelpState.OPEN),
        since="requested_at",
        list_name="admin:subscriptions_helprequest_changelist",
        filters="state__exact=open",
        verb=gettext_lazy("Answer %(number)s"),
        who=gettext_lazy("Staff"),
    )
)


class AnswerForm(ReasonForm):
    """The answer is what the person reads."""

    reason = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The person reads it by mail and under Help. It stands in the audit trail."),
    )


class Answer(StaffAct):
    name = "admin:answer-help"
    model = HelpRequest
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = gettext_lazy("Answer…")
    title = gettext_lazy("Answer these requests?")
    form_class = AnswerForm

    def act_on(self, row, wanted) -> None:
        acts.answer(request=row, text=wanted["reason"], by=self.by)


class Close(StaffAct):
    name = "admin:close-help"
    model = HelpRequest
    staff_permission = StaffPermission.HELP_CUSTOMERS
    label = gettext_lazy("Close…")
    title = gettext_lazy("Close these requests?")

    def act_on(self, row, wanted) -> None:
        acts.close(request=row, by=self.by, reason=wanted["reason"])


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnlyAdmin):
    view_permission = StaffPermission.READ_CUSTOMERS
    group = Group.REQUESTS
    fields = (
        "state",
        "user",
        "tenant",
        "partner",
        "topic",
        "text",
        "page",
        "requested_at",
        "requested_by",
        "answer",
        "answered_at",
        "answered_by",
        "closed_at",
        "closed_by",
        "identity",
    )
    exact = ("uuid", "user__email", "tenant__uuid", "tenant__slug")
    list_display = ("short_text", "state", "topic", "tenant", "partner", "requested_at", "requested_by")
    list_filter = (TenantFilter, by_days("requested_at", gettext_lazy("Requested")), "state", "topic")
    list_select_related = ("tenant", "user")
    search_fields = ("user__name_key__contains",)
    acts = (Answer, Close)

    @admin.display(description=gettext_lazy("what is needed"))
    def short_text(self, row: HelpRequest) -> str:
        return str(row)
