"""The partner directory: Check ID. Finds the partner of an ID, or says why that ID cannot be used here.

Only a found and usable partner is named; for the others the ID is echoed and no name is revealed (T55).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.access import Actor
from subscriptions.clouds import Text
from subscriptions.db.limits import Limit, count_request
from subscriptions.models import Product, Tenant


class Problem(Enum):
    """Why an ID cannot be used: a sentence and the next step, with places for the facts of the case."""

    UNKNOWN = (
        _("No partner has the ID %(id)s."),
        _("Compare it with what the partner sent you, or ask the partner for its ID again."),
    )
    NOT_ACTIVE = (
        _("The partner with the ID %(id)s is no longer active."),
        _("Ask the partner whether it has a new ID, or choose another partner."),
    )
    GLOBAL_ID = (
        _("%(id)s is a global ID, which stands for a company as a whole. A location ID is needed here."),
        _("Ask the partner for the ID of the location that serves your country or region (%(country)s)."),
    )
    OTHER_CLOUD = (
        _("The partner with the ID %(id)s does not work in this cloud (%(cloud)s)."),
        _("Ask the partner for the ID that it has in this cloud."),
    )
    COUNTRY = (
        _("The partner with the ID %(id)s is not authorized for this country or region (%(country)s)."),
        _("Ask the partner for the ID of a location that is authorized there, or choose another partner."),
    )
    PRODUCT = (
        _("The partner with the ID %(id)s is not authorized for products of this kind (%(family)s)."),
        _("Choose a partner that is authorized for it; this partner can be named on other subscriptions."),
    )

    def __init__(self, sentence: Text, next_step: Text):
        self.sentence = sentence
        self.next_step = next_step


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


def find_partner(number: str, *, tenant: Tenant, product: Product) -> Partner:
    """The usable partner of a normalized ID; raises PartnerUnusable."""
    return find_partner_for_all(number, tenant=tenant, products=[product])


def find_partner_for_all(number: str, *, tenant: Tenant, products: Sequence[Product]) -> Partner:
    """The partner that can be named for each of these products; raises PartnerUnusable for the first that it cannot.

    Without any product there is nothing to be named for, and nothing would be checked: no name is looked up.
    """
    if not products:
        raise ValueError("No product to look a partner up for.")
    partner = Partner.objects.filter(number=number).first()
    for product in products:
        problem = _problem_of(partner, tenant, product)
        if problem is not None:
            raise PartnerUnusable(problem, _facts(number, tenant, product), _locations(partner, problem, tenant))
    assert partner is not None  # noqa: S101 - its absence is a problem of the first product
    return partner


def _locations(partner: Partner | None, problem: Problem, tenant: Tenant) -> list[Partner]:
    if partner is None or problem is not Problem.GLOBAL_ID:
        return []
    return list(Partner.objects.locations_of(partner, country=tenant.country_code))


def is_usable(partner: Partner, *, tenant: Tenant, products: Sequence[Product]) -> bool:
    return all(_problem_of(partner, tenant, product) is None for product in products)


def _problem_of(partner: Partner | None, tenant: Tenant, product: Product) -> Problem | None:
    problem = problem_here(partner, tenant)
    if problem is None and not _is_authorized_for(partner, product):
        return Problem.PRODUCT
    return problem


def problem_here(partner: Partner | None, tenant: Tenant) -> Problem | None:
    """Why the partner cannot be used in this organization, whatever the product is."""
    if partner is None or partner.state == PartnerState.PENDING:
        return Problem.UNKNOWN
    if partner.cloud != tenant.cloud:
        return Problem.OTHER_CLOUD
    if partner.state != PartnerState.ACTIVE:
        return Problem.NOT_ACTIVE
    if partner.kind == PartnerKind.GLOBAL:
        return Problem.GLOBAL_ID
    if tenant.country_code not in partner.authorized_countries:
        return Problem.COUNTRY
    return None


def _is_authorized_for(partner: Partner | None, product: Product) -> bool:
    families = partner.authorized_families if partner else []
    return not families or product.family in families


def _facts(number: str, tenant: Tenant, product: Product) -> dict[str, str]:
    return {
        "id": number,
        "country": tenant.country_name,
        "cloud": tenant.cloud_profile.label,
        "family": product.get_family_display(),
    }


def limit_of_changes(person: Actor) -> Limit:
    """How often a person changes a partner of record, as each change sends mails."""
    times, seconds = settings.CHANGE_LIMIT_PERSON
    return Limit(f"change-partner:person:{person.user_id}", times, seconds)


def count_check(*, tenant: Tenant, by: Actor) -> None:
    """Counts one look-up; raises TooManyRequests past a person's or an organization's limit (T57)."""
    person_times, person_seconds = settings.CHECK_ID_LIMIT_PERSON
    tenant_times, tenant_seconds = settings.CHECK_ID_LIMIT_TENANT
    count_request(
        Limit(f"check-id:person:{by.user_id}", person_times, person_seconds),
        Limit(f"check-id:tenant:{tenant.pk}", tenant_times, tenant_seconds),
    )
