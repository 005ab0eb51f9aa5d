"""Whether an act waits for a second person, and whether this one may decide it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.base import formats
from subscriptions.models import Approval
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

ALWAYS = "always"
NO_WAIT = timedelta(0)


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
    if actor.user_id != approval.asker_id:
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
