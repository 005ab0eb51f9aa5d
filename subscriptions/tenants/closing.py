"""Organizations that the operator suspends, closes and opens again.

Suspended: its people sign in and read; subscriptions, credits and relationships run on. Closed: nothing opens, what
runs ends, and all of it is kept for a while, in which it can be opened again.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from subscriptions.access import Actor, StaffPermission
from subscriptions.audit import acts as audit
from subscriptions.audit.events import TenantHeld
from subscriptions.base import formats
from subscriptions.base.days import today_in
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, Tenant, Viewing
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.tenant import TenantState
from subscriptions.verdicts import ALLOWED, Verdict, VerdictCode, first_refusal

KEPT_DAYS = 120  # after the day of closing, as long as a subscription that has ended
ACTIVE, SUSPENDED, CLOSED, DELETED = TenantState
Ending = Callable[[Tenant, Actor, str], None]
# What the rooms above end at once in an organization that is closed, for that reason; in the staff's scope
ENDINGS: list[Ending] = []


def may_suspend(actor: Actor, tenant: Tenant) -> Verdict:
    return first_refusal([_may_hold(actor), _in_state(tenant, ACTIVE)])


def may_close(actor: Actor, tenant: Tenant) -> Verdict:
    return first_refusal([_may_hold(actor), _in_state(tenant, ACTIVE, SUSPENDED)])


def may_reopen(actor: Actor, tenant: Tenant) -> Verdict:
    """May a suspended one be active again, or a closed one as long as it is kept?"""
    return first_refusal([_may_hold(actor), _in_state(tenant, SUSPENDED, CLOSED), _is_kept(tenant)])


def _may_hold(actor: Actor) -> Verdict:
    return actor.may_staff(StaffPermission.CLOSE_CUSTOMERS)


def _in_state(tenant: Tenant, *states: TenantState) -> Verdict:
    if tenant.state in states:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("%(organization)s is in the state %(state)s already.")
        % {"organization": tenant.name, "state": tenant.get_state_display()},
        next_step=_("Look at its page: it says since when."),
    )


def _is_kept(tenant: Tenant) -> Verdict:
    if tenant.kept_until is None or today_of(tenant) <= tenant.kept_until:
        return ALLOWED
    return Verdict(
        code=VerdictCode.WRONG_STATE,
        reason=_("%(organization)s was kept until %(day)s.")
        % {"organization": tenant.name, "day": formats.day(tenant.kept_until)},
        next_step=_("Add it anew as a new customer."),
    )


def today_of(tenant: Tenant) -> date:
    return today_in(tenant.time_zone, timezone.now())


def last_day_of(tenant: Tenant) -> date:
    """Until when it would be kept, if it were closed today."""
    return today_of(tenant) + timedelta(days=KEPT_DAYS)


@transaction.atomic
def suspend(*, tenant: Tenant, by: Actor, reason: str) -> AuditEvent:
    """Its people read, and every act of theirs is refused. Needs the staff's scope. Raises Refused."""
    tenant = _lock(tenant)
    may_suspend(by, tenant).require()
    return _become(tenant, SUSPENDED, AuditKind.TENANT_SUSPENDED, by=by, reason=reason)


@transaction.atomic
def close(*, tenant: Tenant, by: Actor, reason: str) -> AuditEvent:
    """Nothing of it opens any more, and what runs ends today. Needs the staff's scope. Raises Refused."""
    tenant = _lock(tenant)
    may_close(by, tenant).require()
    for end in ENDINGS:
        end(tenant, by, reason)
    Viewing.objects.open().filter(tenant=tenant).update(stopped=timezone.now())
    tenant.kept_until = last_day_of(tenant)
    return _become(tenant, CLOSED, AuditKind.TENANT_CLOSED, by=by, reason=reason)


@transaction.atomic
def reopen(*, tenant: Tenant, by: Actor, reason: str) -> AuditEvent:
    """Active again; what its closing has ended stays ended. Needs the staff's scope. Raises Refused."""
    tenant = _lock(tenant)
    may_reopen(by, tenant).require()
    tenant.kept_until = None
    return _become(tenant, ACTIVE, AuditKind.TENANT_REOPENED, by=by, reason=reason)


def _lock(tenant: Tenant) -> Tenant:
    return Tenant.objects.select_for_update().get(pk=tenant.pk)


def _become(tenant: Tenant, state: TenantState, kind: AuditKind, *, by: Actor, reason: str) -> AuditEvent:
    before = TenantState(tenant.state)
    tenant.state, tenant.state_since = state, timezone.now()
    tenant.save(update_fields=["state", "state_since", "kept_until"])
    event = audit.record(
        kind,
        by=by,
        tenant=tenant,
        subject_name=tenant.name,
        subject_uuid=tenant.uuid,
        reason=reason,
        facts=TenantHeld(before, tenant.kept_until),
    )
    tell(event)
    return event
