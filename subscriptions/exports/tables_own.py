"""The files of an organization's export that come from this app's tables."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.audit.facts import facts_of
from subscriptions.base import formats
from subscriptions.clouds import profile_of
from subscriptions.exports.tables import LEFT_OUT, TenantTable, register
from subscriptions.models import (
    AuditEvent,
    HelpRequest,
    Invitation,
    Mail,
    Membership,
    Order,
    OrderLine,
    Subscription,
    Tenant,
)
from subscriptions.models.mail import MailKind
from subscriptions.models.people.membership import Role
from subscriptions.web.tables import Column

PAYMENT = ("payment_method", "purchase_order_number", "fapiao_title", "fapiao_tax_number")


def _facts(event: dict) -> str:
    """In the words in which staff read them."""
    said = facts_of(event["kind"], event["detail"]).say(profile_of(event["tenant__cloud"]).currency)
    return formats.mark("; ").join(f"{label}{formats.mark(': ')}{words}" for label, words in said)


ORGANIZATION = TenantTable(
    "organization",
    Tenant,
    (
        "uuid",
        "slug",
        "name",
        "cloud",
        "country",
        "city",
        "time_zone",
        "staff_may_view",
        "second_person",
        "state",
        "kept_until",
    ),
    rows=lambda tenant: Tenant.objects.filter(pk=tenant.pk),
)
MEMBERS = TenantTable(
    "members",
    Membership,
    (
        "uuid",
        ("user__name", pgettext_lazy("person", "Name")),
        ("user__email", _("Email address")),
        "role",
        ("user__is_active", _("Can sign in")),
    ),
)
INVITATIONS = TenantTable(
    "invitations",
    Invitation,
    (
        *("uuid", "name", "email"),
        Column(_("Role"), value=lambda row: Role(row["role"]).label),
        *("language", "state", "invited_at", "invited_by", "expires_on", "ended"),
    ),
    beside=("role",),
)
SUBSCRIPTIONS = TenantTable(
    "subscriptions",
    Subscription,
    (
        *("uuid", "name", "own_name", "cost_center", "product__name", "product__uuid", "status"),
        *("licenses_total", "licenses_assigned", "billing_frequency", "unit_price", "cost", "currency"),
        *("started_on", "term_ends_on", "paid_until", "recurring_billing", *PAYMENT),
        *("canceled_at", "canceled_by", "cancel_reason", "reseller_managed"),
    ),
)
ORDERS = TenantTable(
    "orders",
    Order,
    (
        *("uuid", "number", "state", "partner_number", "partner_name", *PAYMENT, "started_at", "started_by"),
        *("placed_at", "placed_by", "canceled_at", "canceled_by", "cancel_reason", "expires_on"),
    ),
)
ORDER_LINES = TenantTable(
    "order-lines",
    OrderLine,
    (
        *("order__uuid", ("order__number", _("Order number")), "product__name", "product__uuid", "licenses"),
        *("billing_frequency", "unit_price", "currency", "subscription__uuid", ("trial__uuid", _("Trial"))),
    ),
)
HELP_REQUESTS = TenantTable(
    "help-requests",
    HelpRequest,
    (
        *("uuid", "topic", "text", "page", "state", "requested_at", "requested_by", "answer"),
        *("answered_at", "answered_by", "closed_at", "closed_by"),
    ),
    rows=lambda tenant: HelpRequest.objects.filter(tenant=tenant, partner=""),
)
MAILS = TenantTable(
    "mails",
    Mail,
    (
        *("uuid", "kind"),
        Column(_("To"), value=lambda row: row["to_user__name"] or row["invitation__name"] or ""),
        *("state", "queued", "sent", "event__uuid"),
    ),
    rows=lambda tenant: Mail.objects.filter(
        Q(to_user__isnull=False) | Q(invitation__isnull=False), tenant=tenant
    ).exclude(kind=MailKind.APPROVAL_DECIDED),
    beside=("to_user__name", "invitation__name"),
)
AUDIT_LOG = TenantTable(
    "audit-log",
    AuditEvent,
    (
        *("uuid", "at", "kind", "subject_name", "subject_uuid", "actor_kind", "actor_name", "actor_partner"),
        *("actor_relationship", "reason"),
        Column(_("Details"), value=_facts),
    ),
    beside=("detail", "tenant__cloud"),
)
register(
    ORGANIZATION,
    MEMBERS,
    INVITATIONS,
    SUBSCRIPTIONS,
    ORDERS,
    ORDER_LINES,
    HELP_REQUESTS,
    MAILS,
    AUDIT_LOG,
)
LEFT_OUT.update(
    {
        "subscriptions.IdempotencyKey": "How the portal knows a form that is sent twice; it is kept for days.",
        "subscriptions.Application": "What it may do stands in the audit log; without its tokens it is nothing.",
        "subscriptions.Approval": "What was asked for, by whom, and what was decided stands in the audit log.",
        "subscriptions.BulkAct": "Each change that it made stands in the audit log, with the reason.",
        "subscriptions.BulkLine": "What a file said that people of the organization had brought; they have it.",
        "subscriptions.BulkRow": "The same of one subscription; the rest is a plan that was never done.",
        "subscriptions.GroupedOrganization": "The operator's own order of its customers; it gives nobody a right.",
        "subscriptions.SavedView": "What one person has named for itself; it stands in that person's own data.",
        "subscriptions.Snooze": "What one person has put off for some days; it stands in that person's own data.",
        "subscriptions.Viewing": "Staff's own; that they looked stands in the audit log.",
    }
)
