"""Requests for help: staff answer and close them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.help import acts
from subscriptions.models import HelpRequest
from subscriptions.staff.acts import ReasonForm, ask_and_act
from subscriptions.staff.admin import ReadOnlyAdmin


class AnswerForm(ReasonForm):
    """The answer is what the person reads."""

    reason = forms.CharField(
        label=gettext_lazy("Answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("The person reads it by mail and under Help. It stands in the audit trail."),
    )


@admin.register(HelpRequest)
class HelpRequestAdmin(ReadOnlyAdmin):
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
    list_filter = ("state", "topic")
    list_select_related = ("tenant", "user")
    search_fields = ("user__name_key__contains",)
    actions = ("answer", "close_requests")

    @admin.display(description=gettext_lazy("what is needed"))
    def short_text(self, row: HelpRequest) -> str:
        return str(row)

    @admin.action(description=gettext_lazy("Answer…"))
    def answer(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("tenant"),
            title=_("Answer these requests?"),
            form_class=AnswerForm,
            act=lambda row, wanted, by: acts.answer(request=row, text=wanted["reason"], by=by),
        )

    @admin.action(description=gettext_lazy("Close…"))
    def close_requests(self, request, queryset):
        return ask_and_act(
            self,
            request,
            queryset.select_related("tenant"),
            title=_("Close these requests?"),
            act=lambda row, wanted, by: acts.close(request=row, by=by, reason=wanted["reason"]),
        )
