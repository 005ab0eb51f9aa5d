"""Who decided what a job does later: the person of then, with the role of now."""

from datetime import datetime

from subscriptions.access import Actor, held_back
from subscriptions.models import Membership, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.membership import Role


def who_decided(tenant: Tenant, *, user_id: int, name: str, proved: datetime, decided: datetime) -> Actor:
    """With the role that this person has now, or none, and the proof that the decision had."""
    found = Membership.objects.active().filter(tenant=tenant, user=user_id).values_list("role", flat=True)
    role = found.first()
    return Actor(
        kind=ActorKind.MEMBER,
        name=name,
        user_id=user_id,
        role=Role(role) if role else None,
        proved_at=proved.timestamp(),
        decided_at=decided.timestamp(),
        held_back=held_back(tenant),
    )
