"""What needs attention, on an organization's home, and what of it this person has put off."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from subscriptions.access import Permission
from subscriptions.attention.acts import SNOOZE_DAYS, snooze, wake
from subscriptions.attention.kinds import KINDS
from subscriptions.attention.reads import Attention, by_urgency, what_needs_attention
from subscriptions.base import formats
from subscriptions.base.formats import with_figures
from subscriptions.web.acts import Answer
from subscriptions.web.forms import SealedForm
from subscriptions.web.page_access import TenantRequest, tenant_page
from subscriptions.web.responses import see_other
from subscriptions.web.tenant_acts import TenantAct


def attention_context(request: TenantRequest) -> dict[str, Any]:
    """Context of templates/subscriptions/_attention.html: two statements."""
    found = what_needs_attention(request.tenant, request.actor)
    snoozed = sum(each.is_snoozed for each in found)
    return {
        "groups": by_urgency(each for each in found if not each.is_snoozed),
        "snoozed": ngettext("%(count)s snoozed", "%(count)s snoozed", snoozed) % {"count": formats.number(snoozed)}
        if snoozed
        else "",
        "snoozed_url": reverse("subscriptions:attention-snoozed", args=[request.tenant.slug]),
        "snooze_url": reverse("subscriptions:attention-snooze", args=[request.tenant.slug]),
        "may_snooze": request.actor.viewing_as is None and request.actor.held_back is None,
        "days": SNOOZE_DAYS,
    }


@tenant_page(Permission.READ)
def snoozed_list(request: TenantRequest) -> HttpResponse:
    found = [each for each in what_needs_attention(request.tenant, request.actor) if each.is_snoozed]
    context = {
        "found": found,
        "wake_url": reverse("subscriptions:attention-wake", args=[request.tenant.slug]),
        "breadcrumbs": [(_("Home"), reverse("admin-home", args=[request.tenant.slug])), (_("Snoozed"), None)],
    }
    return render(request, "subscriptions/attention_snoozed.html", context)


class KindForm(SealedForm):
    kind = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(name, name) for name in KINDS]  # type: ignore[attr-defined]


class AttentionAct(TenantAct):
    """Of one's own home page: done twice it is done once, so it carries no key. What is no kind changes nothing."""

    permission = Permission.READ
    form_class = KindForm
    is_keyed = False

    def again(self, form: forms.Form) -> Answer:
        return partial(see_other, self.page_url)


class SnoozeAttention(AttentionAct):
    name = "subscriptions:attention-snooze"
    page = "admin-home"
    button = with_figures(gettext_lazy("Snooze for %(days)s days"), {"days": SNOOZE_DAYS})

    def do(self, wanted: Mapping[str, Any]) -> Attention | None:
        return snooze(tenant=self.tenant, kind=wanted["kind"], by=self.by)

    def done(self, outcome: Attention) -> str:
        told = _("Snoozed for %(days)s days: %(kind)s. It comes back earlier as soon as there is something new.")
        return told % {"days": formats.number(SNOOZE_DAYS), "kind": outcome.told}


class WakeAttention(AttentionAct):
    name = "subscriptions:attention-wake"
    page = "subscriptions:attention-snoozed"
    button = gettext_lazy("Show again")

    def do(self, wanted: Mapping[str, Any]) -> bool | None:
        return wake(tenant=self.tenant, kind=wanted["kind"], by=self.by) or None

    def done(self, outcome: bool) -> str:
        return _("It stands on the home page again.")
