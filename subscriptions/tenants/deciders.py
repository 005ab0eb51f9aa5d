"""Who decided what a job does later: the person of then, with the role of now."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from subscriptions.access import ActingApplication, Actor, Permission, held_back
from subscriptions.models import Application, Approval, Membership, Tenant
from subscriptions.models.audit_event import ActorKind
from subscriptions.models.people.application import ApplicationScope
from subscriptions.models.people.membership import Role
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode


def who_decided(
    tenant: Tenant,
    *,
    user_id: int | None,
    application: UUID | None = None,
    name: str,
    proved: datetime,
    decided: datetime,
) -> Actor:
    """With the role that this person or program has now, or none, and the proof that the decision had."""
    if application is not None:
        return _program(tenant, application, name)
    assert user_id is not None  # noqa: S101 - the database refuses it
    return Actor(
        kind=ActorKind.MEMBER,
        name=name,
        user_id=user_id,
        role=Membership.objects.role_of(user_id, tenant),
        proved_at=proved.timestamp(),
        decided_at=decided.timestamp(),
        held_back=held_back(tenant),
    )


def _program(tenant: Tenant, uuid: UUID, name: str) -> Actor:
    """One that is deleted since may do nothing any more."""
    row = Application.objects.filter(tenant=tenant, uuid=uuid).first()
    if row is None:
        return Actor(kind=ActorKind.MEMBER, name=name, held_back=held_back(tenant))
    return Actor(
        kind=ActorKind.APPLICATION,
        name=row.name,
        role=Role(row.role),
        held_back=held_back(tenant),
        application=ActingApplication(
            key=row.pk,
            uuid=row.uuid,
            owner=tenant.name,
            place=tenant.slug,
            role=row.role,
            scopes=frozenset(map(ApplicationScope, row.scopes)),
        ),
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
        application=approval.application,
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
