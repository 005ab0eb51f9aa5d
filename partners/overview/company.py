"""One company with several IDs: what each is credited for, and all together, for a person who works for them."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from partners.models import Partner, PartnerPerson
from partners.models.partner import PartnerState
from partners.overview import customers
from partners.overview.credit_values import PAID, ListPrices
from subscriptions.db import scopes

MOST_IDS = 20  # of a page; each is asked for in a scope of its own


@dataclass(frozen=True)
class OfId:
    """`tenants` are the keys of the customers, so that one of two IDs counts once in all."""

    partner: Partner
    tenants: frozenset[int]
    credits: int
    licenses: dict[int, int]

    def value(self, prices: ListPrices) -> Decimal:
        return prices.sum(self.licenses)


def ids_of_company(partner: Partner, user_id: int) -> list[Partner]:
    """The company's active IDs in this cloud for which the person works: no others are shown to anybody."""
    root = partner.parent_id or partner.pk
    with scopes.reading_person(user_id):
        people = PartnerPerson.objects.filter(
            Q(partner=root) | Q(partner__parent=root),
            user=user_id,
            partner__state=PartnerState.ACTIVE,
            partner__cloud=partner.cloud,
        )
        found = people.select_related("partner").order_by("partner__number")[:MOST_IDS]
        return [person.partner for person in found]


def summed(partner: Partner) -> OfId:
    """In the scope of this ID alone."""
    with scopes.partner(partner.pk):
        tenants = frozenset(row["tenant_id"] for row in customers.ids(partner, ""))
        counted = customers.credited(partner).order_by().values("product_id")
        rows = list(counted.annotate(credits=Count("pk"), number=Coalesce(Sum("licenses", filter=PAID), 0)))
    return OfId(
        partner, tenants, sum(row["credits"] for row in rows), {row["product_id"]: row["number"] for row in rows}
    )


def together(partner: Partner, each: list[OfId]) -> OfId:
    licenses: Counter[int] = Counter()
    for one in each:
        licenses.update(one.licenses)
    tenants = frozenset[int]().union(*(one.tenants for one in each))
    return OfId(partner, tenants, sum(one.credits for one in each), dict(licenses))
