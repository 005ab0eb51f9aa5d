"""Settings > Audit log: what was done in this organization, newest first."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models.partner_of_record import Source
from subscriptions.access import Permission
from subscriptions.audit.acts import actors_named
from subscriptions.audit.changed_facts import changed_facts
from subscriptions.audit.grant_words import granted_facts
from subscriptions.base import formats
from subscriptions.base.days import end_of, start_of
from subscriptions.models import AuditEvent, Tenant
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import AuditFilterForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.paging import Sort, page_by_key

COLUMNS = (
    "id", "at", "kind", "actor_kind", "actor_name", "actor_partner", "actor_relationship", "subject_name", "reason",
    "detail",
)  # fmt: skip


@tenant_page(Permission.READ_AUDIT_LOG)
def audit_log(request: TenantRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "breadcrumbs": [(_("Settings"), None), (_("Audit log"), None)],
    }
    if not form.is_valid():
        return render(request, "subscriptions/audit_log.html", context, status=422)
    events = _filtered(request, form.cleaned_data).values(*COLUMNS)
    page = page_by_key(events, Sort("at", descending=True), request.GET)
    context |= {"page": page, "events": [_describe_event(request, event) for event in page.rows]}
    return render(request, "subscriptions/audit_log.html", context)


def _filtered(request: TenantRequest, wanted: dict) -> QuerySet:
    events = AuditEvent.objects.of_tenant(request.tenant)
    if request.actor.is_partner:
        events = events.of_person(request.actor.user_id)
    zone = request.tenant.time_zone
    if wanted["kind"]:
        events = events.filter(kind=wanted["kind"])
    if wanted["actor"]:
        events = events.filter(actor_name__in=actors_named(wanted["actor"], request.tenant))
    if wanted["since"]:
        events = events.filter(at__gte=start_of(wanted["since"], zone))
    if wanted["until"]:
        events = events.filter(at__lt=end_of(wanted["until"], zone))
    return events


def _describe_event(request: TenantRequest, event: dict) -> dict:
    return {
        "at": formats.moment(event["at"]),
        "what": AuditKind(event["kind"]).label,
        **_actor(event),
        "grant_url": _grant_url(request, event["actor_relationship"]),
        "subject": event["subject_name"],
        "subject_url": event["detail"].get("path", ""),
        "reason": event["reason"],
        "change": _change(request.tenant, event["kind"], event["detail"]),
    }


def _actor(event: dict) -> dict:
    """By name, and for whom; the portal has no name but this."""
    kind = ActorKind(event["actor_kind"])
    if kind is ActorKind.SYSTEM:
        return {"who": kind.label, "who_kind": ""}
    return {"who": event["actor_name"], "who_kind": event["actor_partner"] or kind.label}


def _grant_url(request: TenantRequest, relationship: UUID | None) -> str:
    """The relationship by which a partner's person acted, for those who may read it."""
    if relationship is None or not request.actor.can(Permission.READ_RELATIONSHIPS):
        return ""
    return reverse("partners:relationship-detail", args=[request.tenant.slug, relationship])


def _change(tenant: Tenant, kind: str, detail: dict) -> list[str]:
    """What is different now: from whom to whom, or each fact from what to what."""
    if "before" in detail:
        return [f"{_named(detail['before'])} → {_named(detail['after'])}", *_how(detail.get("source", Source.TENANT))]
    if "partner" in detail:
        return [_named(detail["partner"]), *granted_facts(kind, detail)]
    return changed_facts(kind, detail.get("changes", {}), currency=tenant.cloud_profile.currency)


def _how(source: str) -> list[str]:
    """Where it did not come about in the usual way."""
    return [] if source == Source.TENANT else [str(Source(source).label)]


def _named(partner: dict | None) -> str:
    return f"{partner['id']} {partner['name']}" if partner else _("None")
