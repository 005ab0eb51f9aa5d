"""An endpoint that takes nothing any more is turned off, and its people are told."""

from django.db.models.functions import Now
from django.utils import timezone

from subscriptions.access import Actor, the_portal
from subscriptions.audit import acts as audit
from subscriptions.mails.acts import Company
from subscriptions.mails.receivers import tell
from subscriptions.models import AuditEvent, WebhookEndpoint
from subscriptions.models.audit_event import AuditKind
from subscriptions.models.webhook import EndpointState, WhyOff
from subscriptions.webhooks.events import WebhookFacts, WebhookTurnedOff
from subscriptions.webhooks.reads import host_of
from subscriptions.webhooks.retries import SILENT_FOR


def give_up(endpoint: WebhookEndpoint, *, is_gone: bool) -> None:
    """Where its receiver said that it is gone, or has taken nothing for days. Needs the row's lock."""
    is_silent = endpoint.failing_since is not None and timezone.now() - endpoint.failing_since >= SILENT_FOR
    if endpoint.is_on and (is_gone or is_silent):
        _turn_off(endpoint, WhyOff.GONE if is_gone else WhyOff.SILENT)


def give_up_silent() -> None:
    """Those that take nothing, and to which nothing is tried just now. Needs the worker's scope."""
    rows = WebhookEndpoint.objects.filter(state=EndpointState.ON, failing_since__lte=Now() - SILENT_FOR)
    for endpoint in rows.select_for_update(of=("self",), skip_locked=True).select_related("tenant", "partner"):
        give_up(endpoint, is_gone=False)


def _turn_off(endpoint: WebhookEndpoint, why: WhyOff) -> None:
    endpoint.state, endpoint.why_off, endpoint.off_since = EndpointState.OFF, why, timezone.now()
    endpoint.version += 1
    endpoint.save(update_fields=["state", "why_off", "off_since", "version"])
    facts = WebhookTurnedOff(endpoint.label, host_of(endpoint.url), why)
    event = record(AuditKind.WEBHOOK_TURNED_OFF, endpoint, by=the_portal(), facts=facts)
    partner = endpoint.partner
    company = Company(partner.name, partner.mailbox, partner.language, partner.number) if partner else None
    tell(event, partner=company)


def record(kind: AuditKind, endpoint: WebhookEndpoint, *, by: Actor, facts: WebhookFacts | None = None) -> AuditEvent:
    """In the organization's log; what a partner does is about the partner itself, and stands in no organization's."""
    return audit.record(
        kind,
        by=by,
        tenant=endpoint.tenant,
        subject_name=endpoint.label,
        subject_uuid=endpoint.partner.uuid if endpoint.partner else endpoint.uuid,
        facts=facts or WebhookFacts(endpoint.label, host_of(endpoint.url)),
    )
