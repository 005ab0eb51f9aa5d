"""Whether an act waits for a second person, and whether this one may decide it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission, StaffPermission, roles_with
from subscriptions.base import formats
from subscriptions.models import Approval, AuditEvent, Membership, Tenant
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal

ALWAYS = "always"
NO_WAIT = timedelta(0)
NOBODY = "–"  # who has decided what nobody decided


def needs_second_person(what: str) -> bool:
    """As the operator's setting says, or always."""
    return what == ALWAYS or what in settings.SECOND_PERSON


def may_decide(actor: Actor, approval: Approval, *, now: datetime, permission: StaffPermission) -> Verdict:
    """May this person approve or refuse it? Another one than who asked, who may do the act too, in time, and once."""
    return first_refusal([actor.may_staff(permission), _is_another(actor, approval), _still_waits(approval, now)])


def has_waited(approval: Approval, *, now: datetime, wait: timedelta) -> Verdict:
    """Is it so long ago that this was asked for? Until then whom it is about can object."""
    if now - approval.asked_at >= wait:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("This was asked for only now. It can be approved from %(moment)s on.")
        % {"moment": formats.moment(approval.asked_at + wait)},
        next_step=_("Until then the person whose account it is can object. It can be refused at any time."),
    )


def _is_another(actor: Actor, approval: Approval) -> Verdict:
    if not actor.is_same_as(user_id=approval.asker_id, application=approval.application):
        return ALLOWED
    return Verdict(
        code=VerdictCode.OWN_APPROVAL,
        reason=_("You have asked for this yourself: another person has to decide it."),
        next_step=_("Ask somebody else who may do it."),
    )


def _still_waits(approval: Approval, now: datetime) -> Verdict:
    if approval.outcome == ApprovalOutcome.WAITING and approval.expires_on > now:
        return ALLOWED
    decided = approval.outcome != ApprovalOutcome.WAITING
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("This was decided already: %(outcome)s.") % {"outcome": approval.get_outcome_display()}
        if decided
        else _("Nobody has decided this in time."),
        next_step=_("What is still wanted is asked for anew."),
    )


def may_alone(actor: Actor, tenant: Tenant, *, agreed: bool) -> Verdict:
    """May a partner of record change without a second person? Where the organization says so; the operator's staff
    have a rule of their own.
    """
    if agreed or not tenant.second_person or not actor.is_of_organization:
        return ALLOWED
    return Verdict(
        code=VerdictCode.APPROVAL_NEEDED,
        reason=_("In your organization a second person has to approve this change."),
        who=_("Any other Global admin or Billing admin can approve it."),
        next_step=_("Name the partner on the subscription's page: there the approval is asked for."),
    )


def may_decide_here(actor: Actor, approval: Approval, *, now: datetime, permission: Permission) -> Verdict:
    """May this member approve or refuse it? Another one than who asked, who may do the act too, in time, and once."""
    return first_refusal(
        [_is_of_here(actor), actor.may(permission), _is_another(actor, approval), _still_waits(approval, now)]
    )


def may_approve_here(actor: Actor, approval: Approval, *, now: datetime, permission: Permission) -> Verdict:
    """The same for a Yes; whoever was shown a token of a program may have asked in its name, and only refuses."""
    return first_refusal(
        [may_decide_here(actor, approval, now=now, permission=permission), _has_no_token(actor, approval)]
    )


def _has_no_token(actor: Actor, approval: Approval) -> Verdict:
    """The audit trail knows it of tokens that are gone, too."""
    if approval.application is None:
        return ALLOWED
    shown = AuditEvent.objects.filter(tenant=approval.tenant).of_person(actor.user_id)
    if not shown.filter(kind=AuditKind.APPLICATION_TOKEN_MADE, subject_uuid=approval.application).exists():
        return ALLOWED
    return Verdict(
        code=VerdictCode.OWN_APPROVAL,
        reason=_("You made a token of %(application)s, which asked for this: another person has to approve it.")
        % {"application": approval.asked_by},
        next_step=_("Ask somebody else who may do it."),
    )


def may_withdraw(actor: Actor, approval: Approval, *, now: datetime) -> Verdict:
    is_own = actor.is_same_as(user_id=approval.asker_id, application=approval.application)
    if is_own and actor.is_of_organization:
        return _still_waits(approval, now)
    return Verdict(
        code=VerdictCode.ROLE,
        reason=_("Only %(person)s, who asked for it, can withdraw it.") % {"person": approval.asked_by},
        next_step=_("Refuse it, if it should not be done."),
    )


def may_switch_on(tenant: Tenant) -> Verdict:
    """Is there a second person at all? Who asks never approves it."""
    if count_deciders(tenant) > 1:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NO_SECOND_PERSON,
        reason=_("Only one person of your organization may change partners of record, so nobody could approve it."),
        next_step=_("Invite another Global admin or Billing admin first."),
        next_label=_("Members"),
        next_page=Page("subscriptions:members", of=(tenant.slug,)),
    )


def count_deciders(tenant: Tenant) -> int:
    """How many people may change partners of record, and so approve what another one asks for."""
    roles = roles_with(Permission.SET_PARTNER_OF_RECORD)
    return Membership.objects.active().filter(tenant=tenant, role__in=roles).count()


def waits_already(tenant: Tenant, approval: Approval) -> Verdict:
    facts = {"person": approval.asked_by, "moment": formats.moment(approval.asked_at)}
    return Verdict(
        code=VerdictCode.APPROVAL_WAITS,
        reason=_("A change that %(person)s asked for on %(moment)s waits for approval.") % facts,
        who=_("Any other Global admin or Billing admin can approve it."),
        next_step=_("Have it approved, refused or withdrawn first."),
        next_label=_("See what waits"),
        next_page=Page("subscriptions:approval", of=(tenant.slug, approval.uuid)),
    )


def _is_of_here(actor: Actor) -> Verdict:
    """Nobody decides in the place of an organization's people: not staff, no partner, nothing that runs by itself."""
    if actor.kind is ActorKind.MEMBER:
        return ALLOWED
    if actor.application:
        return actor.application.never("subscriptions:approval-list")
    return Verdict(code=VerdictCode.ROLE, reason=_("Only people of the organization itself can decide this."))
