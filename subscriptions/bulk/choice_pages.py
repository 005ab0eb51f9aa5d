"""An act on many begins: the rows are chosen in the list, and what is wanted of them is said."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.bulk import acts as bulk
from subscriptions.bulk.forms import FORMS, ChooseForm
from subscriptions.bulk.kinds import KINDS, buttons_for
from subscriptions.bulk.many_act_page import LIST, PREVIEW, WHAT, ManyAct, crumbs_of_list
from subscriptions.bulk.rules import SEES_MANY, may_begin
from subscriptions.models import BulkAct
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, list_sent
from subscriptions.web.tenant_acts import TenantAct


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
            "kinds": buttons_for(self.by, self.tenant.cloud_profile),
            "problems": [error for errors in form.errors.values() for error in errors],
            "list_url": f"{self.page_url}?{list_query or 'order=name'}",
            "breadcrumbs": [*crumbs_of_list(self), (_("Nothing is chosen"), None)],
        }
        return partial(render, self.request, "subscriptions/bulk_nothing.html", context, status=422)

    def preview(self, form: Any) -> None:
        self.filled = form  # which knows the rows

    def do(self, wanted: Mapping[str, Any]) -> BulkAct:
        rows, selection = self.filled.rows_of(self.tenant), self.filled.in_words(_("All subscriptions"))
        act = bulk.choose(tenant=self.tenant, kind=wanted["kind"], rows=rows, selection=selection, by=self.by)
        fixed = KINDS[act.kind].fixed
        return act if fixed is None else bulk.preview(act=act, wanted=fixed, reason="", by=self.by)

    def announce(self, outcome: BulkAct) -> None:
        """The next page is about nothing else."""

    def destination(self, outcome: BulkAct) -> str:
        return self.url_of(PREVIEW if outcome.digest else WHAT, uuid=outcome.uuid)


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
        return str(self.kind.label_in(self.tenant.cloud_profile))

    @property
    def subtitle(self) -> str:
        told = ngettext("%(count)s subscription is chosen", "%(count)s subscriptions are chosen", self.bulk.chosen)
        return told % {"count": formats.number(self.bulk.chosen)}

    def may(self) -> Verdict:
        return may_begin(self.by, self.bulk.kind)

    def form_arguments(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "by": self.by}

    def sentences(self) -> list[str]:
        note = self.kind.note_in(self.tenant.cloud_profile)
        told = _("The next page shows what will change and what stays. Nothing has changed yet.")
        return [*([str(note)] if note else []), told]

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
