"""What a member asks another one to approve: asked for, approved, refused, withdrawn, or not decided in time.

Whoever writes holds what a request is about first and the request second, so that two never wait for each other.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from subscriptions.access import Actor, Decision, the_portal
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.rules import NOBODY, may_approve_here, may_decide_here, may_withdraw, waits_already
from subscriptions.approvals.wanted import Wanted, wanted_of
from subscriptions.audit import acts as audit
from subscriptions.audit.correlation import correlated
from subscriptions.db import scopes
from subscriptions.db.batches import work_off_each
from subscriptions.mails.receivers import tell
from subscriptions.models import Approval, AuditEvent, Membership, Tenant
from subscriptions.models.approval import MEMBERS_WAIT_FOR, ApprovalOutcome
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Refused, Stale

JOB = "subscriptions.expire_approvals"
WAITING = ApprovalOutcome.WAITING


@dataclass(frozen=True)
class Asker:
    """Who wants it, and when that person was last proved to be it."""

    user_id: int | None
    name: str
    proved: datetime
    application: UUID | None = None


def asker_as(by: Actor) -> Asker:
    """A program proves itself with each request."""
    proved = time.time() if by.application else min(by.proved_at or 0, time.time())
    return Asker(by.user_id, by.name, datetime.fromtimestamp(proved, tz=UTC), by.application_uuid)


def ask(
    *,
    act: str,
    tenant: Tenant,
    row: int,
    subject_name: str,
    facts: ChangeWanted,
    by: Actor,
    reason: str = "",
    kept: Mapping[str, Any] | None = None,
    asker: Asker | None = None,
) -> Approval:
    """Nothing is done yet. `kept` is what the act needs to be done later. Everybody else who may decide is mailed,
    but where `asker` is another one than who acts: then one mail tells of all that wait.

    Raises Refused where the same already waits. Needs the organization's scope, and a lock on what it is about.
    """
    who = asker or asker_as(by)
    _require_none(tenant, act, row)
    about = {"tenant": tenant, "act": act, "row": row, "subject_name": subject_name[:200]}
    wanted = {**facts.to_detail(), **(kept or {})}
    approval = Approval.objects.create(
        **about,
        of_staff=False,
        wanted=wanted,
        reason=reason,
        **{"asker_id": who.user_id, "application": who.application, "asked_by": who.name, "proved": who.proved},
        expires_on=timezone.now() + MEMBERS_WAIT_FOR,
    )
    event = _record(AuditKind.CHANGE_ASKED, approval, by=by, reason=reason)
    if asker is None:
        tell(event)
    return approval


def _require_none(tenant: Tenant, act: str, row: int) -> None:
    """What ran out in the meantime no longer waits. Raises Refused."""
    there = Approval.objects.filter(tenant=tenant, act=act, row=row, outcome=WAITING)
    for late in there.filter(expires_on__lte=Now()).select_for_update(of=("self",)):
        late.tenant = tenant
        _end(late, ApprovalOutcome.EXPIRED, AuditKind.CHANGE_NOT_DECIDED, by=the_portal())
    if waiting := there.first():
        raise Refused(waits_already(tenant, waiting))


@transaction.atomic
def approve(*, approval: Approval, seen: str, by: Actor) -> AuditEvent:
    """Does what is wanted, as who asked, with all its verdicts asked again. `seen` is what the page showed.

    Raises SignInTooOld, Refused, and Stale where it is not what was seen.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    wanted = wanted_of(approval, held=True)
    held = _held(approval)
    may_approve_here(_as_now(by, wanted), held, now=timezone.now(), permission=wanted.permission).require()
    if wanted.seen != seen:
        raise Stale
    wanted.may().require()
    with correlated(held.uuid):
        event = _end(held, ApprovalOutcome.APPROVED, AuditKind.CHANGE_APPROVED, by=by)
        wanted.perform()
    return event


