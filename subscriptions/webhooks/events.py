"""What the events of webhooks keep; never a secret."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from subscriptions.audit.facts import Facts, fact, kept_by
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import WhyOff


@kept_by(
    AuditKind.WEBHOOK_ADDED,
    AuditKind.WEBHOOK_SECRET_CHANGED,
    AuditKind.WEBHOOK_REPLAYED,
    AuditKind.WEBHOOK_DELETED,
)
@dataclass(frozen=True)
class WebhookFacts(Facts):
    """Which one: its address names its host alone, as some have a secret in their path."""

    webhook: str = fact(_("Webhook"))
    host: str = fact(_("Receiver"))


@kept_by(AuditKind.WEBHOOK_CHANGED)
@dataclass(frozen=True)
class WebhookChanged(WebhookFacts):
    host_before: str = fact(_("Receiver before"), "")
    kinds: int = fact(_("Kinds of events"), 0)  # of which it gets; none is all


@kept_by(AuditKind.WEBHOOK_SWITCHED)
@dataclass(frozen=True)
class WebhookSwitched(WebhookFacts):
    is_on: bool = fact(_("On"))


@kept_by(AuditKind.WEBHOOK_TURNED_OFF)
@dataclass(frozen=True)
class WebhookTurnedOff(WebhookFacts):
    why: WhyOff = fact(_("Why"))
