"""The nightly look at the audit trail: what is found leaves the database, by log and by mail to staff."""

from datetime import date

import structlog
from django.db import transaction

from subscriptions.access import the_portal
from subscriptions.audit import acts as audit
from subscriptions.audit.day_digests import ONE_DAY, make_digests
from subscriptions.audit.events import DigestMade, TrailDiffers
from subscriptions.audit.facts import Facts
from subscriptions.audit.verification import Found, verify
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditDigest, AuditEvent
from subscriptions.models.audit_event import AuditKind

JOB = "subscriptions.check_audit_trail"
SUBJECT = "Audit trail"
log = structlog.get_logger("portal.audit")


class TrailHasChanged(Exception):
    """The audit trail is not what it was; the text says on which day."""


def check_audit_trail(*, today: date) -> Found | None:
    """First what is there is verified, then each missing day before this one, of UTC, gets its digest.

    Returns the first difference, of which everybody was told. Needs the worker's scope.
    """
    found = _first_difference()
    made = None
    for made in make_digests(before=today):
        log.info("audit_digest", day=made.day.isoformat(), rows=made.rows, digest=made.digest)
    if made:  # the last one proves all before it, and the first night makes those of years
        _record(AuditKind.DIGEST_MADE, DigestMade(made.day, made.rows, made.digest))
    if found:
        log.error("audit_trail_differs", day=found.day.isoformat(), found=str(found))
        _record(AuditKind.DIGEST_DIFFERS, TrailDiffers(found.day, str(found)))
    return found


def _first_difference() -> Found | None:
    """Of the days that have a digest; those that were told are held against what was told of them."""
    last = AuditDigest.objects.order_by("day").values_list("day", flat=True).last()
    if last is None:
        return None
    told = AuditEvent.objects.filter(kind=AuditKind.DIGEST_MADE).values_list("detail", flat=True)
    anchors = {made.day: made.digest for made in map(DigestMade.from_detail, told.iterator())}
    return next(verify(before=last + ONE_DAY, anchors=anchors), None)


@transaction.atomic
def _record(kind: AuditKind, facts: Facts) -> None:
    tell(audit.record(kind, by=the_portal(), tenant=None, subject_name=SUBJECT, facts=facts))
