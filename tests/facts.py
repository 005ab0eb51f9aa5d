"""What the database holds after an act, read as the owner: no scope hides anything."""

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, Mail, Subscription
from tests.database import as_owner


@as_owner()
def periods(subscription: Subscription) -> list[tuple[str, bool]]:
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
    return periods(subscription), version(subscription), audit_kinds(), mails()


def audit_rows() -> list[tuple[str, str, str, str]]:
    """Kind, who, to what and why, oldest first."""
    with as_owner():
        rows = AuditEvent.objects.order_by("id")
        return list(rows.values_list("kind", "actor_name", "subject_name", "reason"))


def mailed() -> set[tuple[str, str]]:
    """Kind and receiver of each mail in the queue."""
    with as_owner():
        queued = Mail.objects.filter(state="queued").select_related("to_user")
        found = [(mail.kind, mail.to_user.email if mail.to_user else mail.to_company_mailbox) for mail in queued]
    assert len(found) == len(set(found)), f"somebody gets the same mail twice: {found}"
    return set(found)
