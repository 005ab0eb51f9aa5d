"""The preview of an act on many: what will change and what stays, rows left out, and the decision."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Decision
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.bulk import reads
from subscriptions.bulk.asking import needs_second_person
from subscriptions.bulk.cost_page import costs_of, with_costs
from subscriptions.bulk.file_page import file_of
from subscriptions.bulk.forms import LeaveOutForm
from subscriptions.bulk.many_act_page import DETAIL, PREVIEW, WHAT, ManyAct
from subscriptions.bulk.preview_page import PreviewPage, receipts_said
from subscriptions.bulk.rules import PREVIEW_KEPT, is_current, may_begin, may_decide
from subscriptions.models import BulkAct
from subscriptions.models.jobs.bulk_act import BulkState
from subscriptions.subscriptions.pages.cost_change import CostChange
from subscriptions.verdicts import Stale, Verdict
from subscriptions.web.acts import Answer
from subscriptions.web.responses import see_other


class Preview(PreviewPage, ManyAct):
    name = PREVIEW
    template = "subscriptions/bulk_preview.html"

    @property
    def title(self) -> str:  # type: ignore[override]
        if not self.bulk.planned:
            return _("Nothing would change")
        if self.bulk.undo_of:
            told = ngettext("Undo %(count)s change?", "Undo %(count)s changes?", self.bulk.planned)
        else:
            told = ngettext("Change %(count)s subscription?", "Change %(count)s subscriptions?", self.bulk.planned)
        return told % {"count": formats.number(self.bulk.planned)}

    @property
    def button(self) -> str:  # type: ignore[override]
        if self.needs_second_person:
            told = ngettext(
                "Ask to change %(count)s subscription", "Ask to change %(count)s subscriptions", self.bulk.planned
            )
        elif self.bulk.undo_of:
            return with_costs(self.kind.undo_said(self.bulk.planned), self.costs)
        else:
            told = ngettext("Change %(count)s subscription", "Change %(count)s subscriptions", self.bulk.planned)
        return with_costs(told % {"count": formats.number(self.bulk.planned)}, self.costs)

    @cached_property
    def needs_second_person(self) -> bool:
        return needs_second_person(self.bulk)

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
    def decision(self) -> Decision | None:  # type: ignore[override]
        return self.kind.decision

    @property
    def digest(self) -> str:
        return self.bulk.digest

    @property
    def is_current(self) -> bool:
        return is_current(self.bulk, self.by)

    def may(self) -> Verdict:
        return may_decide(self.by, self.bulk)

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
            "is_cut": sum(group.count for group in changing) < self.bulk.planned,
            "stay": self.bulk.chosen - self.bulk.planned,
            "told": self._told(changing),
            "until": self.bulk.previewed + PREVIEW_KEPT if self.bulk.previewed else None,
            "leave_out_url": self.to(LeaveOut.name, self.bulk),
            "rows_url": self.to("subscriptions:bulk-rows", self.bulk),
            "verdict": self.may(),
            **file_of(self.bulk, self.to("subscriptions:bulk-lines", self.bulk)),
        }

    def _told(self, changing: Sequence[reads.Group]) -> list[str]:
        kind = bulk.kind_of(self.bulk, self.by)
        told = kind.told(reads.told_of(self.bulk, changing))
        return [*told, receipts_said(reads.count_admins(self.tenant))]


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
