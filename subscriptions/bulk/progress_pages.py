"""The buttons on the page of a decided act on many: pause, resume, stop, undo."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from subscriptions.bulk import acts as bulk
from subscriptions.bulk.many_act_page import DETAIL, PREVIEW, ManyAct
from subscriptions.bulk.rules import may_pause, may_resume, may_stop, may_undo
from subscriptions.models import BulkAct
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import KeyForm


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
        return self.kind.undo_said(self.bulk.changed)

    def may(self) -> Verdict:
        return may_undo(self.by, self.bulk)

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        return bulk.preview_undo(act=self.bulk, by=self.by)

    def destination(self, outcome: BulkAct) -> str:
        return self.to(PREVIEW, outcome)
