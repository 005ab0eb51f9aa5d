"""Who is one of the operator's staff, and what each of them does: given by those who make staff, never to oneself."""

from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.approvals.rules import needs_second_person
from subscriptions.audit import acts as audit
from subscriptions.audit.events import StaffRolesChanged
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants.accounts import hold_accounts
from subscriptions.tenants.viewing import end_viewing
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

NEW_STAFF = "staff"  # in the setting of what a second person has to approve


def may_set_roles(actor: Actor, user: User) -> Verdict:
    return first_refusal([actor.may_staff(StaffPermission.MAKE_STAFF), _not_own(actor, user)])


def _not_own(actor: Actor, user: User) -> Verdict:
    if actor.user_id != user.pk:
        return ALLOWED
    return Verdict(
        code=VerdictCode.OWN_ROLES,
        reason=_("These are your own roles: nobody gives or takes them for himself."),
        next_step=_("Ask somebody else who makes staff."),
    )


@transaction.atomic
def set_staff_roles(*, user: User, roles: Collection[StaffRole], by: Actor, reason: str) -> AuditEvent | None:
    """One of the staff is who has a role; without any, the account is an ordinary one. None where nothing changes.

    Needs the staff's scope. Raises Refused.
    """
    now = hold_accounts(user, by)
    user = User.objects.get(pk=user.pk)
    may_set_roles(now, user).require()
    return _write(user, frozenset(roles), by=by, reason=reason)


@transaction.atomic
def join_staff(*, user: User, roles: Collection[StaffRole], by: Actor) -> AuditEvent | None:
    """Somebody whom one of those who make staff has invited comes to be one of them; nothing for who is one already.
    Where a second person has to agree, without any role yet: roles are then given by the act that asks for one.

    Needs the staff's scope.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_staff:
        return None
    after = frozenset() if needs_second_person(NEW_STAFF) else frozenset(roles)
    return _write(user, after, by=by, reason=_("Invitation accepted"), is_staff=True)


def _write(
    user: User, after: frozenset[StaffRole], *, by: Actor, reason: str, is_staff: bool = False
) -> AuditEvent | None:
    before, is_staff = user.staff_roles, is_staff or bool(after)
    if before == after and user.is_staff == is_staff:
        return None
    user.groups.remove(*Group.objects.filter(name__in=before - after))
    user.groups.add(*Group.objects.filter(name__in=after - before))
    user.is_staff = is_staff
    user.save(update_fields=["is_staff"])
    end_viewing(user.pk)
    event = audit.record(
        AuditKind.STAFF_ROLES_CHANGED,
        by=by,
        tenant=None,
        subject_name=user.name,
        subject_uuid=user.uuid,
        reason=reason,
        facts=StaffRolesChanged(in_order(before), in_order(after)),
    )
    tell(event, person=user.pk)
    return event


def in_order(roles: Collection[StaffRole]) -> tuple[StaffRole, ...]:
    return tuple(role for role in StaffRole if role in roles)
