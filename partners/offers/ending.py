"""What of a partner's offers and delegated administration ends soon."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from partners.models import Partner, PartnerOffer, PartnerRelationship
from partners.models.partner_offer import OfferState, PartnerOfferQuerySet
from partners.models.partner_relationship import RelationshipKind, ends_soon_now
from subscriptions.clouds import Capability

MAY_OFFER = Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS
SOON = timedelta(days=7)  # for an answer to an offer
ENDS_SOON = "ends-soon"  # in an address, beside the states


def answerable_soon(partner: Partner) -> PartnerOfferQuerySet:
    """Those that wait for an answer, and not much longer."""
    return PartnerOffer.objects.of_partner(partner).waiting().filter(expires_on__lte=Now() + SOON)


def renewable(partner: Partner) -> QuerySet[PartnerRelationship]:
    """Delegated administration that ends soon, and for which nothing is asked anew: no draft and no offer that waits
    for an answer asks the organization for roles since it began.
    """
    is_open = Q(state=OfferState.DRAFT) | Q(state=OfferState.SENT, expires_on__gt=Now())
    since = PartnerOffer.objects.of_partner(partner).filter(
        is_open,
        tenant=OuterRef("tenant"),
        drafted_at__gt=OuterRef("started_at"),
        roles__len__gt=0,
    )
    rows = PartnerRelationship.objects.of_partner(partner).filter(
        ends_soon_now(), kind=RelationshipKind.DELEGATED_ADMIN
    )
    return rows.filter(~Exists(since))
