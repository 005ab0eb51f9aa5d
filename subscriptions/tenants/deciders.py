"""Who decided what a job does later: the person of then, with the role of now."""

from datetime import datetime

from django.utils.translation import gettext as _

from subscriptions.access import Actor, Permission, held_back
from subscriptions.models import Approval, Membership, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def who_decided(tenant: Tenant, *, user_id: int, name: str, proved: datetime, decided: datetime) -> Actor:
    """With the role that this person has now, or none, and the proof that the decision had."""
    return Actor(
        kind=ActorKind.MEMBER,
        name=name,
        user_id=user_id,
        role=Membership.objects.role_of(user_id, tenant),
        proved_at=proved.timestamp(),
        decided_at=decided.timestamp(),
        held_back=held_back(tenant),
    )


def who_asked(approval: Approval, permission: Permission) -> Actor:
    """Who asked for what another one approves now. Raises Refused where that person may not do it any more."""
    asker = asker_of(approval)
    may_ask(asker, permission).require()
    return asker


def asker_of(approval: Approval) -> Actor:
    """With the role of now, or none."""
    assert approval.tenant is not None and approval.proved is not None  # noqa: S101 - the database refuses it
    return who_decided(
        approval.tenant,
        user_id=approval.asker_id,
        name=approval.asked_by,
        proved=approval.proved,
        decided=approval.asked_at,
    )


def may_ask(asker: Actor, permission: Permission) -> Verdict:
    """Whether who asked may still do it: what another one approves is done in the place of that person."""
    if asker.can(permission):
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("%(person)s, who asked for this, may not do it any more.") % {"person": asker.name},
        next_step=_("Refuse it. Who still wants it asks for it anew."),
    )
