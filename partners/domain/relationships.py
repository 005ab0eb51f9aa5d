"""Partner relationships: stored resellers and delegated admins, and advisors derived from the partners of record.

Sources: seed.md "View your partner relationships", "Remove a reseller relationship".
"""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from partners.domain import release_steps
from partners.domain.partner_of_record import mailbox_of
from partners.models import Partner, PartnerRelationship
from partners.models.partner_relationship import RelationshipKind, RelationshipStatus
from subscriptions.access import ALLOWED, Actor, Permission, Verdict, VerdictCode
from subscriptions.clouds import Capability
from subscriptions.domain import audit, mails
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.tenant import Role


def may_end(actor: Actor, tenant: Tenant, kind: str, *, status: str, partner: int | None = None) -> Verdict:
    """May this actor end a relationship of that kind? `partner` is whose it is: its own people may give it up."""
    is_over = status == RelationshipStatus.ENDED
    if is_over or (status == RelationshipStatus.EXPIRED and kind != RelationshipKind.RESELLER):
        return Verdict(
            code=VerdictCode.ALREADY_ENDED,
            reason=_("This relationship has ended already."),
            next_step=_("There is nothing left to do; the history stays here."),
        )
    if actor.delegations:  # whoever works there for a partner
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
    if actor.kind is ActorKind.STAFF or tenant.cloud_profile.allows(Capability.END_RESELLER_RELATIONSHIP):
        return ALLOWED
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
    relationship = locked(tenant, relationship.pk)
    may_end(by, tenant, relationship.kind, status=relationship.status, partner=relationship.partner_id).require()
    release_steps.close_with_relationship(relationship, by=by, reason=reason)
    event = write_end(tenant, relationship, by=by, reason=reason)
    mails.queue_to_company(event, MailKind.RELATIONSHIP_ENDED, mailbox_of(relationship.partner))
    mails.queue_to_members(event, MailKind.RELATIONSHIP_ENDED, roles=[Role.GLOBAL_ADMIN])
    return event


def locked(tenant: Tenant, pk: int) -> PartnerRelationship:
    """The relationship as it is now, with its status and partner; nobody else changes it until this is over."""
    return (
        PartnerRelationship.objects.with_status()
        .select_for_update(of=("self",))
        .select_related("partner")
        .get(tenant=tenant, pk=pk)
    )


def write_end(tenant: Tenant, relationship: PartnerRelationship, *, by: Actor, reason: str) -> AuditEvent:
    """The end of a locked relationship, for acts that have asked their verdict and send mails of their own."""
    relationship.ended_at, relationship.ended_by, relationship.end_reason = _now(), by.name, reason
    relationship.save(update_fields=["ended_at", "ended_by", "end_reason"])
    return _record(AuditKind.RELATIONSHIP_ENDED, tenant, relationship, by=by, reason=reason)


@transaction.atomic
def add_relationship(
    *,
    tenant: Tenant,
    partner: Partner,
    kind: RelationshipKind,
    by: Actor,
    roles=(),
    expires_on=None,
    reason: str = "",
) -> PartnerRelationship:
    """A new standing tie, entered by staff or an import."""
    relationship = PartnerRelationship.objects.create(
        tenant=tenant,
        partner=partner,
        kind=kind,
        roles=list(roles),
        started_at=_now(),
        started_by=by.name,
        expires_on=expires_on,
    )
    _record(AuditKind.RELATIONSHIP_ADDED, tenant, relationship, by=by, reason=reason)
    return relationship


def _record(
    kind: AuditKind, tenant: Tenant, relationship: PartnerRelationship, *, by: Actor, reason: str
) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=tenant,
        subject_name=relationship.partner.name,
        subject_uuid=relationship.uuid,
        reason=reason,
        detail={
            "partner": {"id": relationship.partner.partner_id, "name": relationship.partner.name},
            "relationship": relationship.kind,
            "roles": relationship.roles,
        },
    )


def _now():
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
