"""Acts on many, step by step: choose, say what, preview and decide; then pause, resume, stop, undo."""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Decision, Permission
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import reads
from subscriptions.bulk.cost_page import costs_of, with_costs
from subscriptions.bulk.forms import FORMS, ChooseForm, LeaveOutForm, PreviewForm
from subscriptions.bulk.kinds import KINDS, Kind, kinds_for
from subscriptions.bulk.rules import (
    PREVIEW_KEPT,
    SEES_MANY,
    is_current,
    may_begin,
    may_decide,
    may_pause,
    may_resume,
    may_stop,
    may_undo,
)
from subscriptions.db.limits import Limit, limits_of
from subscriptions.models import BulkAct, Subscription
from subscriptions.models.bulk_act import BulkState
from subscriptions.subscriptions.pages.cost_change import CostChange
from subscriptions.subscriptions.reads import find_subscriptions
from subscriptions.verdicts import Stale, Verdict
from subscriptions.web.acts import Answer, Crumb, list_sent
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import KeyForm, SealedForm
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import TenantAct

LIST, DETAIL, WHAT, PREVIEW = (
    "subscriptions:list",
    "subscriptions:bulk",
    "subscriptions:bulk-what",
    "subscriptions:bulk-preview",
)


class Choose(TenantAct):
    """The buttons below the list: keeps what is chosen, and leads to the next step."""

    name = "subscriptions:bulk-choose"
    page = LIST
    permission: ClassVar[Permission] = SEES_MANY
    title = gettext_lazy("Change many")
    form_class: ClassVar[type[forms.Form]] = ChooseForm
    is_keyed = False

    def may_typed(self, wanted: Mapping[str, Any]) -> Verdict:
        return may_begin(self.by, wanted["kind"])

    def again(self, form: forms.Form) -> Answer:
        """Nothing that could be done is chosen: back to the list, which is as it was."""
        list_query = self.request.POST.get("list", "")
        chosen = list_sent(self.request, but=frozenset({"csrfmiddlewaretoken", "kind"}))
        context = {
            "act": self,
            "chosen": chosen if self.request.POST.get("pick") or self.request.POST.get("scope") else [],
            "kinds": kinds_for(self.by),
            "problems": [error for errors in form.errors.values() for error in errors],
            "list_url": f"{self.page_url}?{list_query or 'order=name'}",
            "breadcrumbs": [*crumbs_of_list(self), (_("Nothing is chosen"), None)],
        }
        return partial(render, self.request, "subscriptions/bulk_nothing.html", context, status=422)

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        rows, selection = self._chosen(wanted)
        act = bulk.choose(tenant=self.tenant, kind=wanted["kind"], rows=rows, selection=selection, by=self.by)
        fixed = KINDS[act.kind].fixed
        return act if fixed is None else bulk.preview(act=act, wanted=fixed, reason="", by=self.by)

    def _chosen(self, wanted: Mapping[str, Any]) -> tuple[Any, str]:
        """The rows, and in words how they were chosen."""
        if wanted["scope"]:
            form = ChooseForm(self.request.POST)
            form.is_valid()
            left_out = set(wanted["shown"]) - set(wanted["pick"])
            rows = find_subscriptions(self.tenant, form.filters.cleaned_data).exclude(uuid__in=left_out)
            chips = active_filters(form.filters, QueryDict(wanted["list"]), hidden={"order"})
            labels = [chip.label for chip in chips]
            return rows, formats.join_list(labels) if labels else _("All subscriptions")
        uuids = wanted["shown"] if wanted["page"] else wanted["pick"]
        rows = Subscription.objects.of_tenant(self.tenant).filter(uuid__in=uuids)
        return rows, _("The page of the list") if wanted["page"] else _("One by one in the list")

    def announce(self, outcome: BulkAct) -> None:
        """The next page is about nothing else."""

    def destination(self, outcome: BulkAct) -> str:
        return self.url_of(PREVIEW if outcome.digest else WHAT, uuid=outcome.uuid)


def crumbs_of_list(act: TenantAct) -> list[Crumb]:
    return [(_("Billing"), None), (_("Subscriptions"), f"{act.url_of(LIST, slug=act.tenant.slug)}?order=name")]


