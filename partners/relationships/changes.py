"""What every change of a partner relationship has in common: the lock, the audit event, whom it tells."""

from datetime import date, datetime
from typing import Any

from django.db import connection

import partners.relationships.events  # noqa: F401
from partners.models import PartnerRelationship, ReleaseRequest
from partners.models.partner_relationship import RelationshipKind
from partners.partner_of_record.acts import named
from subscriptions.access import Actor
from subscriptions.audit import acts as audit
from subscriptions.audit.facts import KINDS, Facts
from subscriptions.base.days import today_in
from subscriptions.db.locks import lock_row
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.delegated_role import DelegatedRole


def locked_relationship(tenant: Tenant, pk: int) -> PartnerRelationship:
    """The row, held until the transaction ends; `status` is by the clock after the lock, however long that took."""
    rows = PartnerRelationship.objects.of_tenant(tenant)
    lock_row(rows, pk)
    return rows.with_status().select_related("partner", "tenant").get(pk=pk)


def record_change(
    kind: AuditKind, relationship: PartnerRelationship, *, by: Actor, reason: str = "", **facts
) -> AuditEvent:
    """One event about the relationship; it keeps `facts` beside what the relationship is."""
    return record_about(relationship, kind, facts_of_change(kind, relationship, **facts), by=by, reason=reason)


def record_about(
    subject: PartnerRelationship | ReleaseRequest, kind: AuditKind, facts: Facts, *, by: Actor, reason: str = ""
) -> AuditEvent:
    """One event about what stands between an organization and a partner, by the partner's name."""
    return audit.record(
        kind,
        by=by,
        tenant=subject.tenant,
        subject_name=subject.partner.name,
        subject_uuid=subject.uuid,
        reason=reason,
        facts=facts,
    )


def facts_of_change(kind: AuditKind, relationship: PartnerRelationship, **facts: Any) -> Facts:
    kept: Any = KINDS[kind]  # each of them a RelationshipFacts
    return kept(
        partner=named(relationship.partner),
        relationship=RelationshipKind(relationship.kind),
        roles=tuple(map(DelegatedRole, relationship.roles)),
        **facts,
    )


def day_of_end(relationship: PartnerRelationship) -> date | None:
    """As the organization's calendar has it."""
    ends = relationship.expires_on
    return today_in(relationship.tenant.time_zone, ends) if ends else None


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
