"""Answered offers as rows of Settings > Partner Relationships."""

from django.urls import reverse

from partners.models.partner_offer import OfferState
from partners.offers.answer_rules import may_read_offers, offer_path
from partners.offers.answered import answered_offers
from subscriptions.access import Permission
from subscriptions.web.page_access import TenantRequest


def answered_rows(request: TenantRequest) -> list[dict]:
    """All for who answers offers; for who may only buy, those from which something can still be created."""
    may_read = may_read_offers(request.actor).allowed
    may_create = request.actor.may(Permission.BUY).allowed
    if request.actor.is_partner or not (may_read or may_create):
        return []
    slug = request.tenant.slug
    return [
        {
            "offer": offer,
            "accepted": offer.state == OfferState.ACCEPTED,
            "url": offer_path(request.tenant, offer) if may_read else "",
            "create_url": reverse("from-offer:create", args=[slug, offer.uuid])
            if may_create and offer.is_left
            else "",
        }
        for offer in answered_offers(request.tenant, only_left=not may_read)
    ]
