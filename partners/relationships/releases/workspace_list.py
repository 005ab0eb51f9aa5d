"""Workspace > Release requests: the organizations that ask this reseller to end their relationship."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partners.access import PartnerRequest, partner_page
from partners.models import ReleaseRequest
from partners.relationships.releases.forms import OPEN, OVERDUE, ReleaseFilterForm
from partners.relationships.releases.page_parts import RESELLER_READS, state_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.web import cells
from subscriptions.web.lists import NOTHING, Empty, List
from subscriptions.web.tables import Column


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

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Organization"), lambda row: cells.link(row["url"], cells.name(row["organization"]))),
            Column(_("State"), _state),
            Column(_("Who must act"), _who_acts),
            Column(_("Answer until"), lambda row: row["due"], css="day"),
            Column(_("Sent"), lambda row: row["sent"], css="day"),
        ]

    def found(self, wanted: dict) -> QuerySet:
        rows = ReleaseRequest.objects.of_partner(self.request.partner).with_overdue()
        return _filtered(rows, wanted["state"])

    def described(self, rows: list[dict]) -> list[dict]:
        return [_row(self.request, row) for row in rows]


@partner_page(Permission.READ_WORKSPACE)
def release_request_list(request: PartnerRequest) -> HttpResponse:
    return ReleaseRequestList(request).answer()


def _state(row: dict) -> SafeString:
    return cells.together(cells.tag(row["tag"], row["state"]), cells.warning(_("Overdue")) if row["overdue"] else "")


def _who_acts(row: dict) -> SafeString:
    return cells.together(row["who_acts"], *([" ", cells.muted(row["staff_act"])] if row["staff_act"] else []))


def _filtered(rows, state: str):
    if state == OPEN:
        return rows.open()
    if state == OVERDUE:
        return rows.filter(overdue=True)
    return rows.filter(state=state) if state else rows


def _row(request: PartnerRequest, row: dict) -> dict[str, Any]:
    return {
        "url": reverse("workspace:release-request", args=[request.partner.number, row["uuid"]]),
        "organization": row["tenant__name"],
        "sent": formats.day(row["sent_at"]),
        "due": formats.day(row["due_on"]),
        **state_of(row["state"], RESELLER_READS, escalated=bool(row["escalated_on"]), overdue=row["overdue"]),
    }
