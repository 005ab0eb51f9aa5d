"""What becomes of a closed organization once it was kept long enough: its own words and its people go from it.

Its name and IDs stay, with subscriptions and orders as far as they say what was bought and for how much, who was
credited when, and the audit trail: the history of money and proof, which nobody deletes.
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from subscriptions.access import the_portal
from subscriptions.approvals.requests import delete_all
from subscriptions.audit import acts as audit
from subscriptions.audit.events import TenantDeleted
from subscriptions.db.batches import Batch, next_batch
from subscriptions.models import AuditEvent, HelpRequest, Membership, SavedView, Snooze, Subscription, Tenant
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.tenant import TenantState
from subscriptions.tenants.closing import today_of

JOB = "subscriptions.delete_closed"
NAMES = {"own_name": "", "cost_center": "", "own_search_text": ""}
# What goes, by the name of the audit row's fact, which counts it; in the worker's scope. The rooms above add theirs
DELETIONS: dict[str, Callable[[Tenant], int]] = {}
# What stays, by the label of its model, and why; each other table of an organization is empty of it afterwards
KEPT: dict[str, str] = {
    "subscriptions.Tenant": "Its name and IDs are what all that stays is about.",
    "subscriptions.Approval": "Proves that two of the staff agreed; what its people asked each other has gone.",
    "subscriptions.AuditEvent": "The history of who did what, which nobody deletes.",
    "subscriptions.IdempotencyKey": "Goes by itself a week after its form.",
    "subscriptions.Invitation": "Who was invited as what, by whom; its address went with its end.",
    "subscriptions.Mail": "Proves who was told of an act, and when; addresses stand in accounts alone.",
    "subscriptions.MailTry": "Proves the same of each try.",
    "subscriptions.Order": "Money: what was bought, for how much.",
    "subscriptions.OrderLine": "Money: what was bought, for how much.",
    "subscriptions.PartnerEvent": "What a partner was told of; the history of who did what, which nobody deletes.",
    "subscriptions.Subscription": "Money: what was bought; without own name and cost center.",
    "subscriptions.Viewing": "Proves when staff looked as whom.",
    "partners.ManagedSubscription": "Whose the acts on a subscription were.",
    "partners.OfferedProduct": "What was offered, and what came of it.",
    "partners.OfferedSubscription": "What was offered, and what came of it.",
    "partners.OfferTerms": "What was offered, and what came of it.",
    "partners.PartnerOffer": "What was offered, and what came of it.",
    "partners.PartnerCustomer": "How many credits of those that stay are whose.",
    "partners.PartnerOfRecord": "Who was credited when, which nobody deletes.",
    "partners.PartnerRelationship": "Who had access when; those that had not ended have.",
    "partners.ReleaseRequest": "What was asked of a reseller, and its answer.",
    "partners.ReleaseStep": "What was asked of a reseller, and its answer.",
    "partners.ScheduledChange": "What was to become of a credit; those that waited are canceled.",
}


def delete_closed(*, after: int = 0, today: date | None = None) -> Batch:
    """Does the next few of those whose last day is over. Needs the worker's scope.

    `today` is each organization's own day unless it is given.
    """
    latest = today or (timezone.now() + timedelta(days=1)).date()
    due = Tenant.objects.filter(state=TenantState.CLOSED, kept_until__lt=latest)

    def act(tenant: Tenant) -> None:
        if tenant.kept_until and tenant.kept_until < (today or today_of(tenant)):
            _delete(tenant)

    return next_batch(due, act, job=JOB, after=after)


def _delete(tenant: Tenant) -> AuditEvent:
    gone = {name: delete(tenant) for name, delete in DELETIONS.items()}
    tenant.state, tenant.state_since, tenant.city = TenantState.DELETED, timezone.now(), ""
    tenant.save(update_fields=["state", "state_since", "city"])
    return audit.record(
        AuditKind.TENANT_DELETED,
        by=the_portal(),
        tenant=tenant,
        subject_name=tenant.name,
        subject_uuid=tenant.uuid,
        facts=TenantDeleted(**gone),
    )


def _end_memberships(tenant: Tenant) -> int:
    """Accounts stay: a person may be elsewhere, and is erased as a person. What they named or put off goes too."""
    for model in (SavedView, Snooze):
        model.objects.filter(tenant=tenant).delete()
    return Membership.objects.filter(tenant=tenant).delete()[0]


def _delete_help_requests(tenant: Tenant) -> int:
    """What a partner's people asked stays theirs."""
    return HelpRequest.objects.filter(tenant=tenant, partner="").delete()[0]


def _empty_names(tenant: Tenant) -> int:
    named = Subscription.objects.filter(~Q(own_name="") | ~Q(cost_center=""), tenant=tenant)
    return named.update(**NAMES)


DELETIONS |= {
    "members": _end_memberships,
    "approvals": delete_all,
    "help_requests": _delete_help_requests,
    "subscriptions": _empty_names,
}
