"""What happened: audit, mails, refused requests. To be read; a mail can be sent again."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from subscriptions.audit.admin_facts import AuditFacts
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent, JobFailure, Mail, RefusalRecord
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.mail import MailState
from subscriptions.staff.acts import RowsForm, StaffAct
from subscriptions.staff.admin import ReadOnlyAdmin
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.queue import WorkKind, add_kind

add_kind(
    WorkKind(
        label=_("Mails that failed"),
        hint=_("Nobody got them, and the portal tries no more by itself"),
        rows=lambda: Mail.objects.filter(state=MailState.FAILED),
        since="queued",
        list_name="admin:subscriptions_mail_changelist",
        filters="state__exact=failed",
        verb=_("Look at %(number)s"),
        who=_("Staff"),
    )
)
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
class AuditEventAdmin(AuditFacts, RecordAdmin):
    group = Group.PROOF
    fields = ("at", "kind", "actor_kind", "actor_name", "tenant", "subject_name", "subject_uuid", "reason", "facts")
    exact = ("uuid", "subject_uuid", "tenant__uuid", "tenant__slug", "actor__email")
    list_display = ("at", "kind", "subject_name", "tenant", "actor_name", "actor_kind", "reason")
    list_filter = (TenantFilter, by_days("at", _("When")), RareActorFilter, "kind")
    list_select_related = ("tenant",)
    search_fields = ("subject_name__startswith",)


class SendAgain(StaffAct):
    name = "admin:send-again"
    model = Mail
    label = _("Send again…")
    title = _("Send these mails again?")
    button = _("Send again")
    form_class = RowsForm

    def act_on(self, row, wanted) -> None:
        mails.send_again(mail=row, by=self.by)


@admin.register(Mail)
class MailAdmin(RecordAdmin):
    group = Group.PROOF
    fields = ("kind", "event", "tenant", "receiver", "state", "attempts", "last_error", "queued", "sent", "identity")
    exact = ("uuid", "tenant__uuid", "tenant__slug", "to_user__email")
    list_display = ("queued", "state", "kind", "receiver_name", "tenant", "sent", "attempts", "last_error")
    list_filter = (TenantFilter, by_days("queued", _("Queued")), "state", "kind")
    list_select_related = ("tenant", "to_user", "event")
    search_fields = ("to_company_mailbox__startswith",)
    acts = (SendAgain,)

    @admin.display(description=_("to"))
    def receiver_name(self, mail: Mail) -> str:
        return str(mail.to_user or mail.to_company_name)

    @admin.display(description=_("to"))
    def receiver(self, mail: Mail) -> str:
        return str(mail.to_user) if mail.to_user else f"{mail.to_company_name} <{mail.to_company_mailbox}>"


@admin.register(RefusalRecord)
class RefusalRecordAdmin(RecordAdmin):
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
