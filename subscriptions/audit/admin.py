"""What happened: audit, mails, refused requests. To be read; a mail can be sent again."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from subscriptions.access import StaffPermission
from subscriptions.audit.admin_facts import AuditFacts
from subscriptions.models import AuditEvent, JobFailure, RefusalRecord
from subscriptions.models.audit_event import ActorKind
from subscriptions.staff.admin import OfTheOperatorOrACustomer, ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind

add_kind(
    WorkKind(
        label=_("Jobs that failed for a row"),
        hint=_("The portal tries again by itself; what stays here needs a look"),
        rows=JobFailure.objects.all,
        since="since",
        list_name="admin:subscriptions_jobfailure_changelist",
        filters="",
        verb=_("Look at %(number)s"),
        who=_("Staff"),
    )
)


class RecordAdmin(ReadOnlyAdmin):
    """Millions of rows: what is offered to filter or search by has an index, and newest first is the one order."""

    view_permission = StaffPermission.READ_RECORDS
    sortable_by = ()


class RareActorFilter(admin.SimpleListFilter):
    """By those who do little: most events are a member's or the portal's, for which there is no index."""

    title = _("kind of actor")
    parameter_name = "actor_kind"

    def lookups(self, request, model_admin):
        return [(kind.value, kind.label) for kind in (ActorKind.STAFF, ActorKind.PARTNER)]

    def queryset(self, request, queryset):
        return queryset.filter(actor_kind=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(AuditFacts, OfTheOperatorOrACustomer, RecordAdmin):
    group = Group.PROOF
    fields = ("at", "kind", "actor_kind", "said_actor", "tenant", "said_subject", "subject_uuid", "reason", "facts")
    exact = ("uuid", "correlation", "subject_uuid", "tenant__uuid", "tenant__slug", "actor__email")
    list_display = ("at", "kind", "said_subject", "tenant", "said_actor", "actor_kind", "reason")
    list_filter = (TenantFilter, by_days("at", _("When")), RareActorFilter, "kind")
    list_select_related = ("tenant",)
    search_fields = ("subject_name__startswith",)


@admin.register(RefusalRecord)
class RefusalRecordAdmin(RecordAdmin):
    """The address that was asked for names an organization."""

    view_permission = StaffPermission.READ_CUSTOMERS
    group = Group.PROOF
    fields = ("at", "user", "method", "path", "status", "code")
    exact = ("user__email",)
    subject = ""
    list_display = ("at", "user", "method", "path", "status", "code")
    list_select_related = ("user",)
    search_fields = ("path__startswith", "code__startswith")


@admin.register(JobFailure)
class JobFailureAdmin(RecordAdmin):
    fields = ("job", "subject_kind", "subject_uuid", "code", "times", "since", "at")
    exact = ("subject_uuid",)
    subject = "subject_uuid"
    list_display = ("at", "job", "subject_kind", "subject_uuid", "code", "times")
    search_fields = ("job__startswith", "code__startswith")
