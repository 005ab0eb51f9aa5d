"""Billing > Scheduled changes: the list, and the acts on one of them: cancel, try again, dismiss."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.reads import PartnerUnusable
from partners.models import ScheduledChange
from partners.models.scheduled_change import ScheduleState
from partners.partner_of_record.acts import Change
from partners.partner_of_record.schedule import acts as schedule
from partners.partner_of_record.schedule.acts import SCHEDULED
from partners.partner_of_record.schedule.forms import DismissForm, ScheduleFilterForm
from partners.partner_of_record.schedule.reads import OPEN, find_change
from partners.partner_of_record.schedule.rules import applies, cannot_apply, may_cancel, may_settle, to_whom
from subscriptions.access import Decision, Permission
from subscriptions.approvals.reads import waiting_requests
from subscriptions.base import formats
from subscriptions.base.markup import markup
from subscriptions.bulk.outcomes import outcome_of
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import AuditEvent
from subscriptions.models.subscription import full_name
from subscriptions.saved_views.lists import ALL as ALL_ROWS
from subscriptions.saved_views.lists import SCHEDULED as SCHEDULED_LIST
from subscriptions.verdicts import Refused, Verdict
from subscriptions.web import cells
from subscriptions.web.acts import Answer, Crumb, Facts
from subscriptions.web.forms import KeyForm
from subscriptions.web.lists import Empty, List
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.tables import Column, Place
from subscriptions.web.tenant_acts import TenantAct

LIST, CANCEL, TRY_AGAIN, DISMISS = (
    "partners:scheduled-list",
    "partners:scheduled-cancel",
    "partners:scheduled-try-again",
    "partners:scheduled-dismiss",
)
TITLE = gettext_lazy("Scheduled changes")
STATE_TAGS = {
    ScheduleState.WAITING: "info",
    ScheduleState.APPLIED: "ok",
    ScheduleState.NOT_APPLIED: "warn",
    ScheduleState.CANCELED: "neutral",
    ScheduleState.DISMISSED: "neutral",
}


class ScheduledAct(TenantAct):
    """An act on one scheduled change; it fits whatever the subscription's version is by now."""

    permission: ClassVar[Permission] = Permission.SET_PARTNER_OF_RECORD
    form_class: ClassVar[type[forms.Form]] = KeyForm
    change: ScheduledChange

    def find(self) -> None:
        found = find_change(self.tenant, self.address["uuid"])
        if found is None:
            raise Http404
        self.change = found

    @property
    def subtitle(self) -> str:
        return self.change.subscription.full_name

    def limits(self) -> list[Limit]:
        return limits_of("change-partner", person=self.by.counted_as)

    def facts(self) -> Facts:
        change = self.change
        facts = [
            (_("Partner of record then"), to_whom(change)),
            (_("Begins"), when_of(change, self.tenant.time_zone)),
            (_("Scheduled by"), formats.join_facts(change.scheduled_by, formats.moment(change.scheduled_at))),
        ]
        return [*facts, (_("Why it was not applied"), outcome_of(change.outcome).label)] if change.outcome else facts

    def facts_now(self) -> Facts:
        return [*self.facts(), (_("State"), self.change.get_state_display())]

    @property
    def back_url(self) -> str:
        """The list, as the address knows nothing of the subscription."""
        return self.url_of(LIST, slug=self.tenant.slug)

    def breadcrumbs(self) -> list[Crumb]:
        return [(_("Billing"), None), (TITLE, self.back_url), (self.title, None)]

    def destination(self, outcome: Any) -> str:
        return self.url_of("subscriptions:detail", slug=self.tenant.slug, uuid=self.change.subscription.uuid)


class CancelScheduled(ScheduledAct):
    name = CANCEL
    title = gettext_lazy("Cancel the change")
    button = gettext_lazy("Cancel the change")
    decision = Decision.CREDIT_PARTNER

    def may(self) -> Verdict:
        return may_cancel(self.by, self.change)

    def sentences(self) -> list[str]:
        return [_("The partner of record then stays as it is now. Nobody is mailed.")]

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return schedule.cancel_change(tenant=self.tenant, change=self.change, by=self.by)

    def done(self, outcome: AuditEvent) -> str:
        return _("The scheduled change is canceled. The partner of record stays as it is now.")


class TryAgain(ScheduledAct):
    """Now, and as the person who presses it: whoever scheduled it may have gone."""

    name = TRY_AGAIN
    title = gettext_lazy("Try again now")
    button = gettext_lazy("Change it now")
    decision = Decision.CREDIT_PARTNER
    problems = (PartnerUnusable,)

    def may(self) -> Verdict:
        return may_settle(self.by, self.change)

    def sentences(self) -> list[str]:
        next_step = str(outcome_of(self.change.outcome).next_step)
        return [
            *([next_step] if next_step else []),
            _("The partner of record changes at once. All sides are mailed."),
        ]

    def do(self, wanted: Mapping[str, Any]) -> Change:
        return schedule.try_again(tenant=self.tenant, change=self.change, by=self.by)

    def done(self, outcome: Change) -> str:
        return _("The change was applied now.")

    def explain(self, problem: Any, form: forms.Form) -> Answer:
        raise Refused(cannot_apply(problem)) from problem


