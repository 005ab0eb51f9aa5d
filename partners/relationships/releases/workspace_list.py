"""Workspace > Release requests: the organizations that ask this reseller to end their relationship."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.access import PartnerRequest, partner_page
from partners.models import ReleaseRequest
from partners.relationships.releases.forms import OPEN, OVERDUE, ReleaseFilterForm
from partners.relationships.releases.page_parts import RESELLER_READS, state_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column


def _state(row: dict) -> SafeString:
    return cells.together(cells.tag(row["tag"], row["state"]), cells.warning(_("Overdue")) if row["overdue"] else "")


def _who_acts(row: dict) -> SafeString:
    return cells.together(row["who_acts"], *([" ", cells.muted(row["staff_act"])] if row["staff_act"] else []))


class ReleaseRequestList(List[PartnerRequest]):
    title = _("Release requests")
    subtitle = _("Organizations that ask you, their reseller, to remove the relationship.")
    form_class = ReleaseFilterForm
    filter_label = _("Filter release requests")
    values = ("uuid", "tenant__name", "state", "sent_at", "due_on", "escalated_on", "overdue")
    none_matches = Empty(_("No release request matches these filters."))
    nothing_yet = Empty(
        NOTHING.sentence, why=_("No organization has asked you to remove the relationship."), icon="handshake"
    )
    columns = (
        Column(_("Organization"), lambda row: cells.link(row["url"], cells.name(row["tenant__name"]))),
        Column(_("State"), _state),
        Column(_("Who must act"), _who_acts),
        Column(_("Answer until"), lambda row: formats.day(row["due_on"]), css="day"),
        Column(pgettext_lazy("moment", "Sent"), lambda row: formats.day(row["sent_at"]), css="day"),
    )

    def found(self, wanted: dict) -> QuerySet:
        rows, state = ReleaseRequest.objects.of_partner(self.request.partner).with_overdue(), wanted["state"]
        if state == OPEN:
            return rows.open()
        if state == OVERDUE:
            return rows.filter(overdue=True)
        return rows.filter(state=state) if state else rows

    def describe(self, row: dict) -> dict:
        url = reverse("workspace:release-request", args=[self.request.partner.number, row["uuid"]])
        escalated, overdue = bool(row["escalated_on"]), row["overdue"]
        return row | {"url": url} | state_of(row["state"], RESELLER_READS, escalated=escalated, overdue=overdue)


release_request_list = partner_page(Permission.READ_WORKSPACE)(ReleaseRequestList.view)
