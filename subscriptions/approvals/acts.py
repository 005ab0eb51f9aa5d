"""What one of the staff asks another one to approve: asked for, done when that one approves, or refused.

What people of an organization ask each other stands in requests.py.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.approvals.rules import NO_WAIT, NOBODY, has_waited, may_decide
from subscriptions.audit import acts as audit
from subscriptions.audit.events import SecondPerson
from subscriptions.mails.receivers import tell
from subscriptions.models import Approval, AuditEvent, Tenant
from subscriptions.models.approval import ApprovalOutcome
from subscriptions.models.audit_event import AuditKind
from subscriptions.verdicts import Refused, Verdict, VerdictCode


@transaction.atomic
def ask_second_person(
    *,
    act: str,
    label: str,
    row: int,
    subject_name: str,
    tenant: Tenant | None,
    wanted: Mapping[str, Any],
    by: Actor,
    reason: str,
    wait: timedelta = NO_WAIT,
    person: int | None = None,
) -> Approval:
    """Nothing is done yet. `person` is whom it is about, where that one is told at once.

    Raises Refused where the same already waits. Needs the staff's scope.
    """
    if by.user_id is None:
        raise ValueError("Only a person asks another one.")
    _refuse_twice(act, row)
    approval = Approval.objects.create(
        tenant=tenant,
        act=act,
        row=row,
        subject_name=subject_name[:200],
        wanted=dict(wanted),
        reason=reason,
        asker_id=by.user_id,
        asked_by=by.name,
    )
    not_before = timezone.now() + wait if wait else None
    event = _record(AuditKind.APPROVAL_ASKED, approval, label=label, by=by, reason=reason, not_before=not_before)
    tell(event, person=person)
    return approval


def _refuse_twice(act: str, row: int) -> None:
    """What ran out in the meantime no longer waits. Raises Refused."""
    waiting = Approval.objects.filter(act=act, row=row, outcome=ApprovalOutcome.WAITING)
    waiting.filter(expires_on__lte=Now()).update(outcome=ApprovalOutcome.EXPIRED, decided_at=Now(), decided_by=NOBODY)
    if waiting.exists():
        raise Refused(Verdict(code=VerdictCode.WRONG_STATE, reason=_("This waits for a second person already.")))


@transaction.atomic
def approve(
    *,
    approval: Approval,
    permission: StaffPermission,
    label: str,
    by: Actor,
    perform: Callable[[Approval], None],
    wait: timedelta = NO_WAIT,
) -> AuditEvent:
    """Does what is wanted, with all its verdicts asked again. Raises Refused, and whatever `perform` raises."""
    approval = _hold(approval, permission, by=by)
    has_waited(approval, now=timezone.now(), wait=wait).require()
    perform(approval)
    return _decide(approval, ApprovalOutcome.APPROVED, AuditKind.APPROVAL_GIVEN, label=label, by=by, reason="")


@transaction.atomic
def refuse(*, approval: Approval, permission: StaffPermission, label: str, by: Actor, reason: str) -> AuditEvent:
    """Raises Refused."""
    approval = _hold(approval, permission, by=by)
    return _decide(approval, ApprovalOutcome.REFUSED, AuditKind.APPROVAL_REFUSED, label=label, by=by, reason=reason)


def _hold(approval: Approval, permission: StaffPermission, *, by: Actor) -> Approval:
    approval = Approval.objects.select_for_update(of=("self",)).select_related("asker").get(pk=approval.pk)
    may_decide(by, approval, now=timezone.now(), permission=permission).require()
    return approval


def _decide(
    approval: Approval, outcome: ApprovalOutcome, kind: AuditKind, *, label: str, by: Actor, reason: str
) -> AuditEvent:
    approval.outcome, approval.decider_id = outcome, by.user_id
    approval.decided_at, approval.decided_by = Now(), by.name
    approval.save(update_fields=["outcome", "decider", "decided_at", "decided_by"])
    event = _record(kind, approval, label=label, by=by, reason=reason)
    tell(event, person=approval.asker_id)
    return event


def _record(
    kind: AuditKind, approval: Approval, *, label: str, by: Actor, reason: str, not_before: datetime | None = None
) -> AuditEvent:
    """In the staff's own log: the organization reads of the act when it is done."""
    return audit.record(
        kind,
        by=by,
        tenant=None,
        subject_name=approval.subject_name,
        subject_uuid=approval.uuid,
        reason=reason,
        facts=SecondPerson(label.rstrip("…"), approval.asked_by, not_before),
    )
