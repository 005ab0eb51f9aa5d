"""What an act leaves behind: its audit row, its mails, its periods."""

from partners.models import PartnerOfRecord
from subscriptions.models import AuditEvent, Mail, Subscription
from tests.database import as_owner


def audit_rows() -> list[tuple[str, str, str, str]]:
    """Kind, who, to what and why, oldest first."""
    with as_owner():
        rows = AuditEvent.objects.order_by("id")
        return list(rows.values_list("kind", "actor_name", "subject_name", "reason"))


def mails() -> set[tuple[str, str]]:
    """Kind and receiver of each mail in the queue."""
    with as_owner():
        queued = Mail.objects.filter(state="queued").select_related("to_user")
        found = [(mail.kind, mail.to_user.email if mail.to_user else mail.to_company_mailbox) for mail in queued]
    assert len(found) == len(set(found)), f"somebody gets the same mail twice: {found}"
    return set(found)


def periods(subscription: Subscription) -> list[tuple[str, bool]]:
    """Partner ID and whether it is credited now, oldest first."""
    with as_owner():
        rows = PartnerOfRecord.objects.filter(subscription=subscription).latest_first().select_related("partner")
        return [(row.partner.number, row.valid.upper_inf) for row in reversed(rows)]


def version_of(subscription: Subscription) -> int:
    with as_owner():
        return Subscription.objects.get(pk=subscription.pk).version
