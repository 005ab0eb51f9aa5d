"""Offers that nobody answered in time end by the clock; this tells both sides, once.

Safe to run twice and after any downtime: an offer is due by its date alone, state, audit and mails are written in one
transaction, and a row that somebody else holds is left for the next run.
"""

import logging

from django.db import transaction
from django.db.models.functions import Now

from partners.domain import offer_records
from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from subscriptions.access import the_portal
from subscriptions.domain.upkeep import Batch
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind

logger = logging.getLogger("portal")

BATCH = 50


def expire_batch(*, after: int = 0) -> Batch:
    """Ends the next few whose time has run out. Needs the worker's scope."""
    rows = list(
        PartnerOffer.objects.filter(state=OfferState.SENT, expires_on__lte=Now(), pk__gt=after)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("tenant", "partner")
        .order_by("pk")[:BATCH]
    )
    failed = [row.pk for row in rows if not _is_expired(row)]
    return Batch(rows[-1].pk if len(rows) == BATCH else None, failed)


def _is_expired(row: PartnerOffer) -> bool:
    """One row that fails is undone, and stops nobody else's."""
    try:
        with transaction.atomic():
            _expire(row)
    except Exception:
        logger.exception("Offer %s could not be brought to its end.", row.pk)
        return False
    return True


def _expire(row: PartnerOffer) -> None:
    row.state = OfferState.EXPIRED
    row.version += 1
    row.save(update_fields=["state", "version"])
    event = offer_records.record(AuditKind.OFFER_EXPIRED, row, by=the_portal())
    offer_records.tell_partner(event, MailKind.OFFER_EXPIRED, row)
    offer_records.tell_global_admins(event, MailKind.OFFER_EXPIRED)
