"""The demo's past: credits and relationships that began some days ago, each with the audit event of its beginning."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from psycopg.types.range import TimestamptzRange

from partners.models import Partner, PartnerOfRecord, PartnerRelationship, ScheduledChange
from partners.models.partner_of_record import Source
from partners.models.partner_relationship import RelationshipKind
from partners.partner_of_record.acts import named
from partners.partner_of_record.events import PartnerOfRecordChanged
from partners.partner_of_record.schedule.events import ChangeScheduled
from partners.relationships.changes import facts_of_change
from subscriptions.audit.facts import Facts
from subscriptions.models import AuditEvent, Subscription, Tenant, User
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.subscriptions.changes import own_name_of


def ago(days: int) -> datetime:
    """In the afternoon of Europe, which is the morning of America."""
    return datetime.combine(date.today(), time(16, 20), UTC) - timedelta(days=days)


def credit(
    subscription: Subscription,
    partner: Partner,
    by: User,
    *,
    since: int,
    until: int | None = None,
    reason: str = "",
    source: Source = Source.TENANT,
) -> None:
    """From so many days ago, until so many days ago or still."""
    start, end = ago(since), ago(until) if until else None
    before = subscription.partners_of_record.latest_first().select_related("partner").first()
    PartnerOfRecord.objects.create(
        tenant=subscription.tenant,
        subscription=subscription,
        partner=partner,
        valid=TimestamptzRange(start, end, "[)"),
        source=source,
        set_by=by,
        set_by_name=by.name,
        reason=reason,
        end_source=source if end else "",
        ended_by=by if end else None,
        ended_by_name=by.name if end else "",
    )
    _log_credit(
        subscription, before.partner if before else None, partner, by=by, at=start, source=source, reason=reason
    )


def schedule(
    subscription: Subscription, partner: Partner | None, by: User, *, in_days: int, outcome: str = ""
) -> ScheduledChange:
    """Decided some days ago for a day to come; with an outcome it could not be applied on a day that is over."""
    over = {"state": "not-applied", "outcome": outcome, "ended_at": ago(-in_days), "ended_by": by.name}
    change = ScheduledChange.objects.create(
        tenant=subscription.tenant,
        subscription=subscription,
        partner=partner,
        day=date.today() + timedelta(days=in_days),
        user=by,
        scheduled_at=ago(9),
        scheduled_by=by.name,
        proved=ago(9),
        **over if outcome else {},
    )
    now = subscription.partners_of_record.in_force().select_related("partner").first()
    kinds = [(AuditKind.CHANGE_SCHEDULED, ago(9), "")]
    kinds += [(AuditKind.SCHEDULE_NOT_APPLIED, ago(-in_days), outcome)] if outcome else []
    for kind, at, code in kinds:
        facts = ChangeScheduled(
            named(now.partner) if now else None, named(partner) if partner else None, day=change.day, code=code
        )
        about = {"subject_name": subscription.name, "subject_uuid": subscription.uuid}
        log(kind, subscription.tenant, by=by, at=at, facts=facts, **about)
    return change


def _log_credit(
    subscription: Subscription, before: Partner | None, after: Partner, *, source: Source, **facts
) -> None:
    log(
        AuditKind.PARTNER_OF_RECORD_CHANGED if before else AuditKind.PARTNER_OF_RECORD_ADDED,
        subscription.tenant,
        subject_name=subscription.name,
        subject_uuid=subscription.uuid,
        facts=PartnerOfRecordChanged(
            named(before) if before else None,
            named(after),
            source,
            **own_name_of(subscription),
        ),
        **facts,
    )


def relate(
    tenant: Tenant,
    partner: Partner,
    kind: RelationshipKind,
    *,
    by: User,
    roles: Collection[str] = (),
    since: int = 80,
    ends: int | None = None,
) -> PartnerRelationship:
    """From so many days ago, until in so many days or without an end."""
    relationship = PartnerRelationship.objects.create(
        tenant=tenant,
        partner=partner,
        kind=kind,
        roles=list(roles),
        started_at=ago(since),
        started_by=by.name,
        expires_on=ago(-ends) if ends else None,
    )
    log(
        AuditKind.RELATIONSHIP_ADDED,
        tenant,
        by=by,
        at=relationship.started_at,
        subject_name=partner.name,
        subject_uuid=relationship.uuid,
        facts=facts_of_change(AuditKind.RELATIONSHIP_ADDED, relationship),
    )
    return relationship


def log(kind: AuditKind, tenant: Tenant, *, by: User, at: datetime, facts: Facts, **event) -> None:
    actor_kind = ActorKind.STAFF if by.is_staff else ActorKind.MEMBER
    AuditEvent.objects.create(
        tenant=tenant,
        at=at,
        kind=kind,
        actor_kind=actor_kind,
        actor=by,
        actor_name=by.name,
        detail=facts.to_detail(),
        **event,
    )
