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
from partners.models import Partner, ScheduledChange
from partners.models.partner_of_record import Source
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import Change, credited, named, set_partner_of_record
from partners.partner_of_record.as_asked import as_it_is
from partners.partner_of_record.policy.rules import is_asked_for, may_name
from partners.partner_of_record.schedule.events import ChangeScheduled
from partners.partner_of_record.schedule.reads import waiting_change
from partners.partner_of_record.schedule.rules import may_cancel, may_schedule, may_schedule_at_renewal, may_settle
from subscriptions.access import Actor, Decision
from subscriptions.approvals import requests
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.reads import is_agreed
from subscriptions.approvals.requests import Asker
from subscriptions.audit import acts as audit
from subscriptions.models import AuditEvent, BulkAct, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import lock_subscription, own_name_of
from subscriptions.verdicts import Stale

SCHEDULED, SCHEDULED_MANY = "scheduled-change", "scheduled-changes"  # among what a second person approves


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
    row, before = _to_schedule(tenant, subscription, day, version=version, by=by)
    if before == partner:
        return None
    change = _store(row, _usable(row, partner, agreed=True), day, by=by, reason=reason)
    _record_scheduled(change, row, before, by=by)
    if is_asked_for(tenant, partner):
        ask_for(change, row, before, by=by)
    return change


@transaction.atomic
def schedule_one_of_many(
    *,
    tenant: Tenant,
    subscription: Subscription,
    partner: Partner | None,
    day: date,
    at_renewal: bool,
    version: int,
    by: Actor,
    many: BulkAct,
    agreed: bool,
) -> AuditEvent | None:
    """The same for a row of an act on many, of which a second person approves all or none. Raises as it does, and
    Stale where the renewal is not on that day any more.
    """
    row, before = _to_schedule(tenant, subscription, None if at_renewal else day, version=version, by=by)
    if at_renewal and row.term_ends_on != day:
        raise Stale
    if before == partner:
        return None
    together = {"at_renewal": at_renewal, "many": many, "agreed": agreed, "is_told": False}
    change = _store(row, _usable(row, partner, agreed=agreed), day, by=by, reason=many.reason, **together)
    return _record_scheduled(change, row, before, by=by)


def _to_schedule(
    tenant: Tenant, subscription: Subscription, day: date | None, *, version: int, by: Actor
) -> tuple[Subscription, Partner | None]:
    """The locked row, for which a change may be scheduled, and whom it credits now."""
    by.require_proof(Decision.CREDIT_PARTNER)
    row = lock_subscription(tenant, subscription, version)
    before = credited(row)
    waiting = waiting_change(tenant, row)
    may_schedule(by, tenant, row, has_partner=before is not None, waiting=waiting).require()
    if day is None:
        may_schedule_at_renewal(row).require()
    return row, before


def _usable(row: Subscription, partner: Partner | None, *, agreed: bool) -> Partner | None:
    """By the approved list and by the directory. Raises Refused and directory.PartnerUnusable."""
    if partner is None:
        return None
    may_name(row.tenant, partner, agreed=agreed).require()
    return directory.find_partner(partner.number, tenant=row.tenant, product=row.product)


def _record_scheduled(change: ScheduledChange, row: Subscription, before: Partner | None, *, by: Actor) -> AuditEvent:
    bump(row)
    row.version += 1
    return record(AuditKind.CHANGE_SCHEDULED, change, row, before, by=by, reason=change.reason)


def ask_for(
    change: ScheduledChange, row: Subscription, before: Partner | None, *, by: Actor, asker: Asker | None = None
) -> None:
    """Until a second person has approved it, it is not applied. The version is that which the change left."""
    requests.ask(
        act=SCHEDULED,
        tenant=change.tenant,
        row=change.pk,
        subject_name=row.name,
        facts=ChangeWanted(
            asked_by=change.scheduled_by,
            before=named(before) if before else None,
            after=named(change.partner) if change.partner else None,
            day=change.day,
            **own_name_of(row),
        ),
        kept=as_it_is(row),
        by=by,
        reason=change.reason,
        asker=asker,
    )


def _store(
    row: Subscription, partner: Partner | None, day: date | None, *, by: Actor, reason: str, **together: Any
) -> ScheduledChange:
    """`together` is what one of many has beside."""
    now = time.time()
    return ScheduledChange.objects.create(
        tenant=row.tenant,
        subscription=row,
        partner=partner,
        day=day or row.term_ends_on,
        reason=reason,
        user_id=by.user_id,
        application=by.application_uuid,
        scheduled_at=datetime.fromtimestamp(now, tz=UTC),
        scheduled_by=by.name,
        proved=datetime.fromtimestamp(now if by.application else min(by.proved_at or 0, now), tz=UTC),
        **{"at_renewal": day is None} | together,
    )


@transaction.atomic
def cancel_change(*, tenant: Tenant, change: ScheduledChange, by: Actor, reason: str = "") -> AuditEvent:
    """Raises SignInTooOld, and Refused where it does not wait any more."""
    by.require_proof(Decision.CREDIT_PARTNER)
    change = hold(tenant, change)
    may_cancel(by, change).require()
    row = lock_subscription(tenant, change.subscription, None)
    end(change, ScheduleState.CANCELED, by=by)
    bump(row)
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
    agreed = is_agreed(tenant, SCHEDULED, change.pk) is True
    done = set_partner_of_record(
        tenant=tenant,
        subscription=row,
        partner=change.partner,
        version=row.version,
        by=by,
        reason=change.reason,
        source=Source.SCHEDULE,
        agreed=agreed,
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
    requests.close_waiting(change.tenant, SCHEDULED, change.pk, by)


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


def bump(row: Subscription) -> None:
    """What was drawn before is stale: it did not say what waits."""
    Subscription.objects.filter(tenant=row.tenant, pk=row.pk).update(version=F("version") + 1)
