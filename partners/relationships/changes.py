"""What every change of a partner relationship has in common: the lock, the audit event, whom it tells."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.urls import reverse

from partners.models import Partner, PartnerRelationship
from partners.partner_of_record.acts import mailbox_of
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.base.days import today_in
from subscriptions.mails import acts as mails
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.mail import MailKind
from subscriptions.models.tenant import Role


def locked_relationship(tenant: Tenant, pk: int) -> PartnerRelationship:
    """The row, held until the transaction ends; `status` is by the clock after the lock, however long that took."""
    rows = PartnerRelationship.objects.of_tenant(tenant)
    rows.select_for_update().only("pk").get(pk=pk)
    return rows.with_status().select_related("partner", "tenant").get(pk=pk)


def record_change(
    kind: AuditKind, relationship: PartnerRelationship, *, by: Actor, reason: str = "", **facts
) -> AuditEvent:
    """One event about the relationship; `facts` go into its detail beside what it is and the path to its page."""
    return audit.record(
        kind,
        by=by,
        tenant=relationship.tenant,
        subject_name=relationship.partner.name,
        subject_uuid=relationship.uuid,
        reason=reason,
        detail={**facts_of_change(relationship), **facts},
    )


def facts_of_change(relationship: PartnerRelationship) -> dict[str, Any]:
    """What each event about a relationship keeps of it."""
    partner = relationship.partner
    return {
        "partner": {"id": partner.number, "name": partner.name},
        "relationship": relationship.kind,
        "roles": relationship.roles,
        "path": reverse("partners:relationship-detail", args=[relationship.tenant.slug, relationship.uuid]),
    }


def tell_both_sides(event: AuditEvent, kind: MailKind, partner: Partner) -> None:
    """The partner's mailbox and every Global admin of the organization."""
    mails.queue_to_company(event, kind, mailbox_of(partner))
    mails.queue_to_members(event, kind, roles=[Role.GLOBAL_ADMIN])


def day_of_end(relationship: PartnerRelationship) -> str:
    """As the organization's calendar has it; empty without an end."""
    ends = relationship.expires_on
    return str(today_in(relationship.tenant.time_zone, ends)) if ends else ""


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
