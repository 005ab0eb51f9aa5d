"""How a change of a partner of record is written: in one statement, whatever it changes from and to."""

from typing import Any
from uuid import uuid4

from django.db import connection

from partners.models import Partner
from partners.models.partner_of_record import Source
from subscriptions.access import Actor
from subscriptions.models import Subscription

# Closes the open period, opens the next, and counts the version. A period ends, and the next begins, now by the
# database's clock, read after the lock, and never before its own start: `now()` would be the transaction's start and
# make the later of two committers fail. What is empty here a trigger copies from the subscription.
WRITE = """
    WITH closed AS (
        UPDATE partners_partnerofrecord
           SET valid = tstzrange(lower(valid), GREATEST(clock_timestamp(), lower(valid) + interval '1 microsecond')),
               end_source = %(source)s, ended_by_id = %(by)s, ended_by_name = %(name)s, end_reason = %(reason)s
         WHERE tenant_id = %(tenant)s AND id = %(current)s
     RETURNING upper(valid) AS at),
    opened AS (
        INSERT INTO partners_partnerofrecord (uuid, tenant_id, subscription_id, partner_id, valid, source, set_by_id,
               set_by_name, reason, end_source, ended_by_name, end_reason, search_text, of_deleted, status, licenses,
               country, time_zone)
        SELECT %(uuid)s, %(tenant)s, %(subscription)s, %(partner)s,
               tstzrange(COALESCE((SELECT at FROM closed), clock_timestamp()), NULL), %(source)s, %(by)s,
               %(name)s, %(reason)s, '', '', '', '', false, '', 0, '', ''
         WHERE %(partner)s::bigint IS NOT NULL)
    UPDATE subscriptions_subscription SET version = version + 1
     WHERE tenant_id = %(tenant)s AND id = %(subscription)s
"""


def write_change(
    subscription: Subscription,
    current: Any,
    partner: Partner | None,
    *,
    by: Actor,
    source: Source,
    reason: str,
) -> None:
    """From the open period, if there is one, to that of the partner, if one is named; the subscription is locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "tenant": subscription.tenant_id,
                "subscription": subscription.pk,
                "current": current.pk if current else None,
                "partner": partner.pk if partner else None,
                "uuid": uuid4(),
                "source": source,
                "by": by.user_id,
                "name": by.name,
                "reason": reason,
            },
        )
