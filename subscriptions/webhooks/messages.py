"""An event as other systems are sent it: a CloudEvent with ids, codes and names, and where to read more."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from subscriptions.audit.feed import message_of
from subscriptions.models import AuditEvent, PartnerEvent, Tenant

LONGEST_BODY = 20_000
LONGEST_TEXT = 200
ADDRESS = re.compile(r"[^\s<>@,;:()\"']+@[^\s<>@,;:()\"']+")
TEST = "webhook.test"


def type_of(kind: str) -> str:
    """Letters, digits, underscores and full stops alone, as the specification of webhooks advises."""
    return kind.replace("-", "_")


def of_organization(event: AuditEvent, tenant: Tenant) -> dict[str, Any]:
    data = {
        "organization": _organization(tenant.uuid, tenant.slug),
        "actor": {"kind": event.actor_kind, "name": event.actor_name, "partner": event.actor_partner or None},
        "subject": _subject(event),
        "correlation": event.correlation and str(event.correlation),
        "detail": event.detail,
        "url": f"{settings.SITE_URL}/api/v1/t/{tenant.slug}/events/{event.uuid}",
    }
    return _cloud_event(event, source=source_of(tenant), data=data)


def of_partner(event: PartnerEvent) -> dict[str, Any]:
    """Nothing of who acted in the organization, why, and which other partner had to do with it."""
    data = {
        "partner_id": event.partner_number,
        "side": event.side,
        "organization": _organization(event.organization, event.organization_slug) if event.organization else None,
        "subject": _subject(event),
        "url": f"{settings.SITE_URL}/api/v1/p/{event.partner_number}/events/{event.message}",
    }
    return _cloud_event(event, source=source_of(None, event.partner_number), data=data)


def of_test(message: UUID, *, source: str, at: datetime) -> dict[str, Any]:
    return _envelope(message, type_=TEST, source=source, subject="test", at=at, data={})


def source_of(tenant: Tenant | None, partner_number: str = "") -> str:
    """Whose events they are, in the manner of an address."""
    return f"{settings.SITE_URL}/{f't/{tenant.slug}' if tenant else f'p/{partner_number}'}"


def _organization(uuid: UUID, slug: str) -> dict[str, str]:
    return {"id": str(uuid), "slug": slug}


def _subject(event: AuditEvent | PartnerEvent) -> dict[str, str | None]:
    return {"id": str(event.subject_uuid) if event.subject_uuid else None, "name": event.subject_name}


def _cloud_event(event: AuditEvent | PartnerEvent, *, source: str, data: dict[str, Any]) -> dict[str, Any]:
    subject = str(event.subject_uuid or event.subject_name) or "-"
    return _envelope(
        message_of(event), type_=type_of(event.kind), source=source, subject=subject, at=event.at, data=data
    )


def _envelope(
    message: UUID, *, type_: str, source: str, subject: str, at: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    """`timestamp` says the same as `time`, for readers of the other specification."""
    moment = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return _without_addresses(
        {
            "specversion": "1.0",
            "id": str(message),
            "source": source,
            "type": type_,
            "subject": subject,
            "time": moment,
            "timestamp": moment,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def written(event: Mapping[str, Any]) -> str:
    """The same text for the same event; what would make it too long is left out, and that is said."""
    text = _text(event)
    if len(text.encode()) > LONGEST_BODY:
        left = {name: value for name, value in event["data"].items() if name != "detail"}
        text = _text({**event, "data": {**left, "detail_left_out": True}})
    return text


def _text(event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _without_addresses(value: Any) -> Any:
    """Mail addresses stand in accounts alone, whatever somebody has called something."""
    match value:
        case str():
            return ADDRESS.sub("…", value)[:LONGEST_TEXT]
        case Mapping():
            return {str(name)[:LONGEST_TEXT]: _without_addresses(each) for name, each in value.items()}
        case list() | tuple():
            return [_without_addresses(each) for each in value]
    return value
