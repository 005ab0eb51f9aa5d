"""The search of the top bar inside an organization: pages and acts, its things, and what the person did last."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.navigation import cards
from subscriptions.access import Permission
from subscriptions.base.search import words_of
from subscriptions.clouds import Capability, Text
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import AuditKind
from subscriptions.search.finder import LONGEST, SHORTEST, Found, Hit, can_search, search
from subscriptions.search.of_tenants import kinds_for
from subscriptions.web.event_pages import path_of
from subscriptions.web.page_access import TenantRequest, tenant_page

MOST_RECENT, EVENTS_READ = 8, 60


@dataclass(frozen=True)
class ActEntry:
    """What a person does, in the words by which it is looked for, and where it begins."""

    label: Text
    url_name: str
    permission: Permission
    query: str = ""
    capability: Capability | None = None


ACTS = (
    ActEntry(
        gettext_lazy("Add partner of record"),
        "subscriptions:list",
        Permission.SET_PARTNER_OF_RECORD,
        "?partner=without",
        Capability.ADD_PARTNER_OF_RECORD,
    ),
    ActEntry(
        gettext_lazy("Find a partner"), "partners:find-partner", Permission.READ_SHOP, "", Capability.FIND_PARTNER
    ),
    ActEntry(
        gettext_lazy("Review delegated administrators"),
        "partners:relationship-review",
        Permission.REVIEW_RELATIONSHIPS,
        "",
        Capability.VIEW_PARTNER_RELATIONSHIPS,
    ),
    ActEntry(gettext_lazy("Invite somebody"), "subscriptions:member-invite", Permission.MANAGE_MEMBERS),
    ActEntry(gettext_lazy("What happened"), "subscriptions:what-happened", Permission.READ_AUDIT_LOG),
    ActEntry(
        gettext_lazy("Second person for partners of record"), "subscriptions:second-person", Permission.KEEP_POLICY
    ),
    ActEntry(gettext_lazy("Saved views"), "subscriptions:views", Permission.READ),
    ActEntry(gettext_lazy("Snoozed"), "subscriptions:attention-snoozed", Permission.READ),
)
ADD_TO = gettext_lazy("Add partner of record to %(name)s")  # as the acts of subscriptions are labeled


@tenant_page(Permission.READ)
def search_page(request: TenantRequest) -> HttpResponse:
    """A text that is too short or too long is a 422 with a sentence; without one there is what was done last."""
    text = request.GET.get("q", "").strip()
    request.sought = text  # stays in the bar
    is_wrong = bool(text) and not can_search(text)
    found = _found(request, text) if text and not is_wrong else []
    context = {
        "text": text,
        "is_wrong": is_wrong,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "title": _("Results for “%(text)s”") % {"text": text} if text else _("Search"),
        "found": found,
        "acts": [act for each in found for hit in each.hits[:3] for act in hit.acts],
        "entries": _entries(request, text) if text else [],
        "recent": [] if text else _recent(request),
        "breadcrumbs": [(_("Home"), reverse("admin-home", args=[request.tenant.slug])), (_("Search"), None)],
    }
    return render(request, "portal/search.html", context, status=422 if is_wrong else 200)


def _found(request: TenantRequest, text: str) -> list[Found]:
    """Of an act's words with something behind them, such as *add partner of record to office*, the latter."""
    kinds = kinds_for(request.tenant, request.actor)
    return search(text, kinds) or search(_behind_the_act(text), kinds)


def _behind_the_act(text: str) -> str:
    typed, of_act = words_of(text), set(words_of(str(ADD_TO % {"name": " "})))
    rest = [word for word in typed if word not in of_act]
    return " ".join(rest) if len(typed) - len(rest) > 1 else ""


def _entries(request: TenantRequest, text: str) -> list[tuple[Text, str]]:
    """Pages and acts of which each word of the text begins a word, or a text without spaces has it."""
    wanted = words_of(text)
    return [(label, url) for label, url in _pages_and_acts(request) if _answers(str(label), wanted)]


def _answers(label: str, wanted: Sequence[str]) -> bool:
    words = words_of(label)
    return bool(wanted) and all(
        any(word.startswith(each) or (not each.isascii() and each in word) for word in words) for each in wanted
    )


def _pages_and_acts(request: TenantRequest) -> Iterator[tuple[Text, str]]:
    slug = request.tenant.slug
    yield _("Home"), reverse("admin-home", args=[slug])
    for section in cards(request):
        yield from ((item["label"], item["url"]) for item in section["items"])
    for act in ACTS:
        offered = act.capability is None or request.tenant.cloud_profile.allows(act.capability)
        if offered and request.actor.can(act.permission):
            yield act.label, f"{reverse(act.url_name, args=[slug])}{act.query}"
    yield _("My account"), reverse("account")
    yield _("Help"), reverse("help")


def _recent(request: TenantRequest) -> list[Hit]:
    """What this person did there last, each thing once: by the audit trail, so nothing more is kept of anybody."""
    events = AuditEvent.objects.of_tenant(request.tenant).of_person(request.actor.user_id)
    values = ("kind", "detail", "subject_name", "subject_uuid")
    found: dict[str, Hit] = {}
    for event in events.order_by("-at", "-id").values(*values)[:EVENTS_READ]:
        url = path_of(event, request.tenant)
        if url and url not in found and request.actor.can(Permission.READ_AUDIT_LOG):
            facts: Any = AuditKind(event["kind"]).label
            found[url] = Hit(event["subject_name"], url, facts=str(facts))
    return list(found.values())[:MOST_RECENT]
