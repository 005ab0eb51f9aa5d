"""Whether an invitation can still be used, sent again or withdrawn; each end has its own sentence."""

from django.utils.translation import gettext as _

from subscriptions.base import formats
from subscriptions.models import Invitation
from subscriptions.models.people.invitation import InvitationState
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def may_accept(invitation: Invitation, *, email: str) -> Verdict:
    """May the person with this address use the link? Needs `is_late`."""
    over = may_open(invitation)
    if not over.allowed:
        return over
    if invitation.email != email:
        return Verdict(
            code=VerdictCode.INVITED_ELSEWHERE,
            heading=_("This invitation is for somebody else"),
            reason=_("It is for %(address)s.") % {"address": invitation.email},
            next_step=_("Sign out, then open the link with that account."),
        )
    return ALLOWED


def may_open(invitation: Invitation) -> Verdict:
    """Does the link still lead anywhere? Needs `is_late`."""
    if invitation.state == InvitationState.PENDING and not invitation.is_late:
        return ALLOWED
    return _over(invitation)


def _over(invitation: Invitation) -> Verdict:
    ended = formats.moment(invitation.ended or invitation.expires_on)
    heading, reason, next_step = _end_in_words(invitation.state)
    return Verdict(
        code=VerdictCode.INVITATION_OVER,
        heading=heading,
        reason=reason % {"moment": ended},
        who=_("%(name)s, who sent it.") % {"name": invitation.invited_by},
        next_step=next_step,
    )


def _end_in_words(state: str) -> tuple[str, str, str]:
    """Heading, reason with a place for the moment, and next step; one that waits still has run out."""
    match state:
        case InvitationState.ACCEPTED:
            return (
                _("This invitation has been used"),
                _("It works once, and was used on %(moment)s."),
                _("Sign in with your password. If you did not use it yourself, tell who sent it."),
            )
        case InvitationState.WITHDRAWN:
            return (
                _("This invitation was withdrawn"),
                _("It was withdrawn on %(moment)s."),
                _("Ask for a new invitation if you still need one."),
            )
        case InvitationState.REPLACED:
            return (
                _("There is a newer invitation"),
                _("A newer one was sent on %(moment)s, so this link opens nothing any more."),
                _("Open the link in the newest mail."),
            )
    return (
        _("This invitation has run out"),
        _("It was good until %(moment)s."),
        _("Ask for a new invitation."),
    )


def may_send_again(invitation: Invitation) -> Verdict:
    """Not once its address is erased. Needs `is_late`."""
    if invitation.state == InvitationState.PENDING and invitation.is_late:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("It has run out, and its email address is erased."),
            next_step=_("Invite the person anew."),
        )
    return may_withdraw(invitation)


def may_withdraw(invitation: Invitation) -> Verdict:
    if invitation.state == InvitationState.PENDING:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("It is not waiting any more: %(state)s.") % {"state": invitation.get_state_display()},
        next_step=_("Look at the list: it says who belongs here now."),
    )
