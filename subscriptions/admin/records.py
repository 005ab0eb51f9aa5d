"""What happened: audit, mails, refused requests. To be read; a mail can be sent again."""

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from subscriptions.access import staff_actor
from subscriptions.admin.audit_facts import AuditFacts
from subscriptions.domain import mails
from subscriptions.models import AuditEvent, Mail, RefusalRecord
from subscriptions.staff_admin import ReadOnlyAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(AuditFacts, ReadOnlyAdmin):
    fields = ("at", "kind", "actor_kind", "actor_name", "tenant", "subject_name", "subject_uuid", "reason", "facts")
    exact = ("uuid", "subject_uuid", "tenant__uuid", "tenant__slug")
    list_display = ("at", "kind", "subject_name", "tenant", "actor_name", "actor_kind", "reason")
    list_filter = ("actor_kind", "kind")
    list_select_related = ("tenant",)
    search_fields = ("subject_name__startswith", "actor_name__startswith", "tenant__name_key__contains")


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    fields = ("kind", "event", "tenant", "receiver", "state", "attempts", "last_error", "queued", "sent", "identity")
    exact = ("uuid", "tenant__uuid", "tenant__slug", "to_company_mailbox", "to_user__email")
    list_display = ("queued", "state", "kind", "receiver_name", "tenant", "sent", "attempts", "last_error")
    list_filter = ("state", "kind")
    list_select_related = ("tenant", "to_user", "event")
    search_fields = ("to_company_name__startswith", "tenant__name_key__contains")
    actions = ("send_again",)

    @admin.display(description=_("to"))
    def receiver_name(self, mail: Mail) -> str:
        return str(mail.to_user or mail.to_company_name)

    @admin.display(description=_("to"))
    def receiver(self, mail: Mail) -> str:
        return str(mail.to_user) if mail.to_user else f"{mail.to_company_name} <{mail.to_company_mailbox}>"

    @admin.action(description=_("Send again"))
    def send_again(self, request, queryset):
        chosen = list(queryset.select_related("tenant", "event")[: self.list_per_page])
        for mail in chosen:
            mails.send_again(mail=mail, by=staff_actor(request.user))
        messages.success(
            request,
            ngettext("%(number)s mail is queued again.", "%(number)s mails are queued again.", len(chosen))
            % {"number": len(chosen)},
        )


@admin.register(RefusalRecord)
class RefusalRecordAdmin(ReadOnlyAdmin):
    fields = ("at", "user", "method", "path", "status", "code")
    exact = ("user__email",)
    list_display = ("at", "user", "method", "path", "status", "code")
    list_filter = ("method",)
    list_select_related = ("user",)
    search_fields = ("path__startswith", "code__startswith")
