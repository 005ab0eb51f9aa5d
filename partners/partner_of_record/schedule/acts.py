"""A change of the partner of record for a day to come: scheduled once, then canceled, or applied, or settled.

Whoever writes holds the scheduled change first and the subscription second, so that two never wait for each other.
"""

import time
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from partners.directory import reads as directory
from partners.models import Partner, PartnerOfRecord, ScheduledChange
from partners.models.partner_of_record import Source
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import Change, named, set_partner_of_record
from partners.partner_of_record.policy.rules import may_name
from partners.partner_of_record.schedule.events import ChangeScheduled
from partners.partner_of_record.schedule.reads import waiting_change
from partners.partner_of_record.schedule.rules import may_cancel, may_schedule, may_schedule_at_renewal, may_settle
from subscriptions.access import Actor, Decision
from subscriptions.audit import acts as audit
from subscriptions.models import AuditEvent, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription, own_name_of


@transaction.atomic
def schedule_change(
    *,
    tenant: Tenant,
    subscription: Subscription,
    partner: Partner | None,
    day: date | None,
    version: int,
    by: Actor,
    reason: str = "",
) -> ScheduledChange | None:
    """Credits `partner`, or nobody, from the beginning of that day of the organization; without a day from the
    next renewal on. None where it is credited already. Nobody is mailed before it is applied.

    Raises SignInTooOld, StaleVersion, Refused, and directory.PartnerUnusable.
    """
    by.require_proof(Decision.CREDIT_PARTNER)
    row = lock_subscription(tenant, subscription, version)
    before = credited(row)
    waiting = waiting_change(tenant, row)
    may_schedule(by, tenant, row, has_partner=before is not None, waiting=waiting).require()
    if day is None:
        may_schedule_at_renewal(row).require()
    if before == partner:
        return None
    if partner is not None:
        may_name(tenant, partner).require()
        partner = directory.find_partner(partner.number, tenant=tenant, product=row.product)
    change = _store(row, partner, day, by=by, reason=reason)
    _bump(row)
    record(AuditKind.CHANGE_SCHEDULED, change, row, before, by=by, reason=reason)
    return change


def _store(
    row: Subscription, partner: Partner | None, day: date | None, *, by: Actor, reason: str
) -> ScheduledChange:
    now = time.time()
    return ScheduledChange.objects.create(
        tenant=row.tenant,
        subscription=row,
        partner=partner,
        day=day or row.term_ends_on,
        at_renewal=day is None,
        reason=reason,
        user_id=_person(by),
        scheduled_at=datetime.fromtimestamp(now, tz=UTC),
        scheduled_by=by.name,
        proved=datetime.fromtimestamp(min(by.proved_at or 0, now), tz=UTC),
    )


@transaction.atomic
def cancel_change(*, tenant: Tenant, change: ScheduledChange, by: Actor, reason: str = "") -> AuditEvent:
    """Raises SignInTooOld, and Refused where it does not wait any more."""
    by.require_proof(Decision.CREDIT_PARTNER)
    change = hold(tenant, change)
    may_cancel(by, change).require()
    row = lock_subscription(tenant, change.subscription, None)
    end(change, ScheduleState.CANCELED, by=by)
    _bump(row)
    return record(AuditKind.SCHEDULE_CANCELED, change, row, credited(row), by=by, reason=reason)


@transaction.atomic
def change_now_instead(*, tenant: Tenant, change: ScheduledChange, version: int, by: Actor, **wanted: Any) -> Change:
    """Cancels what waits, and changes the partner of record now. `wanted` is what `set_partner_of_record` takes."""
    hold(tenant, change)
    lock_subscription(tenant, change.subscription, version)
    cancel_change(tenant=tenant, change=change, by=by)
    return set_partner_of_record(
        tenant=tenant, subscription=change.subscription, version=version + 1, by=by, **wanted
    )


@transaction.atomic
def try_again(*, tenant: Tenant, change: ScheduledChange, by: Actor) -> Change:
    """Does now, as this person, what could not be applied on its day. Raises as `set_partner_of_record` does."""
    change = hold(tenant, change)
    may_settle(by, change).require()
    row = lock_subscription(tenant, change.subscription, None)
    done = set_partner_of_record(
        tenant=tenant,
        subscription=row,
        partner=change.partner,
        version=row.version,
        by=by,
        reason=change.reason,
        source=Source.SCHEDULE,
    )
    end(change, ScheduleState.APPLIED, by=by, event=done.event)
    return done


@transaction.atomic
def dismiss(*, tenant: Tenant, change: ScheduledChange, by: Actor, reason: str = "") -> AuditEvent:
    """What could not be applied is not wanted any more. Raises Refused."""
    change = hold(tenant, change)
    may_settle(by, change).require()
    end(change, ScheduleState.DISMISSED, by=by)
    row = Subscription.objects.get(tenant=tenant, pk=change.subscription_id)
    row.tenant = tenant
    return record(AuditKind.SCHEDULE_DISMISSED, change, row, credited(row), by=by, reason=reason)


def hold(tenant: Tenant, change: ScheduledChange) -> ScheduledChange:
    """As it is now, until the transaction ends."""
    rows = ScheduledChange.objects.filter(tenant=tenant).select_for_update(of=("self",))
    row = rows.select_related("subscription__product", "partner").get(pk=change.pk)
    row.tenant = row.subscription.tenant = tenant
    return row


def end(
    change: ScheduledChange,
    state: ScheduleState,
    *,
    by: Actor,
    event: AuditEvent | None = None,
    outcome: str | None = None,
) -> None:
    change.state, change.event, change.ended_by = state, event, by.name
    change.outcome = change.outcome if outcome is None else outcome
    change.ended_at = Now()  # type: ignore[assignment]
    change.save(update_fields=["state", "event", "outcome", "ended_at", "ended_by"])


def record(
    kind: AuditKind, change: ScheduledChange, row: Subscription, before: Partner | None, *, by: Actor, reason: str
) -> AuditEvent:
    return audit.record(
        kind,
        by=by,
        tenant=change.tenant,
        subject_name=row.name,
        subject_uuid=row.uuid,
        reason=reason,
        facts=ChangeScheduled(
            named(before) if before else None,
            named(change.partner) if change.partner else None,
            day=change.day,
            at_renewal=change.at_renewal,
            code=change.outcome,
            **own_name_of(row),
        ),
    )


def _person(by: Actor) -> int:
    """Only people of the organization decide for a day to come."""
    assert by.user_id is not None  # noqa: S101 - a member has an account
    return by.user_id


def credited(row: Subscription) -> Partner | None:
    """Whom it credits now."""
    periods = PartnerOfRecord.objects.in_force().filter(tenant_id=row.tenant_id, subscription=row)
    period = periods.select_related("partner").first()
    return period.partner if period else None


def _bump(row: Subscription) -> None:
    """What was drawn before is stale: it did not say what waits."""
    Subscription.objects.filter(tenant=row.tenant, pk=row.pk).update(version=F("version") + 1)
