"""Credited subscriptions as rows of the workspace's tables."""

from django.urls import reverse

from partners.access import PartnerRequest
from subscriptions.models.subscription import SubscriptionStatus
from subscriptions.subscriptions.status_tags import STATUS_TAGS


def credit_rows(request: PartnerRequest, rows: list[dict]) -> list[dict]:
    """Rows of credited_subscriptions.facts with what the page says of them."""
    prefix = reverse("workspace:customers", args=[request.partner.number])
    return [_row(row, prefix) for row in rows]


def _row(row: dict, prefix: str) -> dict:
    status = SubscriptionStatus(row["subscription__status"])
    name, product = row["subscription__name"], row["subscription__product__name"]
    return {
        "organization": row["tenant__name"],
        "address": row["tenant__slug"],
        "customer_url": f"{prefix}customers/{row['tenant__uuid']}/",
        "name": name,
        "product": product if product != name else "",
        "assigned": row["subscription__licenses_assigned"],
        "total": row["subscription__licenses_total"],
        "since": row["began"],
        "status": status.label,
        "tag": STATUS_TAGS[status],
    }
