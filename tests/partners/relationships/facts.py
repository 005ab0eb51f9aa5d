"""What the tests of relationships do and read, as the owner: no scope hides anything."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection
from django.urls import reverse

from partners import tasks
from partners.models import PartnerRelationship
from subscriptions.models import AuditEvent, Mail
from tests.database import as_owner

KEY = "11111111-2222-4333-8444-555555555555"
OTHER_KEY = KEY.replace("1", "9")


def run_job() -> None:
    """The hourly job, as the worker runs it."""
    tasks.bring_relationships_up_to_date.func(timestamp=0)


def url_of(relationship: PartnerRelationship, name: str) -> str:
    return reverse(f"partners:relationship-{name}", args=[relationship.tenant.slug, relationship.uuid])


@as_owner()
def now(relationship: PartnerRelationship) -> PartnerRelationship:
    return PartnerRelationship.objects.with_status().select_related("tenant", "partner").get(pk=relationship.pk)


@as_owner()
def put(relationship: PartnerRelationship, **facts) -> None:
    PartnerRelationship.objects.filter(pk=relationship.pk).update(**facts)


@as_owner()
def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def put_end(relationship: PartnerRelationship, **until: float) -> None:
    """Moves its end to so long from now, and its start to a year before that."""
    end = database_now() + timedelta(**until)
    put(relationship, started_at=end - timedelta(days=365), expires_on=end)


@as_owner()
def events(relationship: PartnerRelationship) -> list[str]:
    rows = AuditEvent.objects.filter(subject_uuid=relationship.uuid).order_by("id")
    return [kind.removeprefix("partner-relationship.") for kind in rows.values_list("kind", flat=True)]


@as_owner()
def mails() -> Counter:
    """How often which receiver gets which kind, with the milestone where it has one."""
    queued = Mail.objects.select_related("to_user", "event")
    return Counter(
        (mail.kind, mail.event.detail.get("days"), mail.to_user.email if mail.to_user else mail.to_company_mailbox)
        for mail in queued
    )
