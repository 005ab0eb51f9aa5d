"""The addresses of what an audit event is about: of the organization's page, the partner's and staff's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from subscriptions.audit.facts import facts_of
from subscriptions.models import Tenant

# By the event's subject, the names of addresses; an upper app adds its own
PAGES = {
    "subscription": "subscriptions:detail",
    "order": "subscriptions:order-detail",
    "bulk": "subscriptions:bulk",
    "approval": "subscriptions:approval",
}
PARTNERS_PAGES: dict[str, str] = {}
STAFFS_PAGES: dict[str, str] = {}
Event = Mapping[str, Any]  # `kind`, `detail` and `subject_uuid` of an audit event


def path_of(event: Event, tenant: Tenant) -> str:
    """Of the page that the organization reads; an event of old keeps it. Empty where there is none."""
    facts = facts_of(event["kind"], event["detail"])
    return _kept(event, "path") or _path(PAGES, facts.subject, tenant.slug, facts.page_uuid(event["subject_uuid"]))


def workspace_path_of(event: Event) -> str:
    facts = facts_of(event["kind"], event["detail"])
    arguments = getattr(getattr(facts, "partner", None), "id", ""), event["subject_uuid"]
    return _kept(event, "workspace_path") or _path(PARTNERS_PAGES, facts.subject, *arguments)


def staff_path_of(event: Event) -> str:
    facts = facts_of(event["kind"], event["detail"])
    return _kept(event, "staff_path") or _path(STAFFS_PAGES, facts.subject, getattr(facts, "request", None))


def _kept(event: Event, name: str) -> str:
    return event["detail"].get(name, "")


def _path(pages: Mapping[str, str], subject: str, *arguments: str | UUID | int | None) -> str:
    """Empty too where what is stored makes none: a log is read whatever its events keep."""
    if subject not in pages or not all(arguments):
        return ""
    try:
        return reverse(pages[subject], args=arguments)
    except NoReverseMatch:
        return ""
