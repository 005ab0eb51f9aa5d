"""What a closed organization wanted of its partners goes once it was kept long enough; its history stays."""

from partners.models import ApprovedPartner, PolicyExemption, PolicyPartner
from subscriptions.models import Tenant


def delete_policy(tenant: Tenant) -> int:
    """Defaults, the approved list and exemptions. Needs the worker's scope."""
    kinds = (PolicyPartner, ApprovedPartner, PolicyExemption)
    return sum(model.objects.filter(tenant=tenant).delete()[0] for model in kinds)
