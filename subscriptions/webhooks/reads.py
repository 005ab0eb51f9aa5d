"""The endpoints of an organization or a partner, and what was sent to them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import QuerySet

from subscriptions.access import Permission
from subscriptions.audit.feed import Feed
from subscriptions.models import Tenant, WebhookDelivery, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import EndpointState, Outcome, WhyOff

# What stands in no organization's log is sent to none
OF_NO_ORGANIZATION = ("account", "brand", "catalog", "import", "installation", "organization-group", "staff")
# What a partner is told of: its ties
OF_TIES = ("partner-of-record", "partner-relationship", "offer", "release-request", "match-request")
NOT_OF_TIES = ("scheduled", "schedule-canceled", "not-applied", "schedule-dismissed", "asked", "approved", "refused",
               "withdrawn", "not-decided", "reviewed")  # fmt: skip


class OutcomeFilter(StrEnum):
    """By what came of it a log is filtered."""

    WAITING = "waiting"
    FAILED = "failed"
    DELIVERED = Outcome.DELIVERED.value


@dataclass(frozen=True)
class Owner:
    """Whose endpoints they are: an organization's or a partner's."""

    tenant: Tenant | None = None
    partner: Any = None

    @property
    def permission(self) -> Permission:
        return Permission.KEEP_WEBHOOKS if self.tenant else Permission.KEEP_PARTNERS_WEBHOOKS

    @property
    def feed(self) -> Feed:
        return Feed(tenant_id=self.tenant.pk) if self.tenant else Feed(partner_number=self.partner.number)

    @property
    def key(self) -> tuple[str, int]:
        return ("tenant", self.tenant.pk) if self.tenant else ("partner", self.partner.pk)


def endpoints_of(owner: Owner) -> QuerySet[WebhookEndpoint]:
    return WebhookEndpoint.objects.filter(tenant=owner.tenant, partner=owner.partner).select_related(
        "tenant", "partner"
    )


def find_endpoint(owner: Owner, uuid: UUID) -> WebhookEndpoint | None:
    return endpoints_of(owner).filter(uuid=uuid).first()


def deliveries_of(endpoint: WebhookEndpoint) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.filter(endpoint=endpoint)


def with_outcome(rows: QuerySet[WebhookDelivery], outcome: str) -> QuerySet[WebhookDelivery]:
    """Those that wait, those that failed or those that were delivered; all where none of these is asked for."""
    match outcome:
        case OutcomeFilter.WAITING:
            return rows.filter(tried__isnull=True)
        case OutcomeFilter.FAILED:
            return rows.filter(tried__isnull=False).exclude(outcome=Outcome.DELIVERED)
        case OutcomeFilter.DELIVERED:
            return rows.filter(outcome=Outcome.DELIVERED)
    return rows


def given_up(tenant: Tenant) -> QuerySet[WebhookEndpoint]:
    """Those that the portal has turned off."""
    off = WebhookEndpoint.objects.filter(tenant=tenant, state=EndpointState.OFF)
    return off.filter(why_off__in=[WhyOff.GONE, WhyOff.SILENT])


def host_of(url: str) -> str:
    """Of an address the part that names no secret."""
    return urlsplit(url).netloc[:200]


def kinds_for(owner: Owner) -> list[AuditKind]:
    """Those that its events can have."""
    return [kind for kind in AuditKind if _is_sent(kind, is_partners=owner.tenant is None)]


def _is_sent(kind: AuditKind, *, is_partners: bool) -> bool:
    noun, _dot, verb = kind.value.partition(".")
    if not is_partners:
        return noun not in OF_NO_ORGANIZATION
    return (noun in OF_TIES and verb not in NOT_OF_TIES) or kind is AuditKind.SUBSCRIPTION_RESELLER_CHANGED
