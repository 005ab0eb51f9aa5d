"""What is written of a release request, whoever acts: its state, and one more line of the timeline."""

from django.db.models.functions import Now

from partners.models import PartnerRelationship, ReleaseRequest, ReleaseStep
from partners.models.release_request import ReleaseState, ReleaseStepKind
from subscriptions.access import Actor
from subscriptions.models.audit_event import ActorKind


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
    """A relationship that ends in another way takes the request for that with it."""
    open_ones = ReleaseRequest.objects.open().select_for_update(of=("self",))
    for request in open_ones.filter(tenant_id=relationship.tenant_id, relationship=relationship):
        close_request(request, ReleaseState.RELEASED, by=by, note=reason)
