"""A partner's offer, on the authorization page: terms, what is asked for, Yes or No, Next; and what became of it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from partners.models import PartnerOffer
from subscriptions.access import Permission, TenantRequest, tenant_form
from subscriptions.clouds import Capability


@tenant_form(Permission.READ_RELATIONSHIPS, capability=Capability.RECEIVE_PARTNER_OFFERS)
def offer(request: TenantRequest, uuid: UUID) -> HttpResponse:
    found = get_object_or_404(PartnerOffer.objects.of_tenant(request.tenant).with_state(), uuid=uuid)
    return render(request, "portal/refused.html", {"title": found.name})
