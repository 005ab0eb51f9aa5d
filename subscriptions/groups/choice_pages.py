"""A joint act begins: the rows are chosen in the list over several organizations, and what is wanted is said."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.base import formats
from subscriptions.bulk.kinds import KINDS, joint_buttons
from subscriptions.groups import acts as joints
from subscriptions.groups.forms import FORMS_OF_SEVERAL, SeveralChooseForm
from subscriptions.groups.joint_act_page import LIST, PREVIEW, WHAT, JointPage
from subscriptions.groups.joint_reads import Part, parts_of
from subscriptions.groups.kept import MOST_ORGANIZATIONS
from subscriptions.groups.reads import Seat, groups_of, narrow
from subscriptions.models import JointAct
from subscriptions.web.acts import Answer, list_sent
from subscriptions.web.responses import see_other

NOT_SHOWN = frozenset({"csrfmiddlewaretoken", "kind"})


class ChooseInSeveral(JointPage):
    """The buttons below the list: keeps what is chosen in each organization, and leads to the next step."""

    name = "several-choose"
    page = LIST
    title = gettext_lazy("Change many")
    form_class: ClassVar[type[forms.Form]] = SeveralChooseForm
    problems = (joints.NothingChosen,)

    def find(self) -> None:
        """There is nothing yet."""

    def over(self) -> None:
        """Nor is anything decided."""

    @property
    def list_url(self) -> str:
        return self.page_url

    def form_arguments(self) -> dict[str, Any]:
        return {"seats": self.seats, "groups": groups_of(self.seats)}

    def again(self, form: forms.Form) -> Answer:
        """Nothing that could be done is chosen: back to the list, which is as it was."""
        post = self.request.POST
        context = {
            "act": self,
            "chosen": list_sent(self.request, but=NOT_SHOWN) if post.get("pick") or post.get("scope") else [],
            "kinds": joint_buttons(),
            "problems": [error for errors in form.errors.values() for error in errors],
            "list_url": f"{self.page_url}?{post.get('list', '')}",
            "breadcrumbs": self.breadcrumbs(),
        }
        return partial(render, self.request, "subscriptions/bulk_nothing.html", context, status=422)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        form.add_error(None, _("Nothing is chosen. Tick the subscriptions that are to change."))
        return self.again(form)

    def preview(self, form: Any) -> None:
        self.filled = form  # which knows the rows

    def do(self, wanted: Mapping[str, Any]) -> JointAct:
        joint = joints.choose(
            kind=wanted["kind"],
            seats=self._seats_in(self.filled.filters),
            rows_of=self.filled.rows_of,
            selection=self.filled.in_words(_("All subscriptions of several organizations")),
            user_id=self.request.user.pk,
        )
        fixed = KINDS[joint.kind].fixed
        if fixed is not None:
            return joints.preview(joint=joint, parts=parts_of(joint, self.seats), wanted=fixed)
        return joint

    def _seats_in(self, filters: Any) -> list[Seat]:
        """Those that the list had; rows that were ticked are looked for in all where its address is none."""
        if not filters.is_valid():
            return self.seats[:MOST_ORGANIZATIONS]
        inside = {name: filters.cleaned_data.get(name) or "" for name in ("group", "organization")}
        return narrow(self.seats, **inside)[:MOST_ORGANIZATIONS]

    def destination(self, outcome: JointAct) -> str:
        self.joint, self.parts = outcome, parts_of(outcome, self.seats)
        return self.to(WHAT if self.asks else PREVIEW, outcome)


def count_said(parts: list[Part]) -> str:
    """How many subscriptions in how many organizations."""
    chosen = sum(part.chosen for part in parts)
    told = ngettext("%(count)s subscription", "%(count)s subscriptions", chosen)
    return formats.join_facts(told % {"count": formats.number(chosen)}, organizations_said(len(parts)))


def organizations_said(number: int) -> str:
    told = ngettext("%(count)s organization", "%(count)s organizations", number)
    return told % {"count": formats.number(number)}


class WhatInSeveral(JointPage):
    """What is wanted of all that is chosen; the kind has its form."""

    name = WHAT
    button = gettext_lazy("Show what will change")
    leave = gettext_lazy("Cancel")
    template = "subscriptions/several_what.html"

    @property
    def title(self) -> str:  # type: ignore[override]
        return str(self.kind.label)

    @property
    def subtitle(self) -> str:
        return count_said(self.parts)

    def over(self) -> Answer | None:
        """Where nothing has to be typed, or the person may act nowhere any more, the preview says all."""
        over = super().over()
        if over is None and not self.asks:
            return partial(see_other, self.to(PREVIEW, self.joint))
        if over is None:
            self.form_class = FORMS_OF_SEVERAL[self.joint.kind]  # type: ignore[misc]
        return over

    def form_arguments(self) -> dict[str, Any]:
        return {"seats": [part.seat for part in self.acting]}

    def sentences(self) -> list[str]:
        return [
            _("The next page shows what will change and what stays, in each organization by its own rules."),
            _("Nothing has changed yet."),
        ]

    def preview(self, form: Any) -> None:
        self.filled = form  # what was typed, as the kind keeps it

    def do(self, wanted: Mapping[str, Any]) -> JointAct:
        reason = self.filled.cleaned_data.get("reason", "")
        return joints.preview(joint=self.joint, parts=self.parts, wanted=self.filled.wanted(), reason=reason)

    def destination(self, outcome: JointAct) -> str:
        return self.to(PREVIEW, outcome)