class Dismiss(ScheduledAct):
    name = DISMISS
    title = gettext_lazy("Dismiss the change")
    button = gettext_lazy("Dismiss")
    form_class: ClassVar[type[forms.Form]] = DismissForm

    def may(self) -> Verdict:
        return may_settle(self.by, self.change)

    def sentences(self) -> list[str]:
        return [_("It is then no longer listed as open. The audit log keeps it.")]

    def do(self, wanted: Mapping[str, Any]) -> AuditEvent:
        return schedule.dismiss(tenant=self.tenant, change=self.change, by=self.by, reason=wanted["reason"])

    def done(self, outcome: AuditEvent) -> str:
        return _("The change that was not applied is dismissed.")


def when_of(change: ScheduledChange, zone: str) -> str:
    told = applies(change.day, zone)
    return _("%(when)s, with the renewal") % {"when": told} if change.at_renewal else told


class ScheduledList(List[TenantRequest]):
    title, section = TITLE, gettext_lazy("Billing")
    caption = gettext_lazy("Scheduled changes of your organization")
    template = "list.html"
    form_class = ScheduleFilterForm
    views_of, clear_url = SCHEDULED_LIST, ALL_ROWS
    filter_label = gettext_lazy("Filter scheduled changes")
    order = "day"
    values = (
        "uuid", "state", "day", "at_renewal", "outcome", "scheduled_by", "partner__number", "partner__name",
        "subscription__uuid", "subscription__name", "subscription__own_name", "is_asked",
    )  # fmt: skip
    none_matches = Empty(gettext_lazy("No scheduled change is in this state."))
    nothing_yet = Empty(
        gettext_lazy("We didn't find anything to show here."),
        why=gettext_lazy(
            "No change of a partner of record waits for its day. You can schedule one where you edit it."
        ),
        icon="calendar",
    )

    def found(self, wanted: dict) -> QuerySet:
        asked = waiting_requests(self.request.tenant).filter(act=SCHEDULED, row=OuterRef("pk"))
        rows = ScheduledChange.objects.filter(tenant=self.request.tenant).annotate(is_asked=Exists(asked))
        return rows.filter(state=wanted["state"]) if wanted["state"] else rows.filter(state__in=OPEN)

    @property
    def columns(self) -> list[Column]:
        return [
            Column(_("Subscription"), self._name),
            Column(_("State"), _state, place=Place.STATE),
            Column(_("Partner of record then"), _partner, place=Place.WHOM),
            Column(_("Begins"), _day, css="day", place=Place.DAY),
            Column(_("Scheduled by"), lambda row: cells.name(row["scheduled_by"])),
            Column(_("Action"), self._acts, place=Place.LINE),
        ]

    def _name(self, row: dict) -> object:
        url = reverse("subscriptions:detail", args=[self.request.tenant.slug, row["subscription__uuid"]])
        return cells.link(url, full_name(row["subscription__name"], row["subscription__own_name"]))

    def _acts(self, row: dict) -> object:
        links = [(name, label) for name, label in acts_on(row["state"])]
        slug = self.request.tenant.slug
        named = cells.unseen(full_name(row["subscription__name"], row["subscription__own_name"]))
        drawn = [
            markup('<a href="{}">{}{}</a>', reverse(name, args=[slug, row["uuid"]]), label, named)
            for name, label in links
        ]
        return cells.beside(*drawn)


def acts_on(state: str) -> list[tuple[str, Any]]:
    """Names of the addresses of what can be done with a change in that state, and how they are called."""
    if state == ScheduleState.WAITING:
        return [(CANCEL, CancelScheduled.title)]
    if state == ScheduleState.NOT_APPLIED:
        return [(TRY_AGAIN, TryAgain.title), (DISMISS, Dismiss.button)]
    return []


def _state(row: dict) -> SafeString:
    state = ScheduleState(row["state"])
    why = cells.below(outcome_of(row["outcome"]).label) if row["outcome"] else ""
    if row["is_asked"]:
        why = cells.below(_("Waits for approval"))
    return cells.together(cells.tag(STATE_TAGS[state], state.label), why)


def _partner(row: dict) -> object:
    if row["partner__number"] is None:
        return cells.muted(_("None"))
    return cells.together(cells.code(row["partner__number"]), cells.below(cells.name(row["partner__name"])))


def _day(row: dict) -> object:
    return cells.together(formats.day(row["day"]), cells.below(_("At the renewal") if row["at_renewal"] else ""))


scheduled_list = tenant_page(Permission.SET_PARTNER_OF_RECORD)(ScheduledList.view)
