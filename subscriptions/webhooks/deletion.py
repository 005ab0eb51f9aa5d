"""With an organization its webhooks go, and their log."""

from subscriptions.models import Tenant, WebhookEndpoint


def delete_webhooks(tenant: Tenant) -> int:
    """How many there were."""
    rows = WebhookEndpoint.objects.filter(tenant=tenant)
    number = rows.count()
    rows.delete()
    return number
