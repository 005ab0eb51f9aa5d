"""May a person save one more view of a list?"""

from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.base import formats
from subscriptions.models import Tenant
from subscriptions.saved_views.lists import LISTS
from subscriptions.saved_views.reads import views_of
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

MOST_VIEWS = 20  # of one list, of a person


def may_save(actor: Actor, tenant: Tenant, list_name: str) -> Verdict:
    """Whoever reads the list, as long as there are not too many."""
    return first_refusal([actor.may(LISTS[list_name].permission), _has_room(actor, tenant, list_name)])


def _has_room(actor: Actor, tenant: Tenant, list_name: str) -> Verdict:
    if views_of(tenant, actor).filter(list=list_name).count() < MOST_VIEWS:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("You have saved %(count)s views of this list, and more are not kept.")
        % {"count": formats.number(MOST_VIEWS)},
        next_step=_("Delete one that you do not need any more."),
    )
