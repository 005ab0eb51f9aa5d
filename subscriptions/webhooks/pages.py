"""Settings > Webhooks: where an organization's events are sent."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from subscriptions.access import Permission
from subscriptions.attention.kinds import AttentionKind, Urgency, add_attention
from subscriptions.clouds import Text
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tenant_acts import TenantAct
from subscriptions.webhooks import acts_form, lists_form
from subscriptions.webhooks.forms import StateForm
from subscriptions.webhooks.lists_form import OfOwner
from subscriptions.webhooks.reads import Owner, find_endpoint, given_up

add_attention(
    AttentionKind(
        name="webhooks-off",
        urgency=Urgency.NOW,
        told=ngettext_lazy("webhook was turned off by the portal", "webhooks were turned off by the portal", "count"),
        rows=given_up,
        day="off_since",
        when=_("Since %(day)s"),
        list_name="subscriptions:webhooks",
        filters=f"state={StateForm.GIVEN_UP}",
        permission=Permission.KEEP_WEBHOOKS,
        verb=_("See webhooks"),
    )
)


class OfOrganization(OfOwner):
    prefix = "subscriptions:"
    section: Text = _("Settings")
    request: TenantRequest

    @property
    def owner(self) -> Owner:
        return Owner(tenant=self.request.tenant)

    @property
    def whose(self) -> dict[str, str]:
        return {"slug": self.request.tenant.slug}


class WebhookList(OfOrganization, lists_form.WebhookList):
    pass


class DeliveryLog(OfOrganization, lists_form.DeliveryLog):
    pass


webhook_list = tenant_page(Permission.KEEP_WEBHOOKS)(WebhookList.view)


@tenant_page(Permission.KEEP_WEBHOOKS)
def webhook_detail(request: Any, uuid: UUID) -> HttpResponseBase:
    request.webhook = find_endpoint(Owner(tenant=request.tenant), uuid)
    if request.webhook is None:
        raise Http404
    return DeliveryLog.view(request)


class OrganizationsAct(OfOrganization, TenantAct):
    permission = Permission.KEEP_WEBHOOKS


class AddWebhook(acts_form.AddWebhook, OrganizationsAct):
    name = "subscriptions:webhook-add"


class ChangeWebhook(acts_form.ChangeWebhook, OrganizationsAct):
    name = "subscriptions:webhook-change"


class NewSecret(acts_form.NewSecret, OrganizationsAct):
    name = "subscriptions:webhook-secret"


class SwitchWebhook(acts_form.SwitchWebhook, OrganizationsAct):
    name = "subscriptions:webhook-switch"


class TestWebhook(acts_form.TestWebhook, OrganizationsAct):
    name = "subscriptions:webhook-test"


class Replay(acts_form.Replay, OrganizationsAct):
    name = "subscriptions:webhook-replay"


class SendAgain(acts_form.SendAgain, OrganizationsAct):
    name = "subscriptions:webhook-again"


class DeleteWebhook(acts_form.DeleteWebhook, OrganizationsAct):
    name = "subscriptions:webhook-delete"
