"""Which partners an event is about, and what each of them is handed of it."""

from collections.abc import Iterable

from subscriptions.audit.facts import KINDS, Facts, facts_of
from subscriptions.db.inserts import insert_all
from subscriptions.db.new_rows import new_row
from subscriptions.models import AuditEvent, PartnerEvent
from subscriptions.models.audit_event import AuditKind

# What an organization does by itself about a partner, which learns nothing of it
WITHIN = frozenset({AuditKind.RELATIONSHIP_REVIEWED})


def record_ties(events: Iterable[AuditEvent]) -> None:
    """Of stored events, in the same transaction; those about no tie with a partner cost nothing."""
    if ties := [tie for event in events for tie in _ties(event)]:
        insert_all(ties)


def _ties(event: AuditEvent) -> list[PartnerEvent]:
    if event.kind in WITHIN or KINDS.get(event.kind, Facts).parties is Facts.parties:
        return []
    facts = event.facts or facts_of(event.kind, event.detail)
    return [
        new_row(
            PartnerEvent,
            event=event,
            tenant=event.tenant,
            organization=event.tenant.uuid if event.tenant else None,
            organization_slug=event.tenant.slug if event.tenant else "",
            partner_number=partner.id,
            side=side,
            message=event.uuid,
            kind=event.kind,
            at=event.at,
            subject_name=event.subject_name,
            subject_uuid=event.subject_uuid,
        )
        for partner, side in dict.fromkeys(facts.parties())
    ]
