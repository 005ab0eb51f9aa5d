"""The organizations that a partner works with: by a live relationship, or because they credit it on a subscription.

All of it needs the partner's scope and asks by partner besides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from partners.models import Partner, PartnerOfRecord, PartnerRelationship
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.models.partner_relationship import RelationshipKind, ends_soon_now
from subscriptions.access import AGENT_ROLES, Actor, held_back
from subscriptions.base.search import find_in
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode
from subscriptions.web.paging import total_of

ENDS_SOON = "ends-soon"  # the one filter that is no kind of tie


@dataclass(frozen=True)
class Credit:
    """How many subscriptions of an organization credit the partner, and since when the first does."""

    subscriptions: int
    since: datetime


def customers(partner: Partner, *, text: str = "", tie: str = "") -> QuerySet[Tenant]:
    """`tie` is a kind of relationship, ENDS_SOON, or nothing for all; `text` words of name, address or ID.

    Each with `in_all`, how many there are, counted no further than a page says. The ids are collected first, from the
    partner's own ties: what that costs follows the partner's size and not the number of organisations.
    """
    own = ids(partner, tie)
    rows = Tenant.objects.filter(pk__in=own)
    if text:
        rows = rows.filter(find_in(text, "search_text"))
    return rows.annotate(in_all=total_of(rows.values("pk") if text else own))


def ids(partner: Partner, tie: str) -> QuerySet:
    """The keys alone."""
    tied = PartnerRelationship.objects.live().of_partner(partner).values("tenant_id")
    if tie == RelationshipKind.SUBSCRIPTION_ADVISOR:
        return credited(partner).values("tenant_id").distinct()
    if tie:
        return tied.filter(ends_soon_now() if tie == ENDS_SOON else Q(kind=tie)).distinct()
    only_crediting = credited(partner).exclude(tenant_id__in=tied)
    return tied.union(only_crediting.values("tenant_id"))


def credited(partner: Partner) -> PartnerOfRecordQuerySet:
    """The open periods of the partner, but for deleted subscriptions."""
    return PartnerOfRecord.objects.in_force().of_existing_subscriptions().filter(partner=partner)


def ties(partner: Partner, tenants: Collection[int]) -> dict[int, list[PartnerRelationship]]:
    """The live relationships by organization, each with `ends_soon`; the oldest first."""
    rows = PartnerRelationship.objects.live().of_partner(partner).filter(tenant__in=tenants)
    found = defaultdict(list)
    for row in rows.with_ends_soon().order_by("started_at", "pk"):
        found[row.tenant_id].append(row)
    return found


def credits_of(partner: Partner, tenants: Collection[int]) -> dict[int, Credit]:
    rows = credited(partner).filter(tenant__in=tenants).with_bounds().values("tenant_id").order_by()
    counted = rows.annotate(subscriptions=Count("pk"), since=Min("began"))
    return {row["tenant_id"]: Credit(row["subscriptions"], row["since"]) for row in counted}


def may_open(actor: Actor, tenant: Tenant, relationships: Iterable[PartnerRelationship]) -> Verdict:
    """May this person of the partner open the organization's portal, by these live relationships?"""
    if (held := held_back(tenant)) and held.kept_until:
        return held.verdict()
    delegated = [row for row in relationships if row.kind == RelationshipKind.DELEGATED_ADMIN]
    role = actor.agent_role
    usable = AGENT_ROLES[role] if role else frozenset()
    if any(usable & frozenset(row.roles) for row in delegated):
        return ALLOWED
    if not delegated:
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("There is no delegated admin relationship."),
            next_step=_how_to_get_one(tenant),
        )
    return Verdict(
        code=VerdictCode.ROLE,
        reason=_("%(role)s uses none of the granted roles.") % {"role": role.label if role else ""},
        next_step=_("Ask a colleague with the role %(role)s.") % {"role": AgentRole.ADMIN_AGENT.label},
    )


def _how_to_get_one(tenant: Tenant) -> str:
    if tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS):
        return _("Make the organization an offer that asks for roles; its Global admins answer it.")
    return _("Ask the operator's staff to enter it, as soon as the organization's Global admins agree.")
