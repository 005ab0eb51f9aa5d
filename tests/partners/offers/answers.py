"""An organization in the cloud where partners send offers, and how its offers are answered."""

from partners.models import PartnerOffer
from partners.offers.answers import Shown, accept_offer, decline_offer
from partners.offers.terms import current_terms
from subscriptions.db import scopes
from subscriptions.models import AuditEvent, Tenant, User
from tests.database import as_owner
from tests.factories import make_actor


@as_owner()
def shown_of(offer: PartnerOffer) -> Shown:
    return Shown(version=offer.version, terms=current_terms(offer).digest)


def accepted(
    offer: PartnerOffer, by: User, *, roles=None, days=None, shown: Shown | None = None, **proof
) -> AuditEvent:
    """Yes, to all that is asked for unless said otherwise; `proof` is when the person was last proved to be it."""
    shown = shown or shown_of(offer)
    with scopes.tenant(offer.tenant_id):
        return accept_offer(
            tenant=Tenant.objects.with_cloud_status().get(),
            offer=offer,
            shown=shown,
            roles=offer.roles if roles is None else roles,
            days=days or offer.days,
            by=make_actor(user=by, **proof),
        )


def declined(offer: PartnerOffer, by: User, *, reason="", **proof) -> AuditEvent:
    shown = shown_of(offer)
    with scopes.tenant(offer.tenant_id):
        tenant = Tenant.objects.with_cloud_status().get()
        by_admin = make_actor(user=by, **proof)
        return decline_offer(tenant=tenant, offer=offer, shown=shown, reason=reason, by=by_admin)


@as_owner()
def fresh(offer: PartnerOffer) -> PartnerOffer:
    return PartnerOffer.objects.with_state().select_related("relationship").get(pk=offer.pk)
