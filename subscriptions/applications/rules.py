"""May one more application or token be made? There are only so many of each."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from subscriptions.applications.owners import Owner
from subscriptions.base import formats
from subscriptions.models import Application, ApplicationToken
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode

MOST_APPLICATIONS = 50  # of one owner
MOST_TOKENS = 2  # of one application that are good at once: the next one, while the last is still in use


def may_make(owner: Owner) -> Verdict:
    if owner.applications().count() < MOST_APPLICATIONS:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("There are %(count)s applications already, and more are not kept.")
        % {"count": formats.number(MOST_APPLICATIONS)},
        next_step=_("Delete one that is not needed any more."),
    )


def may_make_token(application: Application) -> Verdict:
    """Those whose time has run out count no more."""
    if ApplicationToken.objects.live().filter(application=application).count() < MOST_TOKENS:
        return ALLOWED
    told = ngettext(
        "This application has a token that is good; more are not good at once.",
        "This application has %(count)s tokens that are good; more are not good at once.",
        MOST_TOKENS,
    )
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=told % {"count": formats.number(MOST_TOKENS)},
        next_step=_("Revoke the one that is not used any more, then make a new one."),
    )
