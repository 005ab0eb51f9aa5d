"""May an act on many be decided, paused, resumed, stopped or undone now? One verdict each."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission
from subscriptions.bulk.kinds import KINDS
from subscriptions.clouds import Text
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import GOES_ON, OPEN, OVER, UNDECIDED, BulkState
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

PREVIEW_KEPT = timedelta(minutes=30)
SEES_MANY = Permission.SET_PARTNER_OF_RECORD  # who acts on many, and reads what was done that way


def may_begin(actor: Actor, kind: str) -> Verdict:
    return actor.may(KINDS[kind].permission)


def is_current(act: BulkAct, actor: Actor) -> bool:
    """Whether this person may decide what this preview shows: its own, and still new enough."""
    is_own = actor.is_same_as(user_id=act.user_id, application=act.application)
    return is_own and act.previewed is not None and timezone.now() - act.previewed < PREVIEW_KEPT


def may_decide(actor: Actor, act: BulkAct) -> Verdict:
    return first_refusal([may_begin(actor, act.kind), _must_be(act, UNDECIDED), _has_something_to_do(act)])


def may_approve(act: BulkAct, *, moved: int) -> Verdict:
    """May an act that waits for a second person begin? `moved` is how many of its rows are not as they were."""
    if act.state == BulkState.ASKED and act.waiting == moved:
        reason = _("All of these subscriptions were changed by somebody else since: nothing is left to be done.")
        return _no(VerdictCode.CHANGED_SINCE, reason)
    return _must_be(act, (BulkState.ASKED,))


def may_pause(actor: Actor, act: BulkAct) -> Verdict:
    return first_refusal([may_begin(actor, act.kind), _must_be(act, GOES_ON)])


def may_resume(actor: Actor, act: BulkAct) -> Verdict:
    return first_refusal([may_begin(actor, act.kind), _must_be(act, (BulkState.PAUSED,))])


def may_stop(actor: Actor, act: BulkAct) -> Verdict:
    return first_refusal([may_begin(actor, act.kind), _must_be(act, OPEN)])


def may_undo(actor: Actor, act: BulkAct) -> Verdict:
    """Within the days of its kind, and once; an undo is such an act itself, which can be undone too."""
    return first_refusal([may_begin(actor, act.kind), _must_be(act, OVER), _is_undoable(act)])


def _must_be(act: BulkAct, states: Collection[str]) -> Verdict:
    if act.state in states:
        return ALLOWED
    return _no(VerdictCode.WRONG_STATE, _("This change on many is: %(state)s.") % {"state": act.get_state_display()})


def _has_something_to_do(act: BulkAct) -> Verdict:
    if act.planned:
        return ALLOWED
    return _no(VerdictCode.WRONG_STATE, _("None of the subscriptions that you chose would change."))


def _is_undoable(act: BulkAct) -> Verdict:
    if not act.changed:
        reason = _("There is no change that could be undone here.")
    elif act.ended is None or timezone.now() - act.ended > KINDS[act.kind].undone_within:
        reason = _("It was done more than %(days)s days ago.") % {"days": KINDS[act.kind].undone_within.days}
    elif _undone(act).exists():
        reason = _("It was undone already.")
    else:
        return ALLOWED
    return _no(VerdictCode.NOTHING_TO_UNDO, reason)


def _undone(act: BulkAct) -> QuerySet[BulkAct]:
    """An undo that was decided, but for one that was stopped before anything of it was done."""
    decided = BulkAct.objects.filter(tenant_id=act.tenant_id, undo_of=act).exclude(state__in=UNDECIDED)
    return decided.exclude(state=BulkState.CANCELED, changed=0)


def _no(code: VerdictCode, reason: Text) -> Verdict:
    return Verdict(code=code, reason=reason, next_step=_("Look at it as it is now."))
