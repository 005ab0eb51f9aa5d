"""Settings > Mails: what was sent to the organization's own people and did not arrive."""

from datetime import timedelta

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from subscriptions.access import Permission
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.base import formats
from subscriptions.models import Mail, Tenant
from subscriptions.models.mail import MailKind, MailState
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place

LISTED_FOR = timedelta(days=30)


def missed(tenant: Tenant) -> QuerySet[Mail]:
    """Mails to its people that failed for good within the last 30 days."""
    failed = Mail.objects.filter(tenant=tenant, state=MailState.FAILED, to_user__isnull=False)
    return failed.filter(queued__gte=Now() - LISTED_FOR)


add_attention(
    AttentionKind(
        name="mails-failed",
        urgency=Urgency.NOW,
        told=ngettext_lazy("mail to your people did not arrive", "mails to your people did not arrive", "count"),
        rows=missed,
        day="queued",
        when=_("Since %(day)s"),
        list_name="subscriptions:missed-mails",
        filters="",
        permission=Permission.READ_ADDRESSES,
        verb=_("See mails"),
    )
)


class MissedMails(List[TenantRequest]):
    title, section = _("Mails"), _("Settings")
    subtitle = _("Mails to your people that did not arrive in the last 30 days. Check their addresses with them.")
    caption = _("Mails that did not arrive")
    values = ("kind", "queued", "to_user__name")
    nothing_yet = Empty(NOTHING.sentence, why=_("Every mail to your people has arrived."), icon="mail")
    columns = (
        Column(_("Mail"), lambda row: MailKind(row["kind"]).label),
        Column(_("When"), lambda row: formats.moment(row["queued"]), css="day", place=Place.DAY),
        Column(_("To"), lambda row: cells.name(row["to_user__name"]), place=Place.WHOM),
        Column(_("State"), lambda row: cells.tag("bad", _("Did not arrive")), place=Place.STATE),
    )

    def found(self, wanted: dict) -> QuerySet[Mail]:
        return missed(self.request.tenant)


missed_mails = tenant_page(Permission.READ_ADDRESSES)(MissedMails.view)
