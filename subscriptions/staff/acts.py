"""Acts of staff on chosen rows: a page that asks for a reason, then one domain call a row.

Each row's act is its own savepoint: what is refused for one row is reported for it, and the others are done.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Actor, staff_actor
from subscriptions.base import formats
from subscriptions.verdicts import Refused

MOST_AT_ONCE = 100
MOST_NAMED = 3
TEMPLATE = "admin/act.html"


def describe_row(row: Any) -> str:
    """The row with the organization, else the partner, that it belongs to."""
    name, owner = str(row), str(getattr(row, "tenant", None) or getattr(row, "partner", ""))
    return name if owner in name else formats.join_facts(name, owner)


class NotDone(Exception):
    """The act was refused for one row; the text says why."""


class ReasonForm(forms.Form):
    """What every act asks for. With `asks_again` it is shown once more although nothing in it is wrong."""

    asks_again = False
    error_status = 422
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy("It stands in the audit trail."),
    )

    def __init__(self, data=None, *, rows: list):
        super().__init__(data)
        self.rows = rows

    def act(self, row, wanted: dict, by: Actor) -> object:
        raise NotImplementedError

    @property
    def names(self) -> list[str]:
        return [describe_row(row) for row in self.rows]


class ToldReasonForm(ReasonForm):
    """Of an act of which both sides are told: the reason leaves the house."""

    def __init__(self, data=None, *, rows: list):
        super().__init__(data, rows=rows)
        self.fields["reason"].help_text = _(
            "The partner and the organization's admins read it. It stands in the audit trail."
        )


Act = Callable[[Any, dict, Actor], object]


def ask_and_act(
    model_admin,
    request,
    queryset,
    *,
    title,
    act: Act | None = None,
    form_class: Callable[..., ReasonForm] = ReasonForm,
    template=TEMPLATE,
    most=MOST_AT_ONCE,
) -> TemplateResponse | None:
    """The page of the act, or None once it is done for the chosen rows. Without `act` the form has it."""
    rows = list(queryset[: most + 1])
    if not rows:
        messages.error(request, _("What you chose is not there any more."))
        return None
    if len(rows) > most:
        messages.error(request, _("Choose at most %(number)s rows at once.") % {"number": most})
        return None
    form = form_class(request.POST if "_act" in request.POST else None, rows=rows)
    if form.is_bound and form.is_valid() and not form.asks_again:
        done = _act_on_each(request, rows, act or form.act, form.cleaned_data)
        _tell(request, model_admin.get_actions(request)[request.POST["action"]][2], done)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media + form.media,
        "action": request.POST["action"],
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, template, context, status=form.error_status if form.errors else 200)


def _act_on_each(request, rows: list, act: Act, wanted: dict) -> list[str]:
    """The names of those for which it was done."""
    by, done = staff_actor(request.user), []
    # In the order in which every act locks several rows, so that none waits in a circle
    for row in sorted(rows, key=lambda row: row.pk):
        try:
            with transaction.atomic():
                act(row, wanted, by)
            done.append(describe_row(row))
        except Refused as refusal:
            messages.error(request, f"{describe_row(row)}{formats.mark(': ')}{refusal.verdict.reason}")
        except NotDone as refusal:
            messages.error(request, f"{describe_row(row)}{formats.mark(': ')}{refusal}")
    return done


def _tell(request, act: str, done: list[str]) -> None:
    """What was done, and to what: the first names, and how many more there are."""
    more = len(done) - MOST_NAMED
    said = {"act": act.rstrip("…"), "rows": formats.mark("; ").join(done[:MOST_NAMED]), "number": more}
    if more > 0:
        messages.success(
            request,
            ngettext(
                "%(act)s: done for %(rows)s, and %(number)s more row.",
                "%(act)s: done for %(rows)s, and %(number)s more rows.",
                more,
            )
            % said,
        )
    elif done:
        messages.success(request, _("%(act)s: done for %(rows)s.") % said)
