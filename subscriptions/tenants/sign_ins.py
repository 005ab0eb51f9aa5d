"""Reset sign-in: a person who cannot sign in is mailed a link for a new password.

Only the receiver of that mail learns the link, and the old password works until it is used. So a reset locks no
person out, and lets no other one in.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission
from subscriptions.audit import acts as audit
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Membership, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.membership import ADMINS
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def may_reset_sign_in(actor: Actor, *, role: str, is_active: bool) -> Verdict:
    """May this actor reset the sign-in of a person in that role?"""
    may = actor.may(Permission.RESET_SIGN_IN)
    if not may.allowed:
        return may
    if actor.is_partner and role in ADMINS:  # out of a partner's reach, whatever its roles are
        return actor.partners_never(
            Permission.RESET_SIGN_IN, reason=_("A partner never resets the sign-in of an organization's admin.")
        )
    if not is_active:
        return Verdict(
            code=VerdictCode.WRONG_STATE,
            reason=_("This account is not active, so nobody can sign in with it."),
            who=_("The operator's support."),
            next_step=_("Ask the support to open the account again."),
        )
    return ALLOWED


@transaction.atomic
def reset_sign_in(*, tenant: Tenant, membership: Membership, by: Actor) -> AuditEvent:
    """Mails the person a link for a new password. Raises Refused, and Membership.DoesNotExist for who has left."""
    membership = Membership.objects.with_person().get(tenant=tenant, pk=membership.pk)
    may_reset_sign_in(by, role=membership.role, is_active=membership.user.is_active).require()
    event = audit.record(
        AuditKind.SIGN_IN_RESET,
        by=by,
        tenant=tenant,
        subject_name=membership.user.name,
        subject_uuid=membership.uuid,
    )
    tell(event, person=membership.user_id)
    return event
