"""Requests of organizations to be matched with a partner: staff answer and close them."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.matching import acts as match_requests
from partners.models import MatchRequest
from partners.models.match_request import MatchState
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.staff.acts import StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import FamilyFilter, TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind

add_kind(
    WorkKind(
        label=gettext_lazy("Match requests"),
        hint=gettext_lazy("Organizations that ask for a partner"),
        rows=lambda: MatchRequest.objects.filter(state=MatchState.OPEN),
        since="requested_at",
        list_name="admin:partners_matchrequest_changelist",
        filters="state__exact=open",
        verb=gettext_lazy("Answer %(number)s"),
        who=gettext_lazy("Staff"),
    )
)


class MarkAnswered(StaffAct):
    name = "admin:mark-answered"
    model = MatchRequest
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Mark as answered…")
    title = gettext_lazy("Mark these requests as answered?")

    def act_on(self, row, wanted) -> None:
        match_requests.mark_answered(request=row, by=self.by, reason=wanted["reason"])


class Close(StaffAct):
    name = "admin:close-requests"
    model = MatchRequest
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Close…")
    title = gettext_lazy("Close these requests?")

    def act_on(self, row, wanted) -> None:
        match_requests.close(request=row, by=self.by, reason=wanted["reason"])


@admin.register(MatchRequest)
class MatchRequestAdmin(ReadOnlyAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    group = Group.REQUESTS
    fields = (
        "state",
        "tenant",
        "wish",
        "country",
        "family",
        "language",
        "asked",
        "requested_at",
        "requested_by",
        "closed_at",
        "closed_by",
        "identity",
    )
    exact = ("uuid", "tenant__uuid", "tenant__slug", "asked__partner__number")
    list_display = ("short_wish", "state", "tenant", "asked", "requested_at", "requested_by")
    list_filter = (TenantFilter, by_days("requested_at", gettext_lazy("Requested")), "state", FamilyFilter)
    list_select_related = ("tenant",)
    search_fields = ("tenant__search_text__contains",)
    acts = (MarkAnswered, Close)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("asked__partner")

    @admin.display(description=gettext_lazy("what help is needed"))
    def short_wish(self, row: MatchRequest) -> str:
        return str(row)

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, row: MatchRequest) -> str:
        return formats.join_list(match.partner for match in row.asked.all()) or _("staff alone")
