"""What an organization does with a delegated admin that it keeps: take roles away, and let it be extended or not."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from partners.directory.rules import mailbox_of
from partners.models import PartnerRelationship
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.acts import end_relationship, may_end
from partners.relationships.changes import locked_relationship, record_change
from subscriptions.access import Actor, Decision
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.models.delegated_role import DelegatedRole
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal

EXTENSION_DAYS = 180


def may_remove_roles(actor: Actor, tenant: Tenant, relationship: PartnerRelationship) -> Verdict:
    """Taking all of them away ends it, so both ask the same. Needs `with_status()`."""
    if relationship.kind != RelationshipKind.DELEGATED_ADMIN:
        return _has_no_roles()
    return may_end(actor, tenant, relationship.kind, status=relationship.status)


def may_extend(actor: Actor, tenant: Tenant, relationship: PartnerRelationship) -> Verdict:
    """May this actor let the relationship be extended by itself? Needs `with_status()`."""
    verdict = first_refusal(
        [actor.may_decide(Decision.EXTEND_ACCESS), may_stop_extending(actor, tenant, relationship)]
    )
    if not verdict.allowed:
        return verdict
    if actor.kind is not ActorKind.MEMBER:
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Only the organization itself prolongs what a partner may do there."),
            who=_("A Global admin of the organization can do it."),
            next_step=_("Ask one of them to switch it on."),
        )
    if DelegatedRole.GLOBAL_ADMINISTRATOR in relationship.roles:
        return Verdict(
            code=VerdictCode.NO_EXTENSION_WITH_GLOBAL_ADMINISTRATOR,
            reason=_("A relationship with the role Global administrator is never extended automatically."),
            next_step=_("Remove that role first:"),
            next_label=_("Remove roles"),
            next_page=Page("partners:relationship-remove-roles", (tenant.slug, relationship.uuid)),
        )
    if relationship.expires_on is None:
        return Verdict(
            code=VerdictCode.NO_END_DATE,
            reason=_("This relationship has no end date, so there is nothing to extend."),
            next_step=_("End it when you no longer need the partner."),
        )
    return ALLOWED


def may_stop_extending(actor: Actor, tenant: Tenant, relationship: PartnerRelationship) -> Verdict:
    """As for taking roles away: it shortens what the partner has."""
    return may_remove_roles(actor, tenant, relationship)


def _has_no_roles() -> Verdict:
    return Verdict(
        code=VerdictCode.NO_ROLES,
        reason=_("A reseller relationship has no roles, and no access that could be taken away or extended."),
        next_step=_("If the partner is a delegated administrator too, open that relationship."),
    )


@transaction.atomic
def remove_roles(
    *, tenant: Tenant, relationship: PartnerRelationship, roles: Collection[str], by: Actor, reason: str = ""
) -> AuditEvent | None:
    """Takes these roles away now; taking all of them ends the relationship. None where the partner had none of them.

    Raises Refused; mails the Global admins and the partner.
    """
    relationship = locked_relationship(tenant, relationship.pk)
    may_remove_roles(by, tenant, relationship).require()
    removed = [role for role in relationship.roles if role in roles]
    if not removed:
        return None
    if len(removed) == len(relationship.roles):
        return end_relationship(tenant=tenant, relationship=relationship, by=by, reason=reason)
    relationship.roles = [role for role in relationship.roles if role not in removed]
    relationship.save(update_fields=["roles"])
    event = record_change(AuditKind.ROLES_REMOVED, relationship, by=by, reason=reason, removed=tuple(removed))
    tell(event, partner=mailbox_of(relationship.partner))
    return event


@transaction.atomic
def set_auto_extend(
    *, tenant: Tenant, relationship: PartnerRelationship, extend: bool, by: Actor, reason: str = ""
) -> AuditEvent | None:
    """Lets it be extended at its end, or no longer; None where it was so. Raises Refused, SignInTooOld."""
    relationship = locked_relationship(tenant, relationship.pk)
    verdict = may_extend if extend else may_stop_extending
    verdict(by, tenant, relationship).require()
    if extend:
        by.require_proof(Decision.EXTEND_ACCESS)
    if relationship.auto_extend == extend:
        return None
    relationship.auto_extend = extend
    relationship.save(update_fields=["auto_extend"])
    return record_change(AuditKind.RELATIONSHIP_AUTO_EXTEND, relationship, by=by, reason=reason, auto_extend=extend)
