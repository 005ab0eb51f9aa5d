"""Workspace > Home: what a person of the partner has put off there."""

from typing import Any

from django.http import HttpResponse

from partners.access import PartnerRequest, partner_page
from partners.overview.workspace.due import PARTNERS
from partners.workspace_act import WorkspaceAct
from subscriptions.attention.pages import OfHome, Snoozing, Waking, snoozed_page


@partner_page(PARTNERS.permission)
def snoozed_list(request: PartnerRequest) -> HttpResponse:
    return snoozed_page(request, request.partner, request.actor)


class OfPartner(OfHome):
    knows_home = True  # the person's own: it concerns no organization
    partner: Any

    @property
    def place(self) -> Any:
        return self.partner


class SnoozeAttention(OfPartner, Snoozing, WorkspaceAct):
    permission = PARTNERS.permission
    name = PARTNERS.snooze
    page = PARTNERS.home


class WakeAttention(OfPartner, Waking, WorkspaceAct):
    permission = PARTNERS.permission
    name = PARTNERS.wake
    page = PARTNERS.snoozed
