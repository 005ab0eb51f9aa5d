"""What each act on a release request writes: its state, one more line of the timeline, and the event."""

from typing import Any

from django.db.models.functions import Now

import partners.relationships.releases.events  # noqa: F401
from partners.models import PartnerRelationship, ReleaseRequest, ReleaseStep
from partners.models.release_request import ReleaseState, ReleaseStepKind
from partners.partner_of_record.acts import named
from partners.relationships.changes import record_about
from subscriptions.access import Actor
from subscriptions.audit.facts import KINDS, Facts
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import ActorKind, AuditKind


def add_step(request: ReleaseRequest, kind: ReleaseStepKind, *, by: Actor, note: str = "") -> None:
    ReleaseStep.objects.create(
        tenant_id=request.tenant_id,
        request=request,
        kind=kind,
        by=by.name,
        by_staff=by.kind is ActorKind.STAFF,
        note=note,
    )


def close_request(request: ReleaseRequest, state: ReleaseState, *, by: Actor, note: str = "") -> None:
    """The last step of a locked request; each closed state has a step of its name."""
    request.state, request.closed_at, request.closed_by = state, Now(), by.name
    request.decline_reason = note if state is ReleaseState.DECLINED else ""
    request.save(update_fields=["state", "closed_at", "closed_by", "decline_reason"])
    add_step(request, ReleaseStepKind(state.value), by=by, note=note)


def close_with_relationship(relationship: PartnerRelationship, *, by: Actor, reason: str) -> None:
    """A relationship that ends in another way grants what was asked; its own mail tells both sides."""
    open_ones = ReleaseRequest.objects.open().select_for_update(of=("self",))
    own = open_ones.filter(tenant_id=relationship.tenant_id, relationship=relationship)
    for request in own.select_related("tenant", "partner", "relationship"):
        close_request(request, ReleaseState.RELEASED, by=by, note=reason)
        record(AuditKind.RELEASE_GRANTED, request, by=by, reason=reason)


def record(kind: AuditKind, request: ReleaseRequest, *, by: Actor, reason: str = "", **more) -> AuditEvent:
    """The event about a request, with what its mails say."""
    return record_about(request, kind, facts_of(kind, request, **more), by=by, reason=reason)


def facts_of(kind: AuditKind, request: ReleaseRequest, **more: Any) -> Facts:
    kept: Any = KINDS[kind]  # each of them a ReleaseRequested
    return kept(
        partner=named(request.partner),
        relationship=request.relationship.uuid,
        wish=request.reason,
        due_on=request.due_on,
        request=request.pk,
        **more,
    )
