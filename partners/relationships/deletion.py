"""What goes of a closed organization's partners once it was kept long enough: ties end, texts go."""

from partners.models import MatchedPartner, MatchRequest, PartnerRelationship, ServedCustomer
from partners.relationships.acts import write_end
from partners.relationships.releases import steps as release_steps
from subscriptions.access import the_portal
from subscriptions.models import Tenant


def end_relationships(tenant: Tenant) -> int:
    """Each that has not ended, with an audit row of its own and without a mail. Needs the worker's scope."""
    ties = PartnerRelationship.objects.filter(tenant=tenant, ended_at__isnull=True)
    rows = list(ties.select_related("partner", "tenant").select_for_update(of=("self",)).order_by("pk"))
    for row in rows:
        release_steps.close_with_relationship(row, by=the_portal(), reason="")
        write_end(row, by=the_portal(), reason="")
    return len(rows)


def delete_match_requests(tenant: Tenant) -> int:
    MatchedPartner.objects.filter(tenant=tenant).delete()
    return MatchRequest.objects.filter(tenant=tenant).delete()[0]


def delete_serving(tenant: Tenant) -> int:
    return ServedCustomer.objects.filter(tenant=tenant).delete()[0]
