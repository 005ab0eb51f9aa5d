"""What was credited before the portal knew of it: periods as an import brings them in, and nothing else does.

The database takes a period that began before today in the scope of an import alone. Nobody is mailed: the partners
are credited already, and are told so in one sentence by whoever moves them here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from psycopg.types.range import TimestamptzRange

from partners.models import Partner, PartnerOfRecord
from partners.models.partner_of_record import Source
from partners.partner_of_record.acts import named
from partners.partner_of_record.events import PartnerOfRecordChanged
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.base.days import today_in
from subscriptions.db.inserts import insert_all
from subscriptions.db.new_rows import new_row
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.audit_event import AuditKind
from subscriptions.subscriptions.changes import own_name_of


@dataclass(frozen=True)
class Past:
    """A time in which a partner was credited; without an end it still is."""

    subscription: Subscription  # with its organization
    partner: Partner
    since: datetime
    until: datetime | None = None


@transaction.atomic
def bring_in(periods: Collection[Past], *, by: Actor, reason: str, is_counted: bool = False) -> None:
    """Further periods of subscriptions, whose versions count them already or do from now on.

    Raises IntegrityError where one meets another that is there.
    """
    insert_all(_row(past, by, reason) for past in periods)
    if not is_counted:
        changed = {past.subscription.pk for past in periods}
        Subscription.objects.filter(pk__in=changed).update(version=F("version") + 1)
    audit.record_all(_event(past, by, reason) for past in periods)


def _row(past: Past, by: Actor, reason: str) -> PartnerOfRecord:
    row = new_row(
        PartnerOfRecord,
        tenant=past.subscription.tenant,
        subscription=past.subscription,
        partner=past.partner,
        valid=TimestamptzRange(past.since, past.until, "[)"),
        source=Source.IMPORT,
        set_by_id=by.user_id,
        set_by_name=by.name,
        reason=reason,
    )
    if past.until:
        row.end_source, row.ended_by_id, row.ended_by_name = Source.IMPORT, by.user_id, by.name
    return row


def _event(past: Past, by: Actor, reason: str) -> AuditEvent:
    subscription, tenant = past.subscription, past.subscription.tenant
    return audit.event_of(
        AuditKind.PARTNER_OF_RECORD_ADDED,
        by=by,
        tenant=tenant,
        subject_name=subscription.name,
        subject_uuid=subscription.uuid,
        reason=reason,
        facts=PartnerOfRecordChanged(
            None,
            named(past.partner),
            Source.IMPORT,
            since=today_in(tenant.time_zone, past.since),
            until=today_in(tenant.time_zone, past.until) if past.until else None,
            **own_name_of(subscription),
        ),
    )