class ManyAct(TenantAct):
    """An act on an act on many; `find` sets `bulk`."""

    permission: ClassVar[Permission] = SEES_MANY
    is_keyed = False
    form_class: ClassVar[type[forms.Form]] = SealedForm
    bulk: BulkAct

    def find(self) -> None:
        found = reads.find_act(self.tenant, self.address["uuid"])
        if found is None:
            raise Http404
        self.bulk = found

    @property
    def kind(self) -> type[Kind]:
        return KINDS[self.bulk.kind]

    @property
    def list_url(self) -> str:
        return f"{self.url_of(LIST, slug=self.tenant.slug)}?order=name"

    @property
    def back_url(self) -> str:
        return self.list_url

    def breadcrumbs(self) -> list[Crumb]:
        return [*crumbs_of_list(self), (self.title, None)]

    def to(self, name: str, act: BulkAct) -> str:
        return self.url_of(name, uuid=act.uuid)

    def over(self) -> Answer | None:
        """Once it is decided its own page is the place."""
        if self.bulk.state in (BulkState.CHOSEN, BulkState.PREVIEWED):
            return None
        return partial(see_other, self.to(DETAIL, self.bulk))

    def announce(self, outcome: Any) -> None:
        """The next page says it."""


class What(ManyAct):
    """What is wanted of all that is chosen; the kind has its form."""

    name = WHAT
    button = gettext_lazy("Show what will change")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/bulk_what.html"

    def find(self) -> None:
        super().find()
        if self.bulk.kind not in FORMS:
            raise Http404
        self.form_class = FORMS[self.bulk.kind]  # type: ignore[misc]

    @property
    def title(self) -> str:  # type: ignore[override]
        return str(self.kind.label)

    @property
    def subtitle(self) -> str:
        told = ngettext("%(count)s subscription is chosen", "%(count)s subscriptions are chosen", self.bulk.chosen)
        return told % {"count": formats.number(self.bulk.chosen)}

    def may(self) -> Verdict:
        return may_begin(self.by, self.bulk.kind)

    def form_arguments(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "by": self.by}

    def sentences(self) -> list[str]:
        return [_("The next page shows what will change and what stays. Nothing has changed yet.")]

    def perform(self, form: Any) -> BulkAct:
        return bulk.preview(
            act=self.bulk, wanted=form.wanted(), reason=form.cleaned_data.get("reason", ""), by=self.by
        )

    def preview(self, form: Any) -> None:
        self.filled = form  # what was typed, as the kind keeps it

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        return self.perform(self.filled)

    def destination(self, outcome: BulkAct) -> str:
        return self.to(PREVIEW, outcome)


class Preview(ManyAct):
    """What will change and what stays, and why; the button says the number. An old preview is shown anew (409)."""

    name = PREVIEW
    leave = gettext_lazy("Back to the list")
    template = "subscriptions/bulk_preview.html"
    form_style = "preview"
    form_class: ClassVar[type[forms.Form]] = PreviewForm
    is_keyed = True
    is_read_too = True
    is_renewed = False

    @property
    def title(self) -> str:  # type: ignore[override]
        if self.bulk.undo_of:
            told = ngettext("Undo %(count)s change?", "Undo %(count)s changes?", self.bulk.planned)
        else:
            told = ngettext("Change %(count)s subscription?", "Change %(count)s subscriptions?", self.bulk.planned)
        return told % {"count": formats.number(self.bulk.planned)}

    @property
    def button(self) -> str:  # type: ignore[override]
        if self.bulk.undo_of:
            told = ngettext("Undo %(count)s change", "Undo %(count)s changes", self.bulk.planned)
        else:
            told = ngettext("Change %(count)s subscription", "Change %(count)s subscriptions", self.bulk.planned)
        return with_costs(told % {"count": formats.number(self.bulk.planned)}, self.costs)

    @cached_property
    def costs(self) -> list[CostChange]:
        return costs_of(self.bulk)

    @property
    def subtitle(self) -> str:
        return self.kind.title(self.bulk.wanted)

    def over(self) -> Answer | None:
        if self.bulk.state == BulkState.CHOSEN:
            return partial(see_other, self.to(WHAT, self.bulk))
        return super().over()

    @property
    def version(self) -> str | None:
        """Of a preview that is old or another's nothing that was sent fits."""
        if self.request.method == "POST" and not self.request.POST.get("version"):
            return None
        return self.bulk.digest if self.is_current else "-"

    @property
    def is_current(self) -> bool:
        return is_current(self.bulk, self.by)

    @property
    def decision(self) -> Decision | None:  # type: ignore[override]
        return self.kind.decision

    def may(self) -> Verdict:
        return may_decide(self.by, self.bulk)

    def limits(self) -> list[Limit]:
        return limits_of("change-many", person=self.by.user_id)

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        return bulk.decide(act=self.bulk, digest=wanted["version"], by=self.by)

    def destination(self, outcome: BulkAct) -> str:
        return self.to(DETAIL, self.bulk)

    def conflict(self) -> HttpResponse:
        """The same subscriptions as they are now, in a preview of this person's own."""
        self.find()
        fresh = type(self)(
            self.request, uuid=bulk.preview_again(act=self.bulk, by=self.by).uuid, slug=self.tenant.slug
        )
        fresh.find()
        fresh.is_renewed = True
        return fresh.shown(fresh.form(), status=409)

    def context(self, form: forms.Form) -> Mapping[str, Any]:
        changing, staying = (reads.groups_of(self.bulk, changing=changing) for changing in (True, False))
        reads.with_first_rows(self.bulk, changing)
        return {
            "costs": self.costs,
            "changing": changing,
            "staying": staying,
            "stay": self.bulk.chosen - self.bulk.planned,
            "told": self._told(changing),
            "until": self.bulk.previewed + PREVIEW_KEPT if self.bulk.previewed else None,
            "leave_out_url": self.to(LeaveOut.name, self.bulk),
            "rows_url": self.to("subscriptions:bulk-rows", self.bulk),
            "verdict": self.may(),
        }

    def _told(self, changing: list[reads.Group]) -> list[str]:
        admins = reads.count_admins(self.tenant)
        receipts = ngettext(
            "Your Global or Billing admin: one receipt",
            "Your %(count)s Global and Billing admins: one receipt each",
            admins,
        )
        kind = bulk.kind_of(self.bulk, self.by)
        return [
            *kind.told([(each.before, each.after, each.count) for each in changing]),
            receipts % {"count": admins},
        ]


