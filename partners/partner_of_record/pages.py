"""Check ID, Submit and Undo of a subscription's partner of record."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.directory.forms import as_validation_error
from partners.directory.reads import PartnerUnusable
from partners.models import Partner, ScheduledChange
from partners.partner_of_record.acts import Change, set_partner_of_record, undo_last_change
from partners.partner_of_record.approval import PARTNER, ask_for_partner, ask_for_undo
from partners.partner_of_record.forms import CheckForm, PartnerOfRecordForm
from partners.partner_of_record.history import (
    PartnerName,
    Period,
    Step,
    current_period,
    last_step,
    subscription_with_newest,
)
from partners.partner_of_record.policy.rules import is_asked_for, may_ask_for
from partners.partner_of_record.rules import cannot_restore, may_set, may_undo
from partners.partner_of_record.schedule.acts import change_now_instead, schedule_change
from partners.partner_of_record.schedule.forms import CANCELS, NOW, ON_A_DAY, Calendar
from partners.partner_of_record.schedule.reads import waiting_change
from partners.partner_of_record.schedule.rules import applies, may_schedule, to_whom
from subscriptions.access import Decision, Permission
from subscriptions.approvals.reads import none_waits
from subscriptions.base import formats
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import Approval, Subscription
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.verdicts import ALLOWED, Refused, Stale, Verdict, first_refusal
from subscriptions.web.acts import Answer, Facts
from subscriptions.web.forms import ActForm
from subscriptions.web.subscription_acts import OneSubscriptionAct

EDIT = "partners:partner-of-record-edit"


class PartnerOfRecordAct(OneSubscriptionAct):
    """An act on whom a subscription credits; `do` returns the Change."""

    permission = Permission.SET_PARTNER_OF_RECORD
    decision = Decision.CREDIT_PARTNER
    conflict_template = "partners/partner_of_record_conflict.html"
    problems = (PartnerUnusable,)
    periods: list[Period]

    def find(self) -> None:
        subscription, self.periods = subscription_with_newest(tenant=self.tenant, uuid=self.address["uuid"])
        if subscription is None:
            raise Http404
        self.subscription = subscription

    @property
    def current(self) -> PartnerName | None:
        period = current_period(self.periods)
        return period.partner if period else None

    @property
    def last(self) -> Step | None:
        return last_step(self.periods)

    def limits(self) -> list[Limit]:
        return limits_of("change-partner", person=self.by.counted_as)

    def facts_now(self) -> Facts:
        typed = self.request.POST.get("partner_id", "")
        now = (_("Partner of record now"), self.current or _("None"))
        return [now, (_("You typed"), typed)] if typed else [now]

    def done(self, change: Change) -> str:
        facts = {"subscription": self.subscription.full_name, "before": change.before, "after": change.after}
        if change.after is None:
            return _("%(before)s is no longer partner of record of %(subscription)s.") % facts
        if change.before is None:
            return _("%(after)s is now partner of record of %(subscription)s.") % facts
        return _("%(after)s is now partner of record of %(subscription)s, instead of %(before)s.") % facts

    def announce(self, outcome: Any) -> None:
        if isinstance(outcome, Approval):
            messages.success(self.request, asked_in_words(self.subscription))
        else:
            super().announce(outcome)

    def destination(self, change: Any) -> str:
        return self.back_url


class EditPartnerOfRecord(PartnerOfRecordAct):
    """The *Partner information* page. A Submit of an ID that this person has not checked shows whose it is first."""

    called = gettext_lazy("Edit partner of record")
    name = EDIT
    leave = gettext_lazy("Cancel")
    template = "partners/partner_of_record_edit.html"
    form_class: ClassVar[type[forms.Form]] = PartnerOfRecordForm
    uncompared = frozenset({"checked"})

    @property
    def title(self):  # type: ignore[override]
        return _("Edit partner of record") if self.current else _("Add partner of record")

    def may(self) -> Verdict:
        may = may_set(self.by, self.tenant, self.subscription, has_partner=self.current is not None)
        return first_refusal([may, none_waits(self.tenant, PARTNER, self.subscription.pk)])

    @property
    def button(self) -> Any:  # type: ignore[override]
        return _("Ask for approval") if self.tenant.second_person else _("Submit")

    @property
    def current_number(self) -> str:
        return self.current.number if self.current else ""

    def form_arguments(self) -> dict[str, Any]:
        about = {"tenant": self.tenant, "subscription": self.subscription, "by": self.by}
        return {**about, "current": self.current_number, "calendar": self.calendar}

    @cached_property
    def waiting(self) -> ScheduledChange | None:
        row: Any = self.subscription
        return waiting_change(self.tenant, row) if row.has_waiting_change else None

    @property
    def calendar(self) -> Calendar:
        row = self.subscription
        renews_on = row.term_ends_on if row.renews else None
        zone = self.tenant.time_zone
        return Calendar(today=today_of(self.tenant), zone=zone, renews_on=renews_on, waiting=self.waiting)

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        """By the approved list; and a second change for a day to come is refused, and the first one named."""
        listed = self.may_list(wanted["partner_id"])
        if wanted["when"] == NOW:
            return listed
        has_partner = self.current is not None
        may = may_schedule(self.by, self.tenant, self.subscription, has_partner=has_partner, waiting=self.waiting)
        return first_refusal([may, listed])

    def may_list(self, partner: Any) -> Verdict:
        """Who is credited already stays so, on the list or not."""
        if partner is None or partner.number == self.current_number:
            return ALLOWED
        return may_ask_for(self.tenant, partner, is_listed=partner.is_listed)

    def is_asked_for(self, partner: Any) -> bool:
        return is_asked_for(self.tenant, partner, is_listed=partner.is_listed if partner else None)

    def initial(self) -> dict[str, Any]:
        return {"partner_id": self.request.GET.get("partner_id") or self.current_number}

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        return {"profile": self.tenant.cloud_profile, "check_url": self.url_of(CheckPartnerId.name)}

    def preview(self, form: Any) -> Mapping[str, Any] | None:
        return {**self.found(form), "ask_again": True} if form.asks_for_another_submit else None

    def found(self, form: Any) -> dict[str, Any]:
        """Whose ID it is, and what Submit would answer by the approved list."""
        partner = form.cleaned_data["partner_id"]
        is_new = partner is not None and partner.number != self.current_number
        return {
            "found": partner,
            "checked": form.checked_token(),
            "listed": self.may_list(partner),
            "is_asked_for": is_new and self.is_asked_for(partner),
        }

    def do(self, wanted: Mapping[str, Any]) -> Change | ScheduledChange | Approval | None:
        common = {"tenant": self.tenant, "version": wanted["version"], "by": self.by}
        what = {"partner": wanted["partner_id"], "reason": wanted["reason"]}
        if wanted["when"] != NOW:
            day = wanted["on"] if wanted["when"] == ON_A_DAY else None
            return schedule_change(subscription=self.subscription, day=day, **common, **what)
        instead_of = self.waiting if self.waiting and wanted["waiting"] == CANCELS else None
        if self.is_asked_for(wanted["partner_id"]):
            return ask_for_partner(subscription=self.subscription, instead_of=instead_of, **common, **what)
        if instead_of:
            return change_now_instead(change=instead_of, **common, **what)
        return set_partner_of_record(subscription=self.subscription, **common, **what)

    def announce(self, change: Any) -> None:
        if isinstance(change, Approval):
            super().announce(change)
        elif isinstance(change, ScheduledChange):
            messages.success(self.request, scheduled_in_words(change, self.subscription))
        elif change is None or change.event is None:
            messages.info(self.request, _("No change: the partner of record stays as it was."))
        else:
            messages.success(self.request, self.done(change), extra_tags="undo")

    def explain(self, problem: Any, form: forms.Form) -> Answer:
        form.add_error("partner_id", as_validation_error(problem))
        return self.again(form)


def scheduled_in_words(change: ScheduledChange, subscription: Subscription) -> str:
    facts = {
        "subscription": subscription.full_name,
        "partner": to_whom(change),
        "when": applies(change.day, change.tenant.time_zone),
    }
    if change.partner is None:
        told = _("Scheduled: on %(when)s %(subscription)s loses its partner of record.") % facts
    else:
        told = _("Scheduled: on %(when)s %(partner)s becomes partner of record of %(subscription)s.") % facts
    if is_asked_for(change.tenant, change.partner):
        return formats.sentences(told, _("A second person has to approve it before; until then nothing changes."))
    return formats.sentences(told, _("Until then nothing changes."))


def asked_in_words(subscription: Subscription) -> str:
    told = _("Your request for %(subscription)s waits for approval.") % {"subscription": subscription.full_name}
    return formats.sentences(told, _("Nothing has changed yet. The other Global and Billing admins are mailed."))


class CheckPartnerId(EditPartnerOfRecord):
    """Looks an ID up and changes nothing, whatever else is wrong with the form and however old it is."""

    called = gettext_lazy("Check ID")
    name = "partners:partner-of-record-check"
    page = EDIT
    part = ("check-result", "partners/_partner_of_record_check.html")
    form_class = CheckForm
    is_keyed = False

    @property
    def version(self) -> None:  # type: ignore[override]
        return None

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        return ALLOWED

    def preview(self, form: Any) -> dict[str, Any]:
        return self.found(form)

    def again(self, form: forms.Form) -> Answer:
        if "partner_id" in form.errors:
            return super().again(form)
        return partial(self.shown, form, **self.found(form))


class UndoPartnerOfRecord(PartnerOfRecordAct):
    """A button on the subscription's own page."""

    name = "partners:partner-of-record-undo"
    page = "subscriptions:detail"
    form_class = ActForm
    title = gettext_lazy("Undo last change")

    def may(self) -> Verdict:
        may = may_undo(self.by, self.subscription, self.last)
        return first_refusal([may, none_waits(self.tenant, PARTNER, self.subscription.pk)])

    def do(self, wanted: Mapping[str, Any]) -> Change | Approval:
        undo = ask_for_undo if is_asked_for(self.tenant, self._previous()) else undo_last_change
        return undo(tenant=self.tenant, subscription=self.subscription, version=wanted["version"], by=self.by)

    def _previous(self) -> Partner | None:
        """Whom it brings back."""
        before = self.last.before if self.last else None
        return Partner.objects.filter(pk=before.pk).first() if before else None

    def done(self, change: Change) -> str:
        return formats.sentences(_("Undone."), super().done(change))

    def again(self, form: forms.Form) -> Answer:
        """Nobody types into a button: one without its version was drawn for something else."""
        raise Stale

    def explain(self, problem: Any, form: forms.Form) -> Answer:
        raise Refused(cannot_restore(problem)) from problem
