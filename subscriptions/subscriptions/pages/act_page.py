"""What acts on a subscription have in common: how it is found, where its page is, a price that has changed."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.catalogue.costs import PriceNotAsShown, with_todays_prices
from subscriptions.clouds import Text
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.forms import SubscriptionActForm
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.pages.cost_change import CostChange
from subscriptions.subscriptions.rules import May
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, Facts
from subscriptions.web.subscription_acts import OneSubscriptionAct


class SubscriptionAct(OneSubscriptionAct):
    """An act on one subscription; `rule` says whether it is possible."""

    permission = Permission.MANAGE_SUBSCRIPTIONS
    template = "subscriptions/subscription_act.html"
    form_class: ClassVar[type[forms.Form]] = SubscriptionActForm
    rule: May

    def find(self) -> None:
        rows = Subscription.objects.of_tenant(self.tenant).filter(uuid=self.address["uuid"]).select_related("product")
        found = with_todays_prices(rows).first()
        if found is None:
            raise Http404
        found.tenant = self.tenant
        judge_by_date(found, today_of(self.tenant))
        self.subscription = found

    def may(self) -> Verdict:
        return type(self).rule(self.by, self.tenant, self.subscription)

    def form_arguments(self) -> dict[str, Any]:
        return {"tenant": self.tenant, "subscription": self.subscription}

    def common(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "tenant": self.tenant,
            "subscription": self.subscription,
            "version": wanted["version"],
            "by": self.by,
        }

    def change(self, wanted: Mapping[str, Any]) -> AuditEvent | None:
        """The call of the domain; None where nothing had to be changed."""
        raise NotImplementedError

    def do(self, wanted: Mapping[str, Any]) -> Subscription | None:
        """The row as it is afterwards."""
        if self.change(wanted) is None:
            return None
        return Subscription.objects.get(tenant=self.tenant, pk=self.subscription.pk)

    def facts_now(self) -> Facts:
        row = self.subscription
        return [
            (_("Status"), row.get_status_display()),
            (_("Licenses"), formats.number(row.licenses_total)),
            (_("Billing frequency"), row.get_billing_frequency_display()),
            (row.end_of_term.label, formats.day(row.term_ends_on)),
        ]


class PreviewedAct(SubscriptionAct):
    """Pressed twice: first it shows what the change would cost, then the button that names the change does it.

    What was shown goes along with the second press. Where something else was typed since, that is shown first; where
    the same costs something else by now, the answer says so (409).
    """

    first_button: Text = gettext_lazy("Show the new cost")

    def cost_change(self, wanted: Mapping[str, Any]) -> CostChange | None:
        """What it costs; None where nothing of that changes."""
        raise NotImplementedError

    def preview(self, form: forms.Form) -> dict[str, Any] | None:
        change, shown = self.cost_change(form.cleaned_data), self.request.POST.get("shown", "")
        if change is None or shown == change.seen:
            return None
        is_old = shown.partition(" ")[0] == change.what
        return {"change": change, "is_old": is_old, "status": 409 if is_old else 200}


class PricedAct(SubscriptionAct):
    """An act at a price: where it is another one than the person saw, the page asks again with the new one."""

    problems = (PriceNotAsShown,)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        self.find()
        self.may().require()
        afresh = self.form(typed=self.request.POST)
        return partial(self.shown, afresh, status=409, price_change=problem)