class LeaveOut(ManyAct):
    """A button at each row of a preview."""

    name = "subscriptions:bulk-leave-out"
    page = PREVIEW
    title = gettext_lazy("Leave out")
    form_class: ClassVar[type[forms.Form]] = LeaveOutForm

    def may(self) -> Verdict:
        return may_begin(self.by, self.bulk.kind)

    def again(self, form: forms.Form) -> Answer:
        raise Stale

    def conflict(self) -> HttpResponse:
        """It is left out already, or the preview is not the person's: the page of it says so."""
        return see_other(self.page_url)

    def do(self, wanted: Mapping[str, Any]) -> None:
        bulk.leave_out(act=self.bulk, subscription=wanted["leave_out"], by=self.by)

    def destination(self, outcome: None) -> str:
        return self.page_url


class OnProgress(ManyAct):
    """A button on the page of a decided act."""

    page = DETAIL
    is_keyed = True
    form_class: ClassVar[type[forms.Form]] = KeyForm

    def over(self) -> None:
        """Its state is for the verdict to judge."""

    def destination(self, outcome: Any) -> str:
        return self.page_url


class Pause(OnProgress):
    name = "subscriptions:bulk-pause"
    title = button = gettext_lazy("Pause")

    def may(self) -> Verdict:
        return may_pause(self.by, self.bulk)

    def do(self, wanted: Mapping[str, Any]) -> None:
        bulk.pause(act=self.bulk, by=self.by)


class Resume(OnProgress):
    name = "subscriptions:bulk-resume"
    title = button = gettext_lazy("Resume")

    def may(self) -> Verdict:
        return may_resume(self.by, self.bulk)

    def do(self, wanted: Mapping[str, Any]) -> None:
        bulk.resume(act=self.bulk, by=self.by)


class Stop(OnProgress):
    name = "subscriptions:bulk-stop"
    title = button = gettext_lazy("Stop")

    def may(self) -> Verdict:
        return may_stop(self.by, self.bulk)

    def do(self, wanted: Mapping[str, Any]) -> None:
        bulk.stop(act=self.bulk, by=self.by)


class UndoMany(OnProgress):
    """Leads to a preview; nothing is undone before that is decided."""

    name = "subscriptions:bulk-undo"
    title = gettext_lazy("Undo")

    @property
    def button(self) -> str:  # type: ignore[override]
        told = ngettext("Undo %(count)s change", "Undo %(count)s changes", self.bulk.changed)
        return told % {"count": formats.number(self.bulk.changed)}

    def may(self) -> Verdict:
        return may_undo(self.by, self.bulk)

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        return bulk.preview_undo(act=self.bulk, by=self.by)

    def destination(self, outcome: BulkAct) -> str:
        return self.to(PREVIEW, outcome)


def detail_url(slug: str, uuid: UUID) -> str:
    return reverse(DETAIL, args=[slug, uuid])
