"""Offers that were not answered in time end by the clock; this tells both sides, once.

Safe to run twice and after any downtime: an offer is due by its date alone, state, audit and mails are written in one
transaction, and a row that somebody else holds is left for the next run.
"""

from django.db.models.functions import Now

from partners.models import PartnerOffer
from partners.models.partner_offer import OfferState
from partners.offers import records as offer_records
from subscriptions.access import the_portal
from subscriptions.db.batches import Batch, next_batch
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind

JOB = "partners.expire_offers"


def expire_batch(*, after: int = 0) -> Batch:
    """Ends the next few whose time has run out. Needs the worker's scope."""
    due = PartnerOffer.objects.filter(state=OfferState.SENT, expires_on__lte=Now())
    return next_batch(due.select_related("tenant", "partner"), _expire, job=JOB, after=after)


def _expire(row: PartnerOffer) -> None:
    row.state = OfferState.EXPIRED
    row.version += 1
    row.save(update_fields=["state", "version"])
    event = offer_records.record(AuditKind.OFFER_EXPIRED, row, by=the_portal())
    offer_records.tell_partner(event, MailKind.OFFER_EXPIRED, row)
    offer_records.tell_global_admins(event, MailKind.OFFER_EXPIRED)