@transaction.atomic
def refuse(*, approval: Approval, by: Actor, reason: str) -> AuditEvent:
    """Raises Refused."""
    wanted = wanted_of(approval, held=True)
    held = _held(approval)
    may_decide_here(_as_now(by, wanted), held, now=timezone.now(), permission=wanted.permission).require()
    event = _end(held, ApprovalOutcome.REFUSED, AuditKind.CHANGE_REFUSED, by=by, reason=reason)
    wanted.drop(by)
    return event


def _as_now(by: Actor, wanted: Wanted) -> Actor:
    """With the role of now, which may have been lost while the request waited for a lock."""
    return replace(by, role=Membership.objects.role_of(by.user_id, wanted.tenant))


@transaction.atomic
def withdraw(*, approval: Approval, by: Actor) -> AuditEvent:
    """By who asked alone. Raises Refused."""
    wanted = wanted_of(approval, held=True)
    held = _held(approval)
    may_withdraw(by, held, now=timezone.now()).require()
    event = _end(held, ApprovalOutcome.WITHDRAWN, AuditKind.CHANGE_WITHDRAWN, by=by)
    wanted.drop(by)
    return event


def close_waiting(tenant: Tenant, act: str, row: int, by: Actor) -> None:
    """What was asked for is over without a decision. Needs a lock on what it is about."""
    for approval in Approval.objects.filter(tenant=tenant, act=act, row=row, outcome=WAITING):
        held = _held(approval)
        if held.outcome == WAITING:
            _end(held, ApprovalOutcome.WITHDRAWN, AuditKind.CHANGE_WITHDRAWN, by=by)


def delete_all(tenant: Tenant) -> int:
    """Of an organization that is deleted, as they say its own names; how many there were. What waited is withdrawn
    first: that, as all else, stands in the audit trail. Needs the worker's scope.
    """
    asked = Approval.objects.filter(tenant=tenant, of_staff=False)
    for approval in asked.filter(outcome=WAITING).order_by("pk"):
        approval.tenant = tenant
        _end(_held(approval), ApprovalOutcome.WITHDRAWN, AuditKind.CHANGE_WITHDRAWN, by=the_portal())
    return asked.delete()[0]


def expire_all() -> None:
    """What nobody has decided in time. One that somebody holds, or that fails, is left for the next run."""
    with scopes.worker():
        late = list(Approval.objects.filter(of_staff=False, outcome=WAITING, expires_on__lte=Now()).order_by("pk"))
    work_off_each(late, _expire, job=JOB)


def _expire(late: Approval) -> None:
    approval = Approval.objects.select_related("tenant").get(pk=late.pk)
    wanted = wanted_of(approval, held=True)
    held = _held(approval)
    if held.outcome == WAITING and held.expires_on <= timezone.now():
        _end(held, ApprovalOutcome.EXPIRED, AuditKind.CHANGE_NOT_DECIDED, by=the_portal())
        wanted.drop(the_portal())


def _held(approval: Approval) -> Approval:
    """As it is now, until the transaction ends."""
    held = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    held.tenant = approval.tenant
    return held


def _end(approval: Approval, outcome: ApprovalOutcome, kind: AuditKind, *, by: Actor, reason: str = "") -> AuditEvent:
    """Who asked is told, but of what that person did itself, and while it belongs to the organization."""
    approval.outcome, approval.decider_id = outcome, None if by.user_id == approval.asker_id else by.user_id
    approval.decided_at, approval.decided_by = Now(), by.name if by.user_id else NOBODY
    approval.save(update_fields=["outcome", "decider", "decided_at", "decided_by"])
    event = _record(kind, approval, by=by, reason=reason)
    there = Membership.objects.active().filter(tenant=approval.tenant, user=approval.asker_id).exists()
    if there and by.user_id != approval.asker_id:
        tell(event, person=approval.asker_id)
    return event


def _record(kind: AuditKind, approval: Approval, *, by: Actor, reason: str) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=approval.tenant,
        subject_name=approval.subject_name,
        subject_uuid=approval.uuid,
        reason=reason,
        facts=ChangeWanted.from_detail(approval.wanted),
    )
