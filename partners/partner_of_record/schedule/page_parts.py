"""What waits for its day, on a subscription's own page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.approval import PARTNER
from partners.partner_of_record.schedule.acts import SCHEDULED
from partners.partner_of_record.schedule.pages import STATE_TAGS, acts_on, when_of
from partners.partner_of_record.schedule.reads import due_at, open_changes
from partners.partner_of_record.schedule.rules import to_whom
from subscriptions.access import Permission
from subscriptions.approvals.events import ChangeWanted
from subscriptions.approvals.reads import waiting_of_row, waiting_requests
from subscriptions.bulk.outcomes import outcome_of
from subscriptions.models import Approval, Subscription, Tenant
from subscriptions.web.page_access import TenantRequest


def changes_shown(request: TenantRequest, subscription: Subscription) -> list[ScheduledChange]:
    """To the organization's own people; no partner reads what it will gain or lose."""
    return [] if request.actor.is_partner else open_changes(request.tenant, subscription)


def requests_shown(
    request: TenantRequest, subscription: Subscription, changes: list[ScheduledChange]
) -> tuple[dict[str, Any] | None, dict[int, str]]:
    """What of it waits for a second person: a change of now, and the addresses of those for a day to come.

    To who may change it, in one statement.
    """
    if not request.actor.can(Permission.SET_PARTNER_OF_RECORD):
        return None, {}
    found = {(row.act, row.row): row for row in _waiting(request.tenant, subscription, changes)}
    urls = {
        row.row: reverse("subscriptions:approval", args=[request.tenant.slug, row.uuid]) for row in found.values()
    }
    now = found.get((PARTNER, subscription.pk))
    asked = {"row": now, "change": ChangeWanted.from_detail(now.wanted).change, "url": urls[now.row]} if now else None
    return asked, {row: url for row, url in urls.items() if (SCHEDULED, row) in found}


def _waiting(tenant: Tenant, subscription: Subscription, changes: list[ScheduledChange]) -> Iterable[Approval]:
    if not changes:
        return waiting_of_row(tenant, PARTNER, subscription.pk)
    of_changes = Q(act=SCHEDULED, row__in=[change.pk for change in changes])
    return waiting_requests(tenant).filter(Q(act=PARTNER, row=subscription.pk) | of_changes)


def in_words(request: TenantRequest, change: ScheduledChange, approval_url: str = "") -> dict[str, Any]:
    """What changes when and, where it could not be applied, why; with what can be done about it."""
    acts = acts_on(change.state) if request.actor.can(Permission.SET_PARTNER_OF_RECORD) else []
    return {
        "change": change,
        "approval_url": approval_url,
        "tag": STATE_TAGS[ScheduleState(change.state)],
        "to": to_whom(change),
        "when": when_of(change, request.tenant.time_zone),
        "why": outcome_of(change.outcome) if change.outcome else None,
        "acts": [(reverse(name, args=[request.tenant.slug, change.uuid]), label) for name, label in acts],
    }


def to_come(day: date, changes: list[ScheduledChange], current: Any) -> dict[str, Any]:
    """Who will be credited when that day ends, as far as it is decided."""
    change = due_at(changes, day)
    partner = change.partner if change else current and current.partner
    return {"as_of_day": day, "as_of_partner": partner, "as_of_is_to_come": True}
