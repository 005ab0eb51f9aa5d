"""The offers that an organization has answered, from which something may still be created."""

from django.db.models import Exists, OuterRef

from partners.models import OfferedProduct, PartnerOffer
from partners.models.partner_offer import OfferState
from subscriptions.clouds import Capability
from subscriptions.models import Tenant

MOST_SHOWN = 20


def answered_offers(tenant: Tenant, *, only_left: bool = False) -> list[PartnerOffer]:
    """The newest answers, first those with something that `is_left` to create; `only_left` for nothing but these."""
    if not tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        return []
    left = OfferedProduct.objects.to_create().filter(tenant=tenant, offer=OuterRef("pk"))
    rows = (
        PartnerOffer.objects.of_tenant(tenant)
        .filter(state__in=[OfferState.ACCEPTED, OfferState.DECLINED])
        .annotate(is_left=Exists(left))
        .select_related("partner")
    )
    if only_left:
        rows = rows.filter(is_left=True)
    return list(rows.order_by("-is_left", "-decided_at", "-pk")[:MOST_SHOWN])
