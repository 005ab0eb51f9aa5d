"""May an offer be made, sent, sent again, changed, discarded or withdrawn now? One verdict for each act.

Those about one offer need its `state_now`, its organization and its partner. Below: how often it may be done.
"""

from django.utils.translation import gettext as _

from partners.directory.rules import problem_here
from partners.models import Partner, PartnerOffer
from partners.models.partner_offer import OfferState
from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal, unless_closed


def may_offer(actor: Actor, tenant: Tenant, partner: Partner) -> Verdict:
    """May this actor make the partner's offers to this organization?"""
    return first_refusal(
        [_may_act_for(actor, partner), _is_active(tenant), _cloud_allows(tenant), _partner_is_usable(tenant, partner)]
    )


def may_send(actor: Actor, offer: PartnerOffer) -> Verdict:
    return first_refusal([_may_offer_it(actor, offer), _in_state(offer, OfferState.DRAFT)])


def may_edit(actor: Actor, offer: PartnerOffer) -> Verdict:
    """What was sent stays as it is, but for the terms."""
    return may_send(actor, offer)


def may_discard(actor: Actor, offer: PartnerOffer) -> Verdict:
    """Whatever happened to partner and cloud: only the partner has read it."""
    return first_refusal([_may_act_for(actor, offer.partner), _in_state(offer, OfferState.DRAFT)])


def may_send_again(actor: Actor, offer: PartnerOffer) -> Verdict:
    """An offer that has run out is made anew, so that each is asked about and told to be over once."""
    return first_refusal([_may_offer_it(actor, offer), _in_state(offer, OfferState.SENT)])


def may_change_terms(actor: Actor, offer: PartnerOffer) -> Verdict:
    return first_refusal([_may_offer_it(actor, offer), _in_state(offer, OfferState.DRAFT, OfferState.SENT)])


def may_withdraw(actor: Actor, offer: PartnerOffer) -> Verdict:
    """Whatever happened to partner and cloud: less is asked for afterwards."""
    of_draft = _("Discard it: the organization has never seen it.")
    return first_refusal([_may_act_for(actor, offer.partner), _in_state(offer, OfferState.SENT, of_draft=of_draft)])


def _may_offer_it(actor: Actor, offer: PartnerOffer) -> Verdict:
    return may_offer(actor, offer.tenant, offer.partner)


def _may_act_for(actor: Actor, partner: Partner) -> Verdict:
    """A partner's person acts for the partner of the workspace alone, and never from inside a customer's portal."""
    if actor.is_partner and actor.partner_key != partner.pk:
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("You do not work for this partner."),
            next_step=_("Go to the workspace of the partner that you work for."),
        )
    return actor.may(Permission.MAKE_OFFERS)


def _is_active(tenant: Tenant) -> Verdict:
    if tenant.is_active:
        return ALLOWED
    return Verdict(
        code=VerdictCode.ORGANIZATION_CLOSED if tenant.kept_until else VerdictCode.ORGANIZATION_SUSPENDED,
        reason=_("%(organization)s is in the state %(state)s, and answers no offer.")
        % {"organization": tenant.name, "state": tenant.get_state_display()},
        who=_("The operator's staff can lift it."),
        next_step=_("An offer that was sent can still be withdrawn."),
    )


def _cloud_allows(tenant: Tenant) -> Verdict:
    if not tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS):
        return Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud partners send no offers."),
            next_step=_("Give the organization your partner ID: its admins name you themselves."),
        )
    return unless_closed(
        tenant.cloud_status,
        reason=_("This cloud is closed: everything can be read, but nothing can be offered any more."),
        next_step=_("An offer that was sent can still be withdrawn."),
    )


def _partner_is_usable(tenant: Tenant, partner: Partner) -> Verdict:
    problem = problem_here(partner, tenant)
    if problem is None:
        return ALLOWED
    facts = {"id": partner.number, "country": tenant.country_name, "cloud": tenant.cloud_profile.label}
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=str(problem.sentence) % facts,
        who=_("The operator's staff keep the directory of partners."),
        next_step=_("Make the offer by an ID of yours that fits, or ask the operator's staff."),
    )


def _in_state(offer: PartnerOffer, *states: OfferState, of_draft: str = "") -> Verdict:
    """`of_draft` is what to do with a draft instead."""
    state = offer.state_now
    if state in states:
        return ALLOWED
    next_step = NEXT_STEPS[OfferState(state)]()
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The offer is in the state “%(state)s”.") % {"state": OfferState(state).label},
        next_step=of_draft if of_draft and state == OfferState.DRAFT else next_step,
    )


NEXT_STEPS = {
    OfferState.DRAFT: lambda: _("Send it first."),
    OfferState.SENT: lambda: _("Withdraw it and make a new one if something else is to be asked."),
    OfferState.ACCEPTED: lambda: _("Make a new offer if you need something else."),
    OfferState.DECLINED: lambda: _("Talk to the organization before you make a new offer."),
    OfferState.WITHDRAWN: lambda: _("Make a new offer if it is needed again."),
    OfferState.EXPIRED: lambda: _("Make a new offer: the link of this one is dead."),
}
