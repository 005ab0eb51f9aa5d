"""Mails, as their readers got them: staff read what became of each and send one again."""

from csp.constants import SELF
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from subscriptions.access import StaffPermission
from subscriptions.audit.admin import RecordAdmin
from subscriptions.mails import acts as mails
from subscriptions.mails.as_read import as_read
from subscriptions.models import Mail
from subscriptions.models.mail import MailState
from subscriptions.staff.acts import RowsForm, StaffAct
from subscriptions.staff.desk import Group
from subscriptions.staff.filters import TenantFilter, by_days
from subscriptions.staff.form import KEY
from subscriptions.staff.queue import WorkKind, add_kind

FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
MOST_TRIES = 25
MOST_BESIDE = 10
LANGUAGES = dict(settings.LANGUAGES)
TAGS = {MailState.QUEUED: "warn", MailState.HELD: "info", MailState.SENT: "ok", MailState.FAILED: "bad"}

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


class SendAgain(StaffAct):
    name = "admin:send-again"
    model = Mail
    staff_permission = StaffPermission.SEND_MAILS
    label = _("Send again…")
    title = _("Send these mails again?")
    button = _("Send again")
    form_class = RowsForm

    def act_on(self, row, wanted) -> None:
        mails.send_again(mail=row, by=self.by)


@admin.register(Mail)
class MailAdmin(RecordAdmin):
    """They tell of customers, each word of them."""

    view_permission = StaffPermission.READ_CUSTOMERS
    group = Group.PROOF
    fields = ("kind", "event", "tenant", "receiver", "state", "attempts", "last_error", "queued", "sent", "identity")
    exact = ("uuid", "tenant__uuid", "tenant__slug", "to_user__email")
    list_display = ("queued", "state", "kind", "receiver_name", "tenant", "sent", "attempts", "last_error")
    list_filter = (TenantFilter, by_days("queued", _("Queued")), "state", "kind")
    list_select_related = ("tenant", "to_user", "invitation", "event")
    search_fields = ("to_company_mailbox__startswith",)
    acts = (SendAgain,)

    def get_urls(self):
        html = self.admin_site.admin_view(require_safe(self.html))
        return [path("<path:object_id>/html/", html, name="subscriptions_mail_html"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The mail itself, in place of a form of its row."""
        mail = self._find(object_id) if request.method != "POST" else None
        if mail is None:
            return super().change_view(request, object_id, form_url, extra_context)
        read = as_read(mail)
        tries = list(mail.tries.order_by("-id")[:MOST_TRIES])
        context = {
            **self.admin_site.each_context(request),
            "title": read.subject,
            "crumbs": [(capfirst(self.opts.verbose_name_plural), reverse("admin:subscriptions_mail_changelist"))],
            "mail": mail,
            "read": read,
            "tag": TAGS[MailState(mail.state)],
            "language": LANGUAGES[read.language],
            "tries": tries,
            "last": tries[0] if tries else None,
            "acts": self.acts_on(request, mail),
            "beside": list(_of_same_event(mail)),
            "in_html": "html" in request.GET and bool(read.html),
        }
        response = TemplateResponse(request, "admin/mail.html", context)
        if context["in_html"]:
            response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # as csp's decorator does
        return response

    def html(self, request, object_id) -> HttpResponse:
        """The mail's HTML alone, which may load and run nothing, for the frame on its page."""
        mail = self._find(object_id)
        read = as_read(mail) if mail else None
        if not read or not read.html:
            raise Http404
        headers = {"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"}
        return HttpResponse(read.html, headers=headers)

    def _find(self, object_id: str) -> Mail | None:
        key = unquote(object_id)
        mails_with = Mail.objects.select_related("tenant", "event", "to_user", "invitation")
        return mails_with.filter(pk=key).first() if KEY.fullmatch(key) else None

    @admin.display(description=_("to"))
    def receiver_name(self, mail: Mail) -> str:
        return mail.receiver_name

    @admin.display(description=_("to"))
    def receiver(self, mail: Mail) -> str:
        mailbox = mail.to_company_mailbox
        return f"{mail.receiver_name} <{mailbox}>" if mailbox else mail.receiver_name


def _of_same_event(mail: Mail) -> QuerySet[Mail]:
    """The other mails that tell of it."""
    beside = Mail.objects.filter(event=mail.event_id, event__isnull=False).exclude(pk=mail.pk)
    return beside.select_related("to_user", "invitation").order_by("id")[:MOST_BESIDE]
