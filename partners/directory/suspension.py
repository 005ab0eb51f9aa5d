"""Whom it concerns when a partner is suspended, or is not active for another reason: shown to staff beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from partners.models import Partner, PartnerOffer, PartnerOfRecord, PartnerPerson, PartnerRelationship


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Of one partner: how many subscriptions credit it in how many organizations, and what else it has there."""

    partner: Partner
    subscriptions: int
    organizations: int
    relationships: int
    people: int
    offers: int


def impacts_of(partners: Iterable[Partner]) -> list[Impact]:
    """Five statements, however many partners they are; reads all organizations, so it needs the staff's scope."""
    partners = list(partners)
    credited = PartnerOfRecord.objects.in_force().of_existing_subscriptions().filter(partner__in=partners)
    subscriptions = _by_partner(credited)
    organizations = _by_partner(credited, count=Count("tenant", distinct=True))
    relationships = _by_partner(PartnerRelationship.objects.live().filter(partner__in=partners))
    people = _by_partner(PartnerPerson.objects.filter(partner__in=partners, user__is_active=True))
    offers = _by_partner(PartnerOffer.objects.waiting().filter(partner__in=partners))
    return [
        Impact(
            partner=partner,
            subscriptions=subscriptions.get(partner.pk, 0),
            organizations=organizations.get(partner.pk, 0),
            relationships=relationships.get(partner.pk, 0),
            people=people.get(partner.pk, 0),
            offers=offers.get(partner.pk, 0),
        )
        for partner in partners
    ]


def _by_partner(rows: QuerySet, count: Count | None = None) -> dict[int, int]:
    counted = rows.order_by().values("partner").annotate(number=count or Count("pk"))
    return dict(counted.values_list("partner", "number"))
