"""Settings > Audit log: what was done in this organization, newest first."""

from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from subscriptions.access import Permission
from subscriptions.audit.acts import actors_named, events_by, kinds_in
from subscriptions.audit.facts import facts_of, subject_said
from subscriptions.base import formats
from subscriptions.base.days import end_of, start_of
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent
from subscriptions.models.audit_event import ActorKind, AuditKind
from subscriptions.saved_views.lists import ALL as ALL_ROWS
from subscriptions.saved_views.lists import AUDIT_LOG
from subscriptions.web import cells
from subscriptions.web.event_pages import path_of
from subscriptions.web.files.file_rows import moment_cell
from subscriptions.web.forms import AuditFilterForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column


def subject_cell(event: dict) -> SafeString:
    subject = cells.link(event["path"], cells.name(event["subject_name"]))
    own_name = event["detail"].get("own_name", "")
    return cells.together(subject, *map(cells.below, [own_name, *event["change"]]))


def actor_cell(event: dict) -> SafeString:
    """By name, for whom, and by which relationship; the portal has no name but this."""
    kind = ActorKind(event["actor_kind"])
    if kind is ActorKind.SYSTEM:
        return cells.name(kind.label)
    grant = [" · ", cells.link(event["grant_url"], _("by this relationship"))] if event["grant_url"] else []
    whose = cells.together(event["actor_partner"] or kind.label, *grant)
    return cells.together(cells.name(event["actor_name"]), cells.below(whose))


class EventList(List[TenantRequest]):
    """Events of the organization as rows, newest first."""

    values = (
        *("kind", "actor_kind", "actor_name", "actor_partner", "actor_relationship"),
        *("subject_name", "subject_uuid", "reason", "detail"),
    )
    order = "-at"

    def describe(self, event: dict) -> dict:
        tenant = self.request.tenant
        return event | {
            "subject_name": subject_said(event),
            "change": facts_of(event["kind"], event["detail"]).tell(tenant.cloud_profile.currency),
            "path": path_of(event, tenant),
            "grant_url": _grant_url(self.request, event["actor_relationship"]),
        }


class AuditLog(EventList):
    title, section = _("Audit log"), _("Settings")
    form_class = AuditFilterForm
    views_of, clear_url = AUDIT_LOG, ALL_ROWS
    filter_label = _("Filter the audit log")
    is_always_filtered = True
    file_name = pgettext_lazy("file", "audit-log")
    file_values = (*EventList.values, "uuid", "at")
    none_matches = Empty(_("No entry matches these filters."))
    columns = (
        Column(_("When"), lambda event: formats.moment(event["at"]), css="day"),
        Column(_("What"), lambda event: AuditKind(event["kind"]).label),
        Column(_("To what"), subject_cell),
        Column(_("Who"), actor_cell, css="who"),
        Column(_("Reason"), lambda event: event["reason"] or formats.DASH),
    )

    @property
    def file_columns(self) -> list[Column]:
        currency = self.request.tenant.cloud_profile.currency
        return [
            Column(_("Entry ID"), value=lambda event: str(event["uuid"])),
            Column(_("When"), value=lambda event: moment_cell(event["at"]), in_zone=True),
            Column(_("What"), value=lambda event: AuditKind(event["kind"]).label),
            Column(_("Code"), value="kind"),
            Column(_("To what"), value=subject_said),
            Column(_("ID"), value=lambda event: str(event["subject_uuid"] or "")),
            Column(_("Who"), value="actor_name"),
            Column(_("As whom"), value=lambda event: event["actor_partner"] or ActorKind(event["actor_kind"]).label),
            Column(_("Reason"), value="reason"),
            Column(_("Details"), value=lambda event: _details(event, currency)),
        ]

    @property
    def subtitle(self) -> Text:
        if self.request.actor.is_partner:
            return _(
                "What you did for this organization, newest first. What others did is read by the organization's own "
                "people alone."
            )
        return _("Everything that was done in your organization, newest first. Nobody can change or remove an entry.")

    @property
    def nothing_yet(self) -> Empty:
        mine = self.request.actor.is_partner
        sentence = _("You have done nothing here so far.") if mine else _("Nothing has been done here so far.")
        return Empty(sentence, icon="history")

    def filters(self) -> AuditFilterForm:
        form = AuditFilterForm(self.request.GET)
        form.offer_kinds(kinds_in(self.request.tenant, self.request.actor))
        return form

    def found(self, wanted: dict) -> QuerySet:
        events = AuditEvent.objects.of_tenant(self.request.tenant)
        if self.request.actor.is_partner:
            events = events_by(self.request.actor, events)
        zone = self.request.tenant.time_zone
        if wanted["kind"]:
            events = events.filter(kind=wanted["kind"])
        if wanted["actor"]:
            events = events.filter(actor_name__in=actors_named(wanted["actor"], self.request.tenant))
        if wanted["since"]:
            events = events.filter(at__gte=start_of(wanted["since"], zone))
        if wanted["until"]:
            events = events.filter(at__lt=end_of(wanted["until"], zone))
        return events

    def with_total(self, rows: QuerySet) -> QuerySet:
        """Without a filter the number says nothing: the log is as long as the organization's past."""
        return super().with_total(rows) if self.active else rows


def _details(event: dict, currency: str) -> str:
    said = facts_of(event["kind"], event["detail"]).say(currency)
    return formats.mark("; ").join(f"{label}{formats.mark(': ')}{words}" for label, words in said)


audit_log = tenant_page(Permission.READ_AUDIT_LOG)(AuditLog.view)


def _grant_url(request: TenantRequest, relationship: UUID | None) -> str:
    """The relationship by which a partner's person acted, for those who may read it."""
    if relationship is None or not request.actor.can(Permission.READ_RELATIONSHIPS):
        return ""
    return reverse("partners:relationship-detail", args=[request.tenant.slug, relationship])
