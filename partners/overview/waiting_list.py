"""What waits on Settings > Partner Relationships: a partner's offers, and requests to its resellers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from partners.models import Partner, PartnerOffer, ReleaseRequest
from partners.models.partner_offer import PartnerOfferQuerySet
from subscriptions.base.known_queries import KnownQuery, stand_in
from subscriptions.clouds import Capability
from subscriptions.models import Tenant

MOST_WAITING = 50


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What has to be acted on before it is over; `escalated` requests are with the operator's staff."""

    partner_name: str
    partner_number: str
    name: str
    since: datetime
    until: datetime | date
    offer: UUID | None = None
    kind: str = ""
    released: UUID | None = None
    escalated: bool = False


def waiting_offers(tenant: Tenant) -> PartnerOfferQuerySet:
    """None where the cloud has no way to answer them here."""
    offers = PartnerOffer.objects.of_tenant(tenant).waiting()
    return offers if tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS) else offers.none()


def waiting(tenant: Tenant, partner: Partner | None = None) -> list[Waiting]:
    """Offers that wait for the organization, then requests that wait for its resellers; first what ends first.

    Of all partners, or of one.
    """
    offers: Iterable[dict[str, Any]] = []
    requests: Iterable[dict[str, Any]]
    answers_here = tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS)
    if partner:
        offers = _offers_in_words(waiting_offers(tenant).of_partner(partner))
        requests = _requests_in_words(ReleaseRequest.objects.of_tenant(tenant).of_partner(partner).open())
    else:
        offers = OFFERS.values(place=tenant.pk) if answers_here else []
        requests = REQUESTS.values(place=tenant.pk)
    return [*(Waiting(**row) for row in offers), *(Waiting(**row, name="") for row in requests)]


NAMED = {"partner_name": F("partner__name"), "partner_number": F("partner__number")}


def _offers_in_words(offers: PartnerOfferQuerySet) -> QuerySet:
    ordered = offers.order_by("expires_on", "pk")[:MOST_WAITING]
    return ordered.values("name", "kind", since=F("sent_at"), until=F("expires_on"), offer=F("uuid"), **NAMED)


def _requests_in_words(requests: QuerySet) -> QuerySet:
    ordered = requests.order_by("due_on", "pk")[:MOST_WAITING]
    late = Q(escalated_on__isnull=False)
    until, released = F("due_on"), F("relationship__uuid")
    return ordered.values(since=F("sent_at"), until=until, released=released, escalated=late, **NAMED)


OFFERS = KnownQuery(lambda: _offers_in_words(PartnerOffer.objects.of_tenant(stand_in(Tenant)).waiting()))
REQUESTS = KnownQuery(lambda: _requests_in_words(ReleaseRequest.objects.of_tenant(stand_in(Tenant)).open()))
