"""What needs attention, on the home of an organization or of a partner, and what of it this person has put off."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Actor
from subscriptions.attention.acts import SNOOZE_DAYS, snooze, wake
from subscriptions.attention.kinds import BOARDS, ORGANIZATIONS
from subscriptions.attention.reads import Attention, board_of, by_urgency, what_needs_attention
from subscriptions.base import formats
from subscriptions.base.formats import with_figures
from subscriptions.clouds import Text
from subscriptions.web.acts import Answer
from subscriptions.web.forms import SealedForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import TenantAct


def attention_context(place: Any, actor: Actor) -> dict[str, Any]:
    """Context of templates/subscriptions/_attention.html: two statements."""
    found, board = what_needs_attention(place, actor), board_of(place)
    snoozed = sum(each.is_snoozed for each in found)
    return {
        "groups": by_urgency(place, (each for each in found if not each.is_snoozed)),
        "snoozed": ngettext("%(count)s snoozed", "%(count)s snoozed", snoozed) % {"count": formats.number(snoozed)}
        if snoozed
        else "",
        "snoozed_url": board.url(board.snoozed, place),
        "snooze_url": board.url(board.snooze, place),
        "may_snooze": actor.viewing_as is None and actor.held_back is None,
        "days": SNOOZE_DAYS,
    }


def snoozed_page(request: HttpRequest, place: Any, actor: Actor) -> HttpResponse:
    board = board_of(place)
    context = {
        "found": [each for each in what_needs_attention(place, actor) if each.is_snoozed],
        "wake_url": board.url(board.wake, place),
        "breadcrumbs": [(_("Home"), board.url(board.home, place)), (_("Snoozed"), None)],
    }
    return render(request, "subscriptions/attention_snoozed.html", context)


@tenant_page(ORGANIZATIONS.permission)
def snoozed_list(request: TenantRequest) -> HttpResponse:
    return snoozed_page(request, request.tenant, request.actor)


class KindForm(SealedForm):
    kind = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = {name for board in BOARDS.values() for name in board.kinds}
        self.fields["kind"].choices = [(name, name) for name in sorted(known)]  # type: ignore[attr-defined]


class OfHome:
    """An act of the own home page: done twice it is done once, so it has no key. What is no kind changes nothing."""

    form_class: ClassVar[type[forms.Form]] = KindForm
    is_keyed = False
    by: Actor
    page_url: Any

    @property
    def place(self) -> Any:
        """Whose home it is."""
        raise NotImplementedError

    def again(self, form: forms.Form) -> Answer:
        return partial(see_other, self.page_url)


class Snoozing(OfHome):
    button: Text = with_figures(gettext_lazy("Snooze for %(days)s days"), {"days": SNOOZE_DAYS})

    def do(self, wanted: Mapping[str, Any]) -> Attention | None:
        return snooze(place=self.place, kind=wanted["kind"], by=self.by)

    def done(self, outcome: Attention) -> str:
        told = _("Snoozed for %(days)s days: %(kind)s. It comes back earlier as soon as there is something new.")
        return told % {"days": formats.number(SNOOZE_DAYS), "kind": outcome.told}


class Waking(OfHome):
    button: Text = gettext_lazy("Show again")

    def do(self, wanted: Mapping[str, Any]) -> bool | None:
        return wake(place=self.place, kind=wanted["kind"], by=self.by) or None

    def done(self, outcome: bool) -> str:
        return _("It stands on the home page again.")


class OfOrganization(OfHome):
    tenant: Any

    @property
    def place(self) -> Any:
        return self.tenant


class SnoozeAttention(OfOrganization, Snoozing, TenantAct):
    permission = ORGANIZATIONS.permission
    name = ORGANIZATIONS.snooze
    page = ORGANIZATIONS.home


class WakeAttention(OfOrganization, Waking, TenantAct):
    permission = ORGANIZATIONS.permission
    name = ORGANIZATIONS.wake
    page = ORGANIZATIONS.snoozed
