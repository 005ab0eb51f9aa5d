"""Whether a release request may be made and answered now; if not, why, who can help, and what to do next.

Staff act on the reseller's behalf. They may release in spite of subscriptions that the reseller manages.
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import ReleaseRequest
from partners.models.partner_relationship import RelationshipStatus
from partners.models.release_request import ReleaseState
from partners.relationships.managed import NOTHING, Managed
from subscriptions.access import Actor, Permission
from subscriptions.base import formats
from subscriptions.models.audit_event import ActorKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode
from subscriptions.web.paging import COUNT_CAP


def may_request(actor: Actor, *, status: str, is_open: bool) -> Verdict:
    """May this actor ask the reseller to end a relationship of that status?"""
    permitted = actor.may(Permission.END_RELATIONSHIP)
    if not permitted.allowed:
        return permitted
    if status != RelationshipStatus.ACTIVE:
        return _already_ended()
    if is_open:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("The reseller was asked already."),
            next_step=_("Wait for the answer, or take the request back."),
        )
    return ALLOWED


def may_take_back(actor: Actor, request: ReleaseRequest) -> Verdict:
    permitted = actor.may(Permission.END_RELATIONSHIP)
    return permitted if not permitted.allowed else _still_open(request)


def may_acknowledge(actor: Actor, request: ReleaseRequest) -> Verdict:
    """Only the reseller's own people say that they have seen it, and only once."""
    permitted = actor.may(Permission.ANSWER_RELEASE_REQUESTS)
    if permitted.allowed and actor.kind is ActorKind.STAFF:
        return Verdict(
            code=VerdictCode.ROLE,
            reason=_("Only the reseller can say that it has seen the request."),
            who=_("The reseller's own people."),
            next_step=_("Release or decline on the reseller's behalf instead."),
        )
    if permitted.allowed and request.state == ReleaseState.ACKNOWLEDGED:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("The request was acknowledged already."),
            next_step=_("Release the organization, or decline with a reason."),
        )
    return permitted if not permitted.allowed else _still_open(request)


def may_decline(actor: Actor, request: ReleaseRequest) -> Verdict:
    permitted = actor.may(Permission.ANSWER_RELEASE_REQUESTS)
    return permitted if not permitted.allowed else _still_open(request)


def may_release(actor: Actor, request: ReleaseRequest, *, blocks: Managed = NOTHING) -> Verdict:
    """`blocks`: the live subscriptions of the organization that the reseller manages."""
    verdict = may_decline(actor, request)
    return verdict if not verdict.allowed or actor.kind is ActorKind.STAFF else _none_managed(blocks)


def may_leave(actor: Actor, *, status: str, blocks: Managed = NOTHING) -> Verdict:
    """May a reseller's person end its relationship unasked? As releasing, but for the request."""
    permitted = actor.may(Permission.ANSWER_RELEASE_REQUESTS)
    if not permitted.allowed:
        return permitted
    return _already_ended() if status == RelationshipStatus.ENDED else _none_managed(blocks)


def _none_managed(blocks: Managed) -> Verdict:
    if blocks.until is None:
        return ALLOWED
    shown = formats.number(blocks.total) if blocks.total < COUNT_CAP else f"{formats.number(COUNT_CAP - 1)}+"
    return Verdict(
        code=VerdictCode.BLOCKED_BY_SUBSCRIPTIONS,
        reason=ngettext(
            "Your company still manages %(count)s active subscription of the organization.",
            "Your company still manages %(count)s active subscriptions of the organization.",
            blocks.total,
        )
        % {"count": shown},
        who=_("Your company; the operator's staff, if another one manages them."),
        next_step=_(
            "Wait until these have ended (without recurring billing the last term ends on %(day)s), or move them "
            "away from your company; then release."
        )
        % {"day": formats.day(blocks.until)},
    )


def _already_ended() -> Verdict:
    return Verdict(
        code=VerdictCode.ALREADY_ENDED,
        reason=_("This relationship has ended already."),
        next_step=_("There is nothing left to do; the history stays here."),
    )


def _still_open(request: ReleaseRequest) -> Verdict:
    if request.is_open:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The request is in the state %(state)s already.") % {"state": request.get_state_display()},
        next_step=_("There is nothing left to do; the request stays here."),
    )
