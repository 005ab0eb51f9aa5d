"""Requests of organizations to be released by their reseller: staff follow up, and answer in the reseller's place."""

from datetime import timedelta

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy

from partners.models import ReleaseRequest
from partners.models.release_request import ReleaseRequestQuerySet
from partners.relationships.managed import blocking
from partners.relationships.releases import acts as release_requests
from subscriptions.access import StaffPermission
from subscriptions.base import formats
from subscriptions.base.markup import join_markup, markup
from subscriptions.staff.acts import StaffAct, ToldReasonForm
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind
from subscriptions.web.paging import capped

OPEN, OVERDUE, ESCALATED, FOR_STAFF = "open", "overdue", "escalated", "staff"


def wait_for_staff(requests: ReleaseRequestQuerySet) -> ReleaseRequestQuerySet:
    """Those that the reseller has not answered in time, and those that it cannot answer any more."""
    return requests.with_overdue().open().filter(Q(overdue=True) | Q(escalated_on__isnull=False))


add_kind(
    WorkKind(
        label=gettext_lazy("Release requests overdue"),
        hint=gettext_lazy("The reseller has not answered in time: staff answer in its place"),
        rows=lambda: wait_for_staff(ReleaseRequest.objects.all()),
        since="due_on",
        list_name="admin:partners_releaserequest_changelist",
        filters=f"attention={FOR_STAFF}",
        verb=gettext_lazy("Answer %(number)s"),
        who=gettext_lazy("Staff"),
        late_after=timedelta(0),
    )
)


class AttentionFilter(admin.SimpleListFilter):
    title = gettext_lazy("attention")
    parameter_name = "attention"

    def lookups(self, request, model_admin):
        return (
            (OPEN, gettext_lazy("Waiting for an answer")),
            (OVERDUE, gettext_lazy("Overdue")),
            (ESCALATED, gettext_lazy("Handed to staff and open")),
            (FOR_STAFF, gettext_lazy("Waiting for staff")),
        )

    def queryset(self, request, queryset):
        if self.value() == OPEN:
            return queryset.open()
        if self.value() == OVERDUE:
            return queryset.filter(overdue=True)
        if self.value() == FOR_STAFF:
            return wait_for_staff(queryset)
        return queryset.open().filter(escalated_on__isnull=False) if self.value() == ESCALATED else queryset


class Release(StaffAct):
    name = "admin:release-on-behalf"
    second_person = "release"
    model = ReleaseRequest
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Release on the reseller's behalf…")
    title = gettext_lazy("Release these organizations in the reseller's place?")
    form_class = ToldReasonForm

    def act_on(self, row, wanted) -> None:
        release_requests.release(tenant=row.tenant, request=row, by=self.by, reason=wanted["reason"])


class Decline(StaffAct):
    name = "admin:decline-on-behalf"
    model = ReleaseRequest
    staff_permission = StaffPermission.KEEP_PARTNERS
    label = gettext_lazy("Decline on the reseller's behalf…")
    title = gettext_lazy("Decline these requests in the reseller's place?")
    form_class = ToldReasonForm

    def act_on(self, row, wanted) -> None:
        release_requests.decline(tenant=row.tenant, request=row, by=self.by, reason=wanted["reason"])


@admin.register(ReleaseRequest)
class ReleaseRequestAdmin(ReadOnlyAdmin):
    view_permission = StaffPermission.READ_PARTNERS
    group = Group.REQUESTS
    fields = (
        "state",
        "is_overdue",
        "tenant",
        "partner",
        "relationship",
        "reason",
        "due_on",
        "blocking",
        "sent_at",
        "sent_by",
        "escalated_on",
        "closed_at",
        "closed_by",
        "decline_reason",
        "timeline",
        "identity",
    )
    exact = ("uuid", "tenant__uuid", "tenant__slug", "partner__number")
    list_display = ("tenant", "state", "partner", "is_overdue", "due_on", "escalated_on", "sent_at")
    list_filter = (AttentionFilter, TenantFilter, by_days("sent_at", gettext_lazy("Sent")), "state")
    list_select_related = ("tenant", "partner")
    search_fields = ("tenant__search_text__contains", "partner__search_text__contains")
    acts = (Release, Decline)

    def get_queryset(self, request):
        return ReleaseRequest.objects.with_overdue()

    @admin.display(description=gettext_lazy("overdue"))
    def is_overdue(self, row) -> bool:
        return row.overdue

    @admin.display(description=gettext_lazy("active subscriptions that it manages"))
    def blocking(self, row: ReleaseRequest) -> str:
        return capped(blocking(row.tenant, row.partner).total)

    @admin.display(description=gettext_lazy("what happened"))
    def timeline(self, row: ReleaseRequest) -> str:
        steps = (
            (formats.moment(step.at), formats.join_facts(step.get_kind_display(), step.by, step.note))
            for step in row.steps.all()
        )
        return join_markup(markup("{}{}{}<br>", at, formats.mark(": "), said) for at, said in steps)
