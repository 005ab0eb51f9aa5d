"""What the database holds after an act, read as the owner: no scope hides anything."""

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, Mail, Subscription
from tests.database import as_owner


@as_owner()
def history(subscription: Subscription) -> list[tuple[str, bool]]:
    """The periods from the first to the last: whose, and whether it is open."""
    periods = PartnerOfRecord.objects.filter(subscription=subscription).select_related("partner").order_by("valid")
    return [(period.partner.number, period.valid.upper is None) for period in periods]


@as_owner()
def version(subscription: Subscription) -> int:
    return Subscription.objects.get(pk=subscription.pk).version


@as_owner()
def audit_kinds() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


@as_owner()
def mails() -> list[tuple[str, str]]:
    """Each queued mail: its kind and its receiver."""
    found = Mail.objects.select_related("to_user").order_by("kind", "pk")
    return [(mail.kind, mail.to_user.email if mail.to_user else mail.to_company_mailbox) for mail in found]


def footprint(subscription: Subscription) -> tuple:
    """All that an act on this subscription writes; equal before and after one that is refused."""
    return history(subscription), version(subscription), audit_kinds(), mails()
