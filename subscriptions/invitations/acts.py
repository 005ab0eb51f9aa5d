"""People come by invitation: one engine for members, partners' people and staff.

An invitation works once, for seven days by the database's clock, for one mail address and one role. Sending it again,
or inviting the same address to the same place once more, makes the older link worthless. Whether an address has an
account is told to nobody but its owner.
"""

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from subscriptions.access import Actor, Decision
from subscriptions.audit import acts as audit
from subscriptions.base.typed import read_email
from subscriptions.db import scopes
from subscriptions.db.locks import lock_name, lock_row
from subscriptions.invitations.events import Invited
from subscriptions.invitations.places import Place, place_of
from subscriptions.invitations.rules import may_accept, may_send_again, may_withdraw
from subscriptions.mails.invitation_links import hash_of, token_of
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Invitation, Tenant, User
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import AgentRole
from subscriptions.models.people.invitation import InvitationKind, InvitationState
from subscriptions.models.people.membership import Role
from subscriptions.models.people.staff_role import StaffRole
from subscriptions.tenants import accounts


class AlreadyThere(Exception):
    """Somebody with this address belongs to the place already; the text says so."""


@transaction.atomic
def invite(
    place: Place,
    *,
    email: str,
    name: str,
    by: Actor,
    language: str = "",
    reason: str = "",
    kind: AuditKind | None = None,
) -> Invitation:
    """Mails a link; an earlier one to this address and place dies. Raises AlreadyThere, Refused, SignInTooOld.

    Needs a scope in which the place's invitations are written: the organization's, the partner's, or the staff's.
    """
    by.require_proof(Decision.CHANGE_MEMBERS)
    email = read_email(email)
    _make_room(place, email, by=by)
    invitation = Invitation(
        kind=place.kind,
        place=place.name,
        email=email,
        name=name,
        language=language or place.language,
        invited_by=by.name,
        **place.columns(),
    )
    invitation.token_hash = hash_of(token_of(invitation.uuid))
    invitation.save(force_insert=True)
    event = _record(kind or AuditKind.INVITATION_SENT, invitation, by=by, reason=reason)
    tell(event, invitation=invitation)
    return invitation


def _make_room(place: Place, email: str, *, by: Actor) -> None:
    """Holds the address until the end of the transaction. Raises AlreadyThere, Refused."""
    _lock_address(place, email)
    place.still_lets(by).require()
    if place.has(email):
        raise AlreadyThere(_("Somebody with this address is here already."))
    _end(place.invitations().waiting().filter(email=email), InvitationState.REPLACED)


@transaction.atomic
def send_again(*, invitation: Invitation, by: Actor, reason: str = "") -> Invitation:
    """A new one, to the same address and in the same role, for another seven days. Raises Refused, SignInTooOld."""
    by.require_proof(Decision.CHANGE_MEMBERS)
    _lock_address(place_of(invitation), invitation.email)
    invitation = lock_invitation(invitation)
    may_send_again(invitation).require()
    return invite(
        place_of(invitation),
        email=invitation.email,
        name=invitation.name,
        language=invitation.language,
        by=by,
        reason=reason,
        kind=AuditKind.INVITATION_SENT_AGAIN,
    )


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Actor, reason: str = "") -> Invitation:
    """Its link opens nothing any more, and its address is erased. Raises Refused."""
    invitation = lock_invitation(invitation)
    may_withdraw(invitation).require()
    _end(Invitation.objects.filter(pk=invitation.pk), InvitationState.WITHDRAWN)
    _record(AuditKind.INVITATION_WITHDRAWN, invitation, by=by, reason=reason)
    return invitation


def withdraw_all(tenant: Tenant, by: Actor, reason: str) -> None:
    """Those that wait for somebody to come to an organization that is closed."""
    for invitation in Invitation.objects.waiting().filter(tenant=tenant).order_by("pk"):
        held = lock_invitation(invitation)
        if may_withdraw(held).allowed:
            withdraw(invitation=held, by=by, reason=reason)


def withdraw_from(user: User, by: Actor, reason: str) -> None:
    """Those that wait for a person who is erased."""
    for invitation in Invitation.objects.waiting().filter(email=user.email).order_by("pk"):
        withdraw(invitation=invitation, by=by, reason=reason)


@transaction.atomic
def accept(token: str, user: User) -> Invitation:
    """The person comes to where the link leads: an account that exists, or a new one with its password set.

    Raises Refused, and Invitation.DoesNotExist for a link that is none. A new account is that of the invitation's
    address, whose mailbox is proved by the link.
    """
    with scopes.invited(hash_of(token), user.pk):
        invitation = lock_invitation(Invitation.objects.get(token_hash=hash_of(token)))
        may_accept(invitation, email=user.email).require()
        if user._state.adding:
            accounts.add_invited(user)
        place = place_of(invitation)
        place.join(user, by=place.actor(user))
        _end(Invitation.objects.filter(pk=invitation.pk), InvitationState.ACCEPTED)
    return invitation


def find_by_token(token: str) -> Invitation | None:
    """With `is_late`; None for a link that is none."""
    with scopes.invited(hash_of(token)):
        return Invitation.objects.with_lateness().filter(token_hash=hash_of(token)).first()


def erase_late_addresses() -> int:
    """Of those whose time has run out: how many. Needs the worker's scope."""
    late = Invitation.objects.waiting().filter(expires_on__lte=Now()).exclude(email="")
    return late.update(email="")


def _lock_address(place: Place, email: str) -> None:
    """Before any of its rows, so that no two acts wait for each other in a circle."""
    lock_name("invitation", place.key, email)


def lock_invitation(invitation: Invitation) -> Invitation:
    """As it is after the wait, with `is_late` by the clock of then."""
    lock_row(Invitation.objects.all(), invitation.pk)
    return Invitation.objects.with_lateness().select_related("tenant", "partner").get(pk=invitation.pk)


def _end(rows: QuerySet[Invitation], state: InvitationState) -> None:
    rows.update(state=state, email="", ended=Now())


def _record(kind: AuditKind, invitation: Invitation, *, by: Actor, reason: str) -> AuditEvent:
    invitation.refresh_from_db(fields=["expires_on"])
    return audit.record(
        kind,
        by=by,
        tenant=invitation.tenant,
        subject_name=invitation.name,
        subject_uuid=invitation.uuid,
        reason=reason,
        facts=_facts_of(invitation),
    )


def _facts_of(invitation: Invitation) -> Invited:
    is_agent = invitation.kind == InvitationKind.PARTNER_PERSON
    return Invited(
        role=Role(invitation.role) if invitation.kind == InvitationKind.MEMBER else None,
        agent_role=AgentRole(invitation.role) if is_agent else None,
        groups=tuple(map(StaffRole, invitation.groups)),
        place=invitation.place,
        until=invitation.expires_on,
    )
