"""Partner relationships: stored resellers and delegated admins, and advisors derived from the partners of record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from partners.directory.rules import mailbox_of
from partners.models import Partner, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from partners.relationships.changes import (
    database_time,
    day_of_end,
    locked_relationship,
    record_change,
)
from partners.relationships.releases import steps as release_steps
from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def may_end(actor: Actor, tenant: Tenant, kind: str, *, status: str, partner: int | None = None) -> Verdict:
    """May this actor end a relationship of that kind? `partner` is whose it is: its own people may give it up."""
    is_over = status == RelationshipStatus.ENDED
    if is_over or (status == RelationshipStatus.EXPIRED and kind != RelationshipKind.RESELLER):
        return Verdict(
            code=VerdictCode.ALREADY_ENDED,
            reason=_("This relationship has ended already."),
            next_step=_("There is nothing left to do; the history stays here."),
        )
    if actor.delegations:  # a partner's person works there
        return actor.may(Permission.END_RELATIONSHIP)
    if kind == RelationshipKind.RESELLER:
        return _may_end_reseller(actor, tenant)
    if kind == RelationshipKind.SUBSCRIPTION_ADVISOR:
        return Verdict(
            code=VerdictCode.DERIVED_RELATIONSHIP,
            reason=_("A subscription advisor is listed as long as it is partner of record of a subscription."),
            next_step=_("Delete it from each subscription that credits it; then it leaves this list."),
        )
    own = actor.is_partner and actor.partner_key == partner
    return actor.may(Permission.GIVE_UP_ACCESS if own else Permission.END_RELATIONSHIP)


def _may_end_reseller(actor: Actor, tenant: Tenant) -> Verdict:
    """Staff end it on the reseller's behalf; no cloud lets the customer do it alone."""
    if actor.kind is ActorKind.STAFF:
        return ALLOWED
    if tenant.cloud_profile.allows(Capability.END_RESELLER_RELATIONSHIP):
        return actor.may(Permission.END_RELATIONSHIP)
    return Verdict(
        code=VerdictCode.ONLY_PARTNER_CAN_END,
        reason=_("You can't remove a reseller relationship yourself."),
        who=_("Only your reseller partner can remove it."),
        next_step=_("Ask your reseller partner to follow these instructions:"),
        next_label=_("Remove a reseller relationship with partner"),
        next_url=tenant.cloud_profile.reseller_exit_url,
    )


@transaction.atomic
def end_relationship(*, tenant: Tenant, relationship: PartnerRelationship, by: Actor, reason: str = "") -> AuditEvent:
    """Ends it now: a delegated admin's roles end with it. Raises Refused; mails the Global admins and the partner."""
    relationship = locked_relationship(tenant, relationship.pk)
    may_end(by, tenant, relationship.kind, status=relationship.status, partner=relationship.partner_id).require()
    release_steps.close_with_relationship(relationship, by=by, reason=reason)
    event = write_end(relationship, by=by, reason=reason)
    tell(event, partner=mailbox_of(relationship.partner))
    return event


def write_end(relationship: PartnerRelationship, *, by: Actor, reason: str) -> AuditEvent:
    """The end of a locked relationship, for acts that have asked their verdict and send mails of their own."""
    relationship.ended_at, relationship.ended_by, relationship.end_reason = database_time(), by.name, reason
    relationship.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return record_change(AuditKind.RELATIONSHIP_ENDED, relationship, by=by, reason=reason)


@transaction.atomic
def add_relationship(
    *,
    tenant: Tenant,
    partner: Partner,
    kind: RelationshipKind,
    by: Actor,
    name: str = "",
    roles: Sequence[str] = (),
    started_at: datetime | None = None,
    expires_on: datetime | None = None,
    reason: str = "",
) -> PartnerRelationship:
    """A new standing tie: entered by staff or an import, or granted by the answer to an offer."""
    relationship = PartnerRelationship.objects.create(
        tenant=tenant,
        partner=partner,
        kind=kind,
        name=name,
        roles=list(roles),
        started_at=started_at or database_time(),
        started_by=by.name,
        expires_on=expires_on,
    )
    ends = {"ends_on": day_of_end(relationship)} if expires_on else {}
    record_change(AuditKind.RELATIONSHIP_ADDED, relationship, by=by, reason=reason, **ends)
    return relationship
