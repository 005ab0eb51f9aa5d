"""The offers to one customer on its page in the workspace, and the way to a new one."""

from django.urls import reverse

from partners.access import PartnerRequest
from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers.pages.content import STATE_TAGS
from partners.offers.rules import may_offer
from partners.offers.workspace.draft import new_offer_path
from subscriptions.clouds import Capability
from subscriptions.models import Tenant

MOST_SHOWN = 10


def customer_offers(request: PartnerRequest, tenant: Tenant) -> dict | None:
    """None in a cloud without offers."""
    if not tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        return None
    rows = PartnerOffer.objects.of_partner(request.partner).filter(tenant=tenant).with_state().order_by("-pk")
    return {
        "rows": [_row(request, offer) for offer in rows[:MOST_SHOWN]],
        "may_offer": may_offer(request.actor, tenant, request.partner),
        "new_url": new_offer_path(request.partner, tenant),
        "list_url": reverse("workspace:offer-list", args=[request.partner.number]),
    }


def _row(request: PartnerRequest, offer: PartnerOffer) -> dict:
    state = OfferState(offer.state_now)
    return {
        "name": offer.name,
        "url": reverse("workspace:offer-detail", args=[request.partner.number, offer.uuid]),
        "state": state.label,
        "tag": STATE_TAGS[state],
    }
