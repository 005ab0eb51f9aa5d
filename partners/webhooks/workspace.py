"""Workspace > Webhooks: where the events about a partner's own ties are sent."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase

from partners.access import PartnerRequest, partner_page
from partners.workspace_act import WorkspaceAct
from subscriptions.access import Permission
from subscriptions.webhooks import acts_form, lists_form
from subscriptions.webhooks.lists_form import OfOwner
from subscriptions.webhooks.reads import Owner, find_endpoint


class OfWorkspace(OfOwner):
    prefix = "workspace:"
    request: PartnerRequest

    @property
    def owner(self) -> Owner:
        return Owner(partner=self.request.partner)

    @property
    def whose(self) -> dict[str, str]:
        return {"number": self.request.partner.number}


class WebhookList(OfWorkspace, lists_form.WebhookList):
    pass


class DeliveryLog(OfWorkspace, lists_form.DeliveryLog):
    pass


webhook_list = partner_page(Permission.KEEP_PARTNERS_WEBHOOKS)(WebhookList.view)


@partner_page(Permission.KEEP_PARTNERS_WEBHOOKS)
def webhook_detail(request: Any, uuid: UUID) -> HttpResponseBase:
    request.webhook = find_endpoint(Owner(partner=request.partner), uuid)
    if request.webhook is None:
        raise Http404
    return DeliveryLog.view(request)


class WorkspacesAct(OfWorkspace, WorkspaceAct):
    permission = Permission.KEEP_PARTNERS_WEBHOOKS
    knows_home = True  # the partner's own: it concerns no organization


class AddWebhook(acts_form.AddWebhook, WorkspacesAct):
    name = "workspace:webhook-add"


class ChangeWebhook(acts_form.ChangeWebhook, WorkspacesAct):
    name = "workspace:webhook-change"


class NewSecret(acts_form.NewSecret, WorkspacesAct):
    name = "workspace:webhook-secret"


class SwitchWebhook(acts_form.SwitchWebhook, WorkspacesAct):
    name = "workspace:webhook-switch"


class TestWebhook(acts_form.TestWebhook, WorkspacesAct):
    name = "workspace:webhook-test"


class Replay(acts_form.Replay, WorkspacesAct):
    name = "workspace:webhook-replay"


class SendAgain(acts_form.SendAgain, WorkspacesAct):
    name = "workspace:webhook-again"


class DeleteWebhook(acts_form.DeleteWebhook, WorkspacesAct):
    name = "workspace:webhook-delete"
