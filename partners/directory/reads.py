"""The partner directory: Check ID. Finds the partner of an ID, or says why that ID cannot be used here.

Only a found and usable partner is named; for the others the ID is echoed and no name is revealed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, Exists, OuterRef, QuerySet

from partners.directory.rules import Problem, problem_for, problem_here
from partners.models import (
    ApprovedPartner,
    Partner,
    PartnerOffer,
    PartnerOfRecord,
    PartnerPerson,
    PartnerRelationship,
)
from subscriptions.access import Actor
from subscriptions.base.known_queries import Argument, KnownQuery
from subscriptions.db.limits import count_request, limits_of
from subscriptions.models import Product, Tenant


@dataclass
class PartnerUnusable(Exception):
    """The ID cannot be used; `locations` are the company's location IDs in the tenant's country, for a global ID."""

    problem: Problem
    facts: dict[str, str]
    locations: list[Partner]

    @property
    def sentence(self) -> str:
        return str(self.problem.sentence) % self.facts

    @property
    def next_step(self) -> str:
        return str(self.problem.next_step) % self.facts


def _by_number() -> QuerySet[Partner]:
    """In `is_listed`, whether an organization's approved list allows it."""
    approved = ApprovedPartner.objects.filter(tenant=Argument("tenant", BigIntegerField()))
    is_listed = ~Exists(approved) | Exists(approved.filter(partner=OuterRef("pk")))
    return Partner.objects.filter(number=Argument("number", CharField())).annotate(is_listed=is_listed).order_by()


BY_NUMBER = KnownQuery(_by_number)


def find_partner(number: str, *, tenant: Tenant, product: Product) -> Partner:
    """The usable partner of a normalized ID; raises PartnerUnusable."""
    return find_partner_for_all(number, tenant=tenant, products=[product])


def partner_now(number: str, *, tenant: Tenant) -> Any:
    """The partner of this number, if there is one, and in `is_listed` whether the approved list allows it here."""
    return BY_NUMBER.first(number=number, tenant=tenant.pk)


def find_partner_for_all(number: str, *, tenant: Tenant, products: Sequence[Product]) -> Partner:
    """The partner that can be named for each of these products; raises PartnerUnusable for the first that it cannot.

    Without any product there is nothing to be named for, and nothing would be checked: no name is looked up.
    """
    if not products:
        raise ValueError("No product to look a partner up for.")
    found = partner_now(number, tenant=tenant)
    for product in products:
        partner = require_usable(found, number, tenant=tenant, product=product)
    return partner


def require_usable(partner: Partner | None, number: str, *, tenant: Tenant, product: Product) -> Partner:
    """The partner that was found under this number, or not; raises PartnerUnusable."""
    problem = problem_for(partner, tenant, product)
    if problem is not None or partner is None:
        problem = problem or Problem.UNKNOWN
        raise PartnerUnusable(problem, _facts(number, tenant, product), _locations(partner, problem, tenant))
    return partner


def find_partner_here(number: str, *, tenant: Tenant) -> Partner:
    """The partner that can be named in this organization, whatever the product is; raises PartnerUnusable."""
    partner = Partner.objects.filter(number=number).first()
    problem = problem_here(partner, tenant)
    if problem is not None:
        raise PartnerUnusable(problem, _facts(number, tenant), _locations(partner, problem, tenant))
    assert partner is not None  # noqa: S101 - its absence is a problem
    return partner


def find_partner_among(number: str, *, tenants: Sequence[Tenant]) -> Partner:
    """The partner that can be named in one of these organizations at least; raises PartnerUnusable for one of them,
    rather for one of its own cloud.
    """
    partner = Partner.objects.filter(number=number).first()
    problems = [(problem_here(partner, tenant), tenant) for tenant in tenants]
    if partner is not None and any(problem is None for problem, _tenant in problems):
        return partner
    problem, tenant = next((each for each in problems if each[0] is not Problem.OTHER_CLOUD), problems[0])
    assert problem is not None  # noqa: S101 - else it was found
    raise PartnerUnusable(problem, _facts(number, tenant), _locations(partner, problem, tenant))


def _locations(partner: Partner | None, problem: Problem, tenant: Tenant) -> list[Partner]:
    if partner is None or problem is not Problem.GLOBAL_ID:
        return []
    return list(Partner.objects.locations_of(partner, country=tenant.country_code))


def _facts(number: str, tenant: Tenant, product: Product | None = None) -> dict[str, str]:
    return {
        "id": number,
        "country": tenant.country_name,
        "cloud": tenant.cloud_profile.label,
        "family": product.family.name if product else "",
    }


def count_check(*, tenant: Tenant, by: Actor) -> None:
    """Counts one look-up; raises TooManyRequests past a person's or an organization's limit."""
    count_request(*limits_of("check-id", person=by.counted_as, tenant=tenant.pk))


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


def _by_partner(rows: QuerySet[Any], count: Count | None = None) -> dict[int, int]:
    counted = rows.order_by().values("partner").annotate(number=count or Count("pk"))
    return dict(counted.values_list("partner", "number"))
