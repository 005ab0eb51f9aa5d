"""May an organization ask to be matched with a partner, and may staff answer or close its request now?"""

from django.utils.translation import gettext as _

from partners.models import MatchRequest
from partners.models.match_request import MatchState
from subscriptions.access import Actor, Permission
from subscriptions.clouds import Capability, Finder
from subscriptions.models import Tenant
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, unless_closed

MOST_ASKED = 3  # partners of one request


def may_request(actor: Actor, tenant: Tenant) -> Verdict:
    """May this actor ask to be matched with a partner here?"""
    permitted = actor.may(Permission.BUY)
    return permitted if not permitted.allowed else _cloud_allows(tenant)


def _cloud_allows(tenant: Tenant) -> Verdict:
    profile = tenant.cloud_profile
    if not profile.allows(Capability.FIND_PARTNER) or profile.finder is not Finder.OWN:
        return Verdict(
            code=VerdictCode.NOT_IN_THIS_CLOUD,
            reason=_("In this cloud partners are not found in this portal."),
            next_step=_("Ask the operator who can help you."),
        )
    return unless_closed(
        tenant.cloud_status,
        reason=_("This cloud is closed: nothing is sold here and no partner can be added any more."),
        next_step=_("The partners that you have can still be reached under Partner Relationships."),
    )


def may_answer(request: MatchRequest) -> Verdict:
    """May staff mark it as answered? While it is open."""
    return _in_state(request, MatchState.OPEN)


def may_close(request: MatchRequest) -> Verdict:
    return _in_state(request, MatchState.OPEN, MatchState.ANSWERED)


def _in_state(request: MatchRequest, *states: MatchState) -> Verdict:
    if request.state in states:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("The request is in the state %(state)s already.") % {"state": request.get_state_display()},
        next_step=_("There is nothing left to do; the request stays here."),
    )
