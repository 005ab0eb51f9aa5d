"""What a new offer can be written after: an own offer, a template, or delegated administration that ends soon.

Needs the partner's scope, which sees all of these.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from partners.models import OfferTemplate, Partner, PartnerOffer, PartnerRelationship
from partners.models.partner_offer import MOST_DAYS, CreditWanted, OfferedPurchase
from partners.models.partner_relationship import NAME_LENGTH
from partners.offers.reads import Content, OfferFacts
from partners.offers.templates import facts_of_template
from subscriptions.models import Tenant

STEM = NAME_LENGTH - 8  # of a name, before a number behind it


@dataclass(frozen=True)
class Example:
    """`tenant` is the organization that it is or was for; a template is for none."""

    facts: OfferFacts
    tenant: Tenant | None = None

    def for_(self, tenant: Tenant) -> OfferFacts:
        """Of another organization's subscriptions none is named."""
        if tenant == self.tenant or self.facts.credit != CreditWanted.NAMED:
            return self.facts
        return replace(self.facts, credit=CreditWanted.NOTHING, subscriptions=())


def find_example(partner: Partner, uuid: str) -> Example | None:
    """By what stands in an address; None where it is nothing of the partner's."""
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    found = _offer(partner, wanted) or _template(partner, wanted) or _relationship(partner, wanted)
    if found is None:
        return None
    return replace(found, facts=replace(found.facts, name=next(free_names(partner, [found.facts.name]))))


def _offer(partner: Partner, uuid: UUID) -> Example | None:
    offer = PartnerOffer.objects.of_partner(partner).select_related("partner", "tenant").filter(uuid=uuid).first()
    return Example(Content(offer).facts, offer.tenant) if offer else None


def _template(partner: Partner, uuid: UUID) -> Example | None:
    template = OfferTemplate.objects.filter(partner=partner, uuid=uuid).first()
    return Example(facts_of_template(template)) if template else None


def _relationship(partner: Partner, uuid: UUID) -> Example | None:
    rows = PartnerRelationship.objects.of_partner(partner).select_related("tenant")
    found = next(renewals(partner, rows.filter(uuid=uuid).exclude(roles=[])), None)
    return found[1] if found else None


def renewals(
    partner: Partner, rows: Iterable[PartnerRelationship]
) -> Iterator[tuple[PartnerRelationship, Example, PartnerOffer | None]]:
    """Each with what asks for the same roles and days again, and the offer it came of, where there is one: its name
    and terms. What came with that offer to buy or as a credit is not asked for twice.
    """
    relationships = list(rows)
    offers = PartnerOffer.objects.of_partner(partner).filter(relationship__in=relationships).select_related("tenant")
    by_relationship = {offer.relationship_id: offer for offer in offers.prefetch_related("terms").order_by("pk")}
    for row in relationships:
        offer = by_relationship.get(row.pk)
        newest = max(offer.terms.all(), key=lambda terms: terms.number) if offer else None
        facts = OfferFacts(
            name=offer.name if offer else row.name,
            terms=newest.html if newest else "",
            roles=tuple(row.roles),
            days=_days(row),
            credit=CreditWanted.NOTHING,
            purchase=OfferedPurchase.NONE,
        )
        yield row, Example(facts, row.tenant), offer


def _days(row: PartnerRelationship) -> int | None:
    """As long as it was granted for."""
    return min(MOST_DAYS, max(1, (row.expires_on - row.started_at).days)) if row.expires_on else None


def free_names(partner: Partner, names: Iterable[str]) -> Iterator[str]:
    """Each name as it is, or with the first number behind it that no other offer of the partner has yet."""
    wanted = list(names)
    like = reduce(or_, (Q(name__startswith=name[:STEM]) for name in wanted), Q(pk=None))
    taken = set(PartnerOffer.objects.of_partner(partner).filter(like).values_list("name", flat=True))
    for name in wanted:
        free = _free(name, taken)
        taken.add(free)
        yield free


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name[:STEM]} ({number})"
    return free
