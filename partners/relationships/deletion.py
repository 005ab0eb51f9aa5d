"""What goes of a closed organization's partners once it was kept long enough: ties end, texts go."""

from partners.models import MatchedPartner, MatchRequest, PartnerRelationship, ReleaseRequest, ServedCustomer
from partners.models.release_request import ReleaseState
from partners.relationships.acts import write_end
from partners.relationships.releases import steps as release_steps
from subscriptions.access import the_portal
from subscriptions.models import Tenant
from subscriptions.models.audit_event import AuditKind


def end_relationships(tenant: Tenant) -> int:
    """Each that has not ended, with an audit row of its own and without a mail. Needs the worker's scope."""
    ties = PartnerRelationship.objects.filter(tenant=tenant, ended_at__isnull=True)
    rows = list(ties.select_related("partner", "tenant").select_for_update(of=("self",)).order_by("pk"))
    _take_back_release_requests(tenant)
    for row in rows:
        write_end(row, by=the_portal(), reason="")
    return len(rows)


def _take_back_release_requests(tenant: Tenant) -> None:
    """The job answers none in a reseller's place: nobody asks any more."""
    waiting = ReleaseRequest.objects.open().filter(tenant=tenant).select_for_update(of=("self",))
    for request in waiting.select_related("tenant", "partner", "relationship"):
        release_steps.close_request(request, ReleaseState.TAKEN_BACK, by=the_portal())
        release_steps.record(AuditKind.RELEASE_TAKEN_BACK, request, by=the_portal())


def delete_match_requests(tenant: Tenant) -> int:
    MatchedPartner.objects.filter(tenant=tenant).delete()
    return MatchRequest.objects.filter(tenant=tenant).delete()[0]


def delete_serving(tenant: Tenant) -> int:
    return ServedCustomer.objects.filter(tenant=tenant).delete()[0]
