"""A second factor that is lost with all its codes: staff take it off, after a day and by a second one."""

from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.db import scopes
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.tenants.accounts import may_keep
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

OBJECTION = timedelta(hours=24)  # in which the person, who is mailed at once, can object


def may_reset_second_factor(actor: Actor, user: User) -> Verdict:
    """May the second factor of this account be taken off? Never that of one of the staff. Needs the staff's scope."""
    return first_refusal([may_keep(user, actor), _is_no_staff(user), _has_one(user)])


@transaction.atomic
def reset_second_factor(*, user: User, by: Actor, reason: str) -> AuditEvent:
    """The password alone signs in again, and every session ends. Raises Refused. Needs the staff's scope."""
    user = User.objects.select_for_update().get(pk=user.pk)
    may_reset_second_factor(by, user).require()
    with scopes.nobody():
        Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(session_generation=F("session_generation") + 1)
    event = audit.record(
        AuditKind.SECOND_FACTOR_RESET,
        by=by,
        tenant=None,
        subject_name=user.name,
        subject_uuid=user.uuid,
        reason=reason,
    )
    tell(event, person=user.pk)
    return event


def _is_no_staff(user: User) -> Verdict:
    if not user.is_staff:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("This is one of the staff, who need a second factor at any time."),
        next_step=_("Who runs the portal makes a new link for this person, with manage.py setup."),
    )


def _has_one(user: User) -> Verdict:
    with scopes.person(user.pk):
        if Authenticator.objects.filter(user=user).exists():
            return ALLOWED
    return Verdict(code=VerdictCode.WRONG_STATE, reason=_("This account has no second factor."))
