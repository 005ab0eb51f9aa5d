"""May a partner of record be set, named at purchase, credited by an offer, or undone now? One verdict an act."""

from django.utils.translation import gettext as _

from partners.directory.reads import PartnerUnusable
from partners.models.partner_of_record import Source
from partners.partner_of_record.history import Step
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.models import Subscription, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.subscription import PARTNER_MAY_BE_SET
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal, unless_closed


def may_set(actor: Actor, tenant: Tenant, subscription: Subscription, *, has_partner: bool) -> Verdict:
    """May this actor add a partner of record here or, where there is one, change or delete it?"""
    in_cloud = _may_edit_in_cloud(tenant) if has_partner else _may_add_in_cloud(tenant)
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), in_cloud, _state_allows(subscription)])


def may_name_at_purchase(actor: Actor, tenant: Tenant) -> Verdict:
    """May this actor name a partner in the check-out? Whether anything can be bought at all is another verdict."""
    offered = ALLOWED
    if not tenant.cloud_profile.allows(Capability.NAME_PARTNER_AT_PURCHASE):
        offered = Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud no partner is named when something is bought."),
        )
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), offered])


def may_credit_by_offer(actor: Actor, tenant: Tenant, subscription: Subscription) -> Verdict:
    """May this actor credit the partner of an accepted offer here? Only where partners send offers.

    The buyer of what the offer brought credits its partner too; that the offer was accepted is for the caller to see.
    """
    offered = ALLOWED
    if not tenant.cloud_profile.allows(Capability.RECEIVE_PARTNER_OFFERS):
        offered = Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud partners send no offers."),
        )
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), offered, _state_allows(subscription)])


def may_undo(actor: Actor, subscription: Subscription, last: Step | None) -> Verdict:
    """May this actor take the last change back? In every cloud, as it only restores what was."""
    return first_refusal([may_restore(actor, subscription), _is_undoable(actor, last)])


def may_restore(actor: Actor, subscription: Subscription) -> Verdict:
    """May this actor bring back what was before an act on many? In every cloud, and an undo of it too."""
    return first_refusal([actor.may(Permission.SET_PARTNER_OF_RECORD), _state_allows(subscription)])


def cannot_restore(unusable: PartnerUnusable) -> Verdict:
    """An undo meets a partner that cannot be named any more."""
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=formats.sentences(_("The previous partner cannot be restored."), unusable.sentence),
        next_step=unusable.next_step,
    )


def cannot_be_done(unusable: PartnerUnusable) -> Verdict:
    """What a second person agrees to meets a partner that cannot be named any more."""
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=formats.sentences(_("The change cannot be done any more."), unusable.sentence),
        next_step=unusable.next_step,
    )


def is_as_asked(subscription: Subscription, differences: list[str] | None) -> Verdict:
    """Is the subscription still as it was when its change was asked for? `differences` says what is not."""
    if differences is None:
        return ALLOWED
    told = _("%(subscription)s was changed since this was asked for.") % {"subscription": subscription.full_name}
    return Verdict(
        code=VerdictCode.CHANGED_SINCE,
        reason=formats.sentences(told, *(f"{each}{formats.mark('.')}" for each in differences)),
        next_step=_("Refuse or withdraw it. Who still wants it asks anew, by what is there now."),
    )


def _is_undoable(actor: Actor, last: Step | None) -> Verdict:
    """Not an undo itself, and not what the operator's staff did, except by staff."""
    if last is None:
        reason = _("There is no change that could be undone here.")
    elif last.is_undo:
        reason = _("The last change was an undo, which cannot be undone itself.")
    elif last.source == Source.STAFF and actor.kind is not ActorKind.STAFF:
        reason = _("The last change was made by the operator's staff, who alone can undo it.")
    else:
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOTHING_TO_UNDO,
        reason=reason,
        next_step=_("Add or edit the partner of record instead."),
    )


def _may_edit_in_cloud(tenant: Tenant) -> Verdict:
    if tenant.cloud_profile.allows(Capability.EDIT_PARTNER_OF_RECORD):
        return ALLOWED
    return Verdict(
        code=VerdictCode.NOT_IN_THIS_CLOUD,
        reason=_("In this cloud a partner of record cannot be edited."),
        next_step=_("Ask the operator's support."),
    )


def _may_add_in_cloud(tenant: Tenant) -> Verdict:
    profile = tenant.cloud_profile
    if not profile.allows(Capability.ADD_PARTNER_OF_RECORD):
        return Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud a partner of record is not added here: the partner starts it by email."),
            who=_("An authorized partner of %(operator)s.") % {"operator": profile.operator},
            next_step=_("Ask your partner to send you an offer by email."),
        )
    return unless_closed(
        tenant.cloud_status,
        reason=_("This cloud is closed: everything can be read, but no partner can be added any more."),
        next_step=_("You can still change or delete a partner that is named already."),
    )


def _state_allows(subscription: Subscription) -> Verdict:
    if subscription.status in PARTNER_MAY_BE_SET:
        return ALLOWED
    return Verdict(
        code=VerdictCode.SUBSCRIPTION_DISABLED,
        reason=_("This subscription is disabled, so its partner of record can only be read."),
        who=_("A Global admin or a Billing admin can reactivate the subscription."),
        next_step=_("Reactivate the subscription first; then the partner of record can be changed."),
    )
