"""Asking again for delegated administration that ends soon: one draft for each, for the same organization."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from partners.models import Partner, PartnerOffer, PartnerRelationship
from partners.offers import acts as offers
from partners.offers.checks import NotOfferable
from partners.offers.ending import renewable
from partners.offers.examples import free_names, renewals
from partners.offers.reads import OfferFacts
from partners.offers.rules import may_offer
from subscriptions.access import Actor
from subscriptions.db import scopes
from subscriptions.models import Tenant
from subscriptions.verdicts import Refused, Verdict

MOST_RENEWED = 50  # at once


@dataclass(frozen=True)
class Renewal:
    """`may` is the verdict of the page, which an offer without a source lacks terms for."""

    relationship: PartnerRelationship
    tenant: Tenant
    facts: OfferFacts
    source: PartnerOffer | None
    may: Verdict

    @property
    def is_ready(self) -> bool:
        """Whether a draft can be made of it without anything to be written."""
        return self.may.allowed and self.source is not None


@dataclass(frozen=True)
class Renewed:
    drafts: list[PartnerOffer] = field(default_factory=list)
    failed: list[tuple[Tenant, str]] = field(default_factory=list)


def list_renewals(partner: Partner, by: Actor) -> list[Renewal]:
    """What ends first stands first, and no more than are renewed at once. Needs the partner's scope."""
    rows = list(renewable(partner).select_related("tenant").order_by("expires_on", "pk")[:MOST_RENEWED])
    tenants = Tenant.objects.with_cloud_status().in_bulk([row.tenant_id for row in rows])
    return [
        Renewal(row, tenants[row.tenant_id], example.facts, source, may_offer(by, tenants[row.tenant_id], partner))
        for row, example, source in renewals(partner, rows)
    ]


def renew(*, partner: Partner, chosen: Sequence[Renewal], by: Actor) -> Renewed:
    """Each in the scope of its organization, asked again there; what cannot be drafted is told and left."""
    renewed = Renewed()
    names = free_names(partner, [each.facts.name for each in chosen])
    for each, name in zip(chosen, list(names), strict=True):
        try:
            with scopes.tenant(each.tenant.pk):
                facts = replace(each.facts, name=name)
                draft = offers.save_draft(tenant=each.tenant, partner=partner, facts=facts, by=by)
        except (NotOfferable, Refused) as problem:
            renewed.failed.append((each.tenant, reason_of(problem)))
        else:
            renewed.drafts.append(draft)
    return renewed


def reason_of(problem: NotOfferable | Refused) -> str:
    return str(problem.verdict.reason) if isinstance(problem, Refused) else str(problem)
