"""People's accounts, as staff make, correct and close them. Audit never keeps a mail address or a password."""

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission, staff_actor
from subscriptions.audit.changes import store
from subscriptions.base import formats
from subscriptions.db import scopes
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal


class OwnAccount(Exception):
    """Staff do not close their own account; the text says so."""


FACTS = ("email", "name", "language", "time_zone")


def may_keep(user: User, actor: Actor) -> Verdict:
    """May this account be corrected or closed? That of one of the staff only by those who make staff: who can change
    the address of its sign-in can become that person.
    """
    needed = StaffPermission.MAKE_STAFF if user.is_staff else StaffPermission.KEEP_ACCOUNTS
    return first_refusal([actor.may_staff(needed), not_erased(user)])


def not_erased(user: User) -> Verdict:
    if user.erased is None:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("This account was erased on %(day)s.") % {"day": formats.day(user.erased)},
        next_step=_("Invite the person anew."),
    )


def hold_accounts(user: User, by: Actor) -> Actor:
    """Who acts, as he may now. Both accounts are held until the transaction ends, so that of two who act on each
    other one comes first, and somebody who makes staff is always left. Needs the staff's scope.
    """
    rows = User.objects.select_for_update().filter(pk__in=[by.user_id, user.pk]).order_by("pk")
    held = {row.pk: row for row in rows}
    return staff_actor(held[by.user_id]) if by.user_id in held else by


@transaction.atomic
def save_account(*, user: User, by: Actor, reason: str = "") -> AuditEvent | None:
    """A new account comes with its password set; where it read mails until now, it is told of another address.

    Raises Refused.
    """
    may_keep(user, hold_accounts(user, by)).require()
    before = User.objects.filter(pk=user.pk).values_list("email", flat=True).first()
    event = _store(user, FACTS, by=by, reason=reason)
    _keep_sign_in_address(user)
    if event and before and before != user.email:
        tell(event, person=user.pk, former_address=before)
    return event


@transaction.atomic
def set_active(*, user: User, active: bool, by: Actor, reason: str) -> AuditEvent | None:
    """An account that is not active cannot sign in, and its sessions end with the next request.

    Needs the staff's scope. Raises OwnAccount, Refused.
    """
    if by.user_id == user.pk:
        raise OwnAccount(_("This is your own account."))
    may_keep(user, hold_accounts(user, by)).require()
    user.is_active = active
    return _store(user, ("is_active",), by=by, reason=reason)


def add_invited(user: User) -> None:
    """The account of who was invited, with its password set; the link has proved its address. Needs the scope of the
    invitation, in which no other account can be made.
    """
    user.save(force_insert=True)
    with scopes.nobody():
        _keep_sign_in_address(user)


def _store(user: User, facts: tuple[str, ...], *, by: Actor, reason: str) -> AuditEvent | None:
    return store(
        user,
        facts=facts,
        withheld=("email",),
        added=AuditKind.ACCOUNT_CHANGED,
        changed=AuditKind.ACCOUNT_CHANGED,
        by=by,
        tenant=None,
        reason=reason,
    )


def _keep_sign_in_address(user: User) -> None:
    """The sign-in reads its own table of addresses; one that staff entered counts as verified."""
    EmailAddress.objects.update_or_create(user=user, primary=True, defaults={"email": user.email, "verified": True})
