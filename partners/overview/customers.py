"""The organizations that a partner works with: by a live relationship, or because they credit it on a subscription.

All of it needs the partner's scope and asks by partner besides.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from partners.models import Partner, PartnerCustomer, PartnerOfRecord, PartnerRelationship
from partners.models.partner_of_record import PartnerOfRecordQuerySet
from partners.models.partner_relationship import RelationshipKind, ends_soon_now
from subscriptions.access import AGENT_ROLES, Actor, held_back
from subscriptions.base.search import find_in
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.models.delegated_role import AgentRole
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode
from subscriptions.web.paging import PAGE_SIZE, Sort

ENDS_SOON = "ends-soon"  # the one filter that is no kind of tie


@dataclass(frozen=True)
class Credit:
    """How many subscriptions of an organization credit the partner, and since when the first does."""

    subscriptions: int
    since: datetime


def customers(partner: Partner, *, text: str = "", tie: str = "") -> QuerySet[PartnerCustomer]:
    """As values: `tenant_id` and `name_key`, how many are `credited`, and how many ties have not ended by themselves.

    `tie` is a kind of relationship, ENDS_SOON, or nothing for all; `text` words of name, address or ID. They are read
    in the order of an index from what is kept of this partner, so a page costs the same however many there are.
    """
    rows = PartnerCustomer.objects.of_partner(partner)
    if text:
        rows = rows.filter(find_in(text, "search_text"))
    rows = rows.by_tenant()
    if tie == RelationshipKind.SUBSCRIPTION_ADVISOR:
        return rows.filter(credited__gt=0)
    live = PartnerRelationship.objects.live().of_partner(partner).filter(tenant=OuterRef("tenant_id"))
    if tie:
        return rows.filter(Exists(live.filter(ends_soon_now() if tie == ENDS_SOON else Q(kind=tie))))
    return rows.filter(Q(credited__gt=0) | Exists(live))


def keys_of_page(rows: QuerySet[PartnerCustomer], direction: Sort, key: list | None) -> QuerySet:
    """Those of a page by name in this direction, and of one more where there is any."""
    sign, side = ("-", "lt") if direction.descending else ("", "gt")
    if key is not None:
        beyond = Q((f"name_key__{side}", key[0])) | Q((f"tenant_id__{side}", key[1]))
        rows = rows.filter(Q((f"name_key__{side}e", key[0])) & beyond)
    return rows.order_by(f"{sign}name_key", f"{sign}tenant_id").values("tenant_id")[: PAGE_SIZE + 1]


def ids(partner: Partner, tie: str) -> QuerySet:
    """The keys alone."""
    return customers(partner, tie=tie).values("tenant_id")


def organizations(partner: Partner, *, text: str = "", tie: str = "") -> QuerySet[Tenant]:
    """The same ones as rows of their own, for who asks in other orders and by other facts than the page."""
    return Tenant.objects.filter(pk__in=customers(partner, text=text, tie=tie).values("tenant_id"))


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
    """By what is kept, and by the end of an index since when."""
    own = credited(partner).filter(tenant=OuterRef("tenant_id")).with_bounds().order_by("began")
    rows = PartnerCustomer.objects.of_partner(partner).filter(tenant__in=tenants).by_tenant().filter(credited__gt=0)
    counted = rows.annotate(since=Subquery(own.values("began")[:1]))
    return {row["tenant_id"]: Credit(row["credited"], row["since"]) for row in counted}


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
