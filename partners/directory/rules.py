"""Whether a partner can be named here and now, and what is said where one that cannot is named already.

Such a partner is flagged, never silently removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Partner
from partners.models.partner import PartnerKind, PartnerState
from subscriptions.clouds import Text
from subscriptions.mails.acts import Company
from subscriptions.models import Product, Tenant
from subscriptions.verdicts import Verdict, VerdictCode


class Problem(Enum):
    """Why an ID cannot be used: a sentence and the next step, with places for the facts of the case."""

    UNKNOWN = (
        gettext_lazy("No partner has the ID %(id)s."),
        gettext_lazy("Compare it with what the partner sent you, or ask the partner for its ID again."),
    )
    NOT_ACTIVE = (
        gettext_lazy("The partner with the ID %(id)s is no longer active."),
        gettext_lazy("Ask the partner whether it has a new ID, or choose another partner."),
    )
    GLOBAL_ID = (
        gettext_lazy("%(id)s is a global ID, which stands for a company as a whole. A location ID is needed here."),
        gettext_lazy("Ask the partner for the ID of the location that serves your country or region (%(country)s)."),
    )
    OTHER_CLOUD = (
        gettext_lazy("The partner with the ID %(id)s does not work in this cloud (%(cloud)s)."),
        gettext_lazy("Ask the partner for the ID that it has in this cloud."),
    )
    COUNTRY = (
        gettext_lazy("The partner with the ID %(id)s is not authorized for this country or region (%(country)s)."),
        gettext_lazy("Ask the partner for the ID of a location that is authorized there, or choose another partner."),
    )
    PRODUCT = (
        gettext_lazy("The partner with the ID %(id)s is not authorized for products of this kind (%(family)s)."),
        gettext_lazy("Choose a partner that is authorized for it; this partner can be named on other subscriptions."),
    )

    def __init__(self, sentence: Text, next_step: Text):
        self.sentence = sentence
        self.next_step = next_step


def is_usable(partner: Partner, *, tenant: Tenant, products: Sequence[Product]) -> bool:
    return all(problem_for(partner, tenant, product) is None for product in products)


def problem_for(partner: Partner | None, tenant: Tenant, product: Product) -> Problem | None:
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
    return partner is not None and (partner.authorized_for_all or product.family_id in partner.authorized_families)


@dataclass(frozen=True)
class Flag:
    """A tag, and why the partner cannot act, who can help, what to do."""

    label: Text
    verdict: Verdict


LABELS = {
    PartnerState.PENDING: gettext_lazy("Partner under review"),
    PartnerState.INACTIVE: gettext_lazy("Partner not active"),
    PartnerState.SUSPENDED: gettext_lazy("Partner suspended"),
}
REASONS = {
    PartnerState.PENDING: gettext_lazy("The operator is checking this partner."),
    PartnerState.INACTIVE: gettext_lazy("This partner is no longer active."),
    PartnerState.SUSPENDED: gettext_lazy("The operator has suspended this partner."),
}


def flag_of(state: str) -> Flag | None:
    """None for an active partner."""
    state = PartnerState(state)
    if state is PartnerState.ACTIVE:
        return None
    meanwhile = _("It stays credited and listed, but its people have no access and nobody can name it again.")
    verdict = Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=f"{REASONS[state]} {meanwhile}",
        who=_("The partner itself, or the operator's support."),
        next_step=_("Ask what has happened. You can delete it as partner of record, or name another one."),
    )
    return Flag(label=LABELS[state], verdict=verdict)


def mailbox_of(partner: Partner) -> Company:
    """To which mails to the company go."""
    return Company(partner.name, partner.mailbox, partner.language, partner.number)
