"""May a partner's offer be answered, and may it be accepted, now? And may what came with it be created?"""

from datetime import datetime

from django.utils.translation import gettext as _

from partners.models import PartnerOffer, PartnerPerson
from partners.models.partner import PartnerState
from partners.models.partner_offer import OfferState
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.clouds import Capability
from subscriptions.models import Tenant
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import ALLOWED, Page, Verdict, VerdictCode, first_refusal, unless_closed

ANSWERED = (OfferState.ACCEPTED, OfferState.DECLINED)


def may_answer(actor: Actor, tenant: Tenant, offer: PartnerOffer) -> Verdict:
    """May this actor say Yes or No? Needs the offer's `state_now` and its partner."""
    return first_refusal([may_read_offers(actor), _in_cloud(tenant), _is_waiting(tenant, offer)])


def may_accept(actor: Actor, tenant: Tenant, offer: PartnerOffer) -> Verdict:
    """Yes needs more than No: a partner that is active, and a cloud in which anything begins at all."""
    return first_refusal(
        [
            may_answer(actor, tenant, offer),
            _is_not_ones_own(actor, offer),
            _partner_is_active(offer),
            _cloud_is_open(tenant),
        ]
    )


def may_read_offers(actor: Actor) -> Verdict:
    """May this actor open offers? Terms and partner are shown only to those who decide."""
    verdict = actor.may(Permission.ANSWER_OFFERS)
    if verdict.allowed or actor.is_partner:
        return verdict
    return Verdict(
        code=VerdictCode.ROLE,
        reason=_("A partner asks your organization for a decision, which your role does not include."),
        who=_("A %(roles)s of your organization can answer it.") % {"roles": Role.GLOBAL_ADMIN.label},
        next_step=_("Ask an admin of your organization."),
    )


def may_create(offer: PartnerOffer) -> Verdict:
    """May what came with the offer be created? After Yes as well as after No, but not before an answer."""
    if offer.state in ANSWERED:
        return ALLOWED
    if offer.state_now == OfferState.SENT:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("This offer waits for an answer. What came with it can be created once it is answered."),
            who=_("A %(roles)s of your organization can answer it.") % {"roles": Role.GLOBAL_ADMIN.label},
            next_step=_("Choose Yes or No, then Next: either way it can be created."),
            next_label=_("Answer the offer"),
            next_page=offer_page(offer.tenant, offer),
        )
    return offer_is_dead(offer)


def offer_page(tenant: Tenant, offer: PartnerOffer) -> Page:
    return Page("partners:offer", (tenant.slug, offer.uuid))


def offer_is_dead(offer: PartnerOffer) -> Verdict:
    """Of an offer that is neither answered nor can be: withdrawn, or the time has run out."""
    if offer.state == OfferState.WITHDRAWN:
        heading = _("This offer was withdrawn")
        reason = _("The partner withdrew this offer (%(moment)s).") % {"moment": _moment(offer.withdrawn_at)}
    else:
        heading = _("This offer has expired")
        reason = _("This offer could be answered until %(moment)s.") % {"moment": _moment(offer.expires_on)}
    return Verdict(
        code=VerdictCode.OFFER_DEAD,
        heading=heading,
        reason=formats.sentences(reason, _("Nothing was granted to anybody.")),
        who=_("Only the partner can send an offer."),
        next_step=_("Ask your partner for a new offer."),
    )


def link_is_dead(actor: Actor, tenant: Tenant, offer: PartnerOffer) -> Verdict:
    """Of the link of an earlier sending: what became of the offer since, and the way there for who may read it."""
    if offer.state not in ANSWERED and offer.state_now != OfferState.SENT:
        return offer_is_dead(offer)
    may_read = may_read_offers(actor).allowed
    page = offer_page(tenant, offer) if may_read else None
    if offer.state in ANSWERED:
        return Verdict(
            code=VerdictCode.OFFER_DEAD,
            heading=_("This offer was answered"),
            reason=_answered(offer) if may_read else _("This offer was answered since."),
            next_step=_("Look at what was decided. If it is to be changed: Ask your partner for a new offer.")
            if may_read
            else _("Ask an admin of your organization."),
            next_label=_("The offer"),
            next_page=page,
        )
    return Verdict(
        code=VerdictCode.OFFER_DEAD,
        heading=_("This link was replaced by a newer one"),
        reason=_("The partner has sent this offer again since, so this link does not work any more."),
        who=_("The newest email has the link that works."),
        next_step=_("Use the link of the newest email. If there is none: Ask your partner for a new offer."),
        next_label=_("The newer offer"),
        next_page=page,
    )


def _is_waiting(tenant: Tenant, offer: PartnerOffer) -> Verdict:
    if offer.state in ANSWERED:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_answered(offer),
            next_step=_("Look at what was decided. If it is to be changed: Ask your partner for a new offer."),
            next_label=_("The offer"),
            next_page=offer_page(tenant, offer),
        )
    return ALLOWED if offer.state_now == OfferState.SENT else offer_is_dead(offer)


def _answered(offer: PartnerOffer) -> str:
    accepted = _("%(person)s accepted this offer (%(moment)s).")
    declined = _("%(person)s declined this offer (%(moment)s).")
    sentence = accepted if offer.state == OfferState.ACCEPTED else declined
    return sentence % {"person": offer.decided_by, "moment": _moment(offer.decided_at)}


def _moment(at: datetime | None) -> str:
    return formats.moment(at) if at else ""


def _in_cloud(tenant: Tenant) -> Verdict:
    if tenant.cloud_profile.allows(Capability.RECEIVE_DELEGATED_ADMIN_REQUESTS):
        return ALLOWED
    return Verdict(code=VerdictCode.NOT_IN_THIS_CLOUD, reason=_("In this cloud partners send no offers."))


def _partner_is_active(offer: PartnerOffer) -> Verdict:
    if offer.partner.state == PartnerState.ACTIVE:
        return ALLOWED
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=_("%(partner)s is not active as a partner now, so nothing can be granted to it.")
        % {"partner": offer.partner.name},
        who=_("The operator's staff decide which partners are active."),
        next_step=_("Ask the partner about it. You can say No at any time, or leave the offer until it expires."),
    )


def _is_not_ones_own(actor: Actor, offer: PartnerOffer) -> Verdict:
    """A person of the partner grants it nothing, whatever else that person is."""
    if not PartnerPerson.objects.filter(partner=offer.partner_id, user=actor.user_id).exists():
        return ALLOWED
    return Verdict(
        code=VerdictCode.OWN_OFFER,
        reason=_("You work for %(partner)s yourself, so you cannot accept its offer.")
        % {"partner": offer.partner.name},
        who=_("Another Global admin of your organization."),
        next_step=_("Ask one of them to answer the offer. You can say No."),
    )


def _cloud_is_open(tenant: Tenant) -> Verdict:
    return unless_closed(
        tenant.cloud_status,
        reason=_("This cloud is closed: everything can be read, but nothing can be granted any more."),
        next_step=_("You can say No, or leave the offer until it expires."),
    )
