"""What pages say about partner relationships, and what each row of them offers."""

from dataclasses import dataclass
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.relationships import acts as relationships
from partners.relationships import roles as relationship_roles
from partners.relationships.events import RelationshipFacts
from partners.relationships.reads import events_of, relationships_with_facts
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.rows import RelationshipRow
from subscriptions.audit.facts import facts_of
from subscriptions.base import formats
from subscriptions.clouds import Capability, Text
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import Verdict, VerdictCode
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.role_words import ROLE_DESCRIPTIONS, ROLE_RISKS

MAY_VIEW = Capability.VIEW_PARTNER_RELATIONSHIPS
ROLES_SHOWN = 3

SEES = {
    RelationshipKind.RESELLER: gettext_lazy("Sells to you, and manages the subscriptions that it sold."),
    RelationshipKind.DELEGATED_ADMIN: gettext_lazy("Works in your organization with the roles listed here."),
    RelationshipKind.SUBSCRIPTION_ADVISOR: gettext_lazy(
        "Gets credit for the subscriptions that name it, and sees their usage. Gets no access."
    ),
}
WHY_NOT = {
    VerdictCode.ONLY_PARTNER_CAN_END: gettext_lazy("only the reseller can"),
    VerdictCode.DERIVED_RELATIONSHIP: gettext_lazy("not while credited"),
    VerdictCode.ROLE: gettext_lazy("only a Global admin can"),
}
STATUS_TAGS = {
    RelationshipStatus.ACTIVE: "ok",
    RelationshipStatus.EXPIRED: "warn",
    RelationshipStatus.ENDED: "neutral",
}


@dataclass(frozen=True)
class DescribedRelationship:
    """A relationship with what the page says about it."""

    row: RelationshipRow
    sees: str
    status_tag: str
    url: str
    end_url: str
    may_end: Verdict
    may_ask: Verdict
    release_url: str
    partner_url: str

    @property
    def row_id(self) -> UUID:
        """What tells its element from those of all other rows: of a derived one, the partner."""
        return self.row.uuid or self.row.partner_uuid

    @property
    def until(self) -> str:
        """When it ends or has ended, and whether it goes on then."""
        row = self.row
        day = row.ended or row.expires
        if day is None:
            return _("no end date")
        goes_on = row.auto_extend and not row.ended
        return (_("until %(day)s, then extended") if goes_on else _("until %(day)s")) % {"day": formats.day(day)}

    @property
    def why_not(self) -> Text:
        """Why it may not be deleted, in a word; the partner's page has the reason and the next step."""
        return WHY_NOT.get(self.may_end.code, WHY_NOT[VerdictCode.ROLE])

    @property
    def first_roles(self) -> list[DelegatedRole]:
        return self.row.roles[:ROLES_SHOWN]

    @property
    def more_roles(self) -> int:
        return len(self.row.roles[ROLES_SHOWN:])


def describe_relationship(request: TenantRequest, row: RelationshipRow) -> DescribedRelationship:
    slug = request.tenant.slug
    partner_url = reverse("partners:partner-detail", args=[slug, row.partner_uuid])
    url, end_url, release_url = partner_url, "", ""
    if not row.is_advisor:
        url = reverse("partners:relationship-detail", args=[slug, row.uuid])
        end_url = reverse("partners:relationship-end", args=[slug, row.uuid])
        release_url = reverse("partners:release-request", args=[slug, row.uuid])
    return DescribedRelationship(
        row=row,
        sees=str(SEES[row.kind]),
        status_tag=STATUS_TAGS[row.status],
        url=url,
        end_url=end_url,
        may_end=relationships.may_end(request.actor, request.tenant, row.kind, status=row.status),
        may_ask=release_verdicts.may_request(request.actor, status=row.status, is_open=False),
        release_url=release_url if row.kind is RelationshipKind.RESELLER else "",
        partner_url=partner_url,
    )


def acts_on_access(request: TenantRequest, relationship: PartnerRelationship) -> dict:
    """What can be done with a delegated admin beside ending it: fewer roles, and on or off that it is extended."""
    actor, tenant = request.actor, request.tenant
    arguments, extends = [tenant.slug, relationship.uuid], relationship.auto_extend
    may_switch = relationship_roles.may_stop_extending if extends else relationship_roles.may_extend
    return {
        "may_switch": may_switch(actor, tenant, relationship),
        "switch_label": _("Stop extending…") if extends else _("Extend automatically…"),
        "switch_url": reverse("partners:relationship-auto-extend", args=arguments),
        "may_remove": relationship_roles.may_remove_roles(actor, tenant, relationship),
        "remove_url": reverse("partners:relationship-remove-roles", args=arguments),
    }


def told_events(request: TenantRequest, relationships: list[PartnerRelationship]) -> list[dict]:
    """What happened to them and who did it, for whom, as far as this person reads it."""
    return [_event(event) for event in events_of(request.tenant, relationships, reader=request.actor)]


def _changes(event: dict) -> list[str]:
    facts = facts_of(event["kind"], event["detail"])
    return facts.changes() if isinstance(facts, RelationshipFacts) else []


def _event(event: dict) -> dict:
    """What happened and who did it, for whom."""
    return {
        "at": event["at"],
        "what": AuditKind(event["kind"]).label,
        "more": formats.mark("; ").join(_changes(event)),
        "who": event["actor_name"],
        "who_kind": event["actor_partner"] or ActorKind(event["actor_kind"]).label,
        "reason": event["reason"],
    }


def in_words(role: DelegatedRole) -> dict:
    """A role with what it allows and what it can do at worst."""
    return {"label": role.label, "description": ROLE_DESCRIPTIONS[role], "risk": ROLE_RISKS[role]}


def breadcrumbs(request: TenantRequest) -> list[tuple[str, str | None]]:
    url = reverse("partners:relationship-list", args=[request.tenant.slug])
    return [(_("Settings"), None), (_("Partner Relationships"), url)]


def find_relationship(request: TenantRequest, uuid: UUID) -> PartnerRelationship:
    """The organization's own, with what its pages show; else 404."""
    relationship = get_object_or_404(relationships_with_facts(request.tenant), uuid=uuid)
    relationship.tenant = request.tenant
    return relationship
