"""What becomes of the applications of an organization that is deleted."""

from subscriptions.models import Application, Tenant


def delete_all(tenant: Tenant) -> int:
    """With their tokens; how many there were. Needs the worker's scope."""
    applications = Application.objects.filter(tenant=tenant)
    count = applications.count()
    applications.delete()
    return count
