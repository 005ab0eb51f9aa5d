"""Who is invited in the demo: one whose link works, and one whose time has run out, so that its address is gone."""

from datetime import timedelta

from portal.demo.history import ago
from subscriptions.mails.invitation_links import hash_of, token_of
from subscriptions.models import Invitation, Tenant
from subscriptions.models.people.invitation import GOOD_FOR, InvitationKind


def add_invitation(tenant: Tenant, *, name: str, email: str, role: str, by: str, days_ago: int) -> Invitation:
    sent = ago(days_ago)
    invitation = Invitation(
        kind=InvitationKind.MEMBER,
        tenant=tenant,
        role=role,
        place=tenant.name,
        name=name,
        email=email if timedelta(days=days_ago) < GOOD_FOR else "",
        invited_at=sent,
        invited_by=by,
        expires_on=sent + GOOD_FOR,
    )
    invitation.token_hash = hash_of(token_of(invitation.uuid))
    invitation.save(force_insert=True)
    return invitation
