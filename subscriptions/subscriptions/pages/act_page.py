"""What acts on a subscription have in common: how it is found, where its page is, a price that has changed."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.catalogue.costs import PriceNotAsShown, with_todays_prices
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.forms import SubscriptionActForm
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.rules import May
from subscriptions.verdicts import Verdict
from subscriptions.web.acts import Answer, Crumb, Facts
from subscriptions.web.tenant_acts import TenantAct


class SubscriptionAct(TenantAct):
    """An act on one subscription; `rule` says whether it is possible."""

    permission = Permission.MANAGE_SUBSCRIPTIONS
    template = "subscriptions/subscription_act.html"
    form_class: ClassVar[type[forms.Form]] = SubscriptionActForm
    rule: May
    subscription: Subscription

    def find(self) -> None:
        rows = Subscription.objects.of_tenant(self.tenant).filter(uuid=self.address["uuid"]).select_related("product")
        found = with_todays_prices(rows).first()
        if found is None:
            raise Http404
        found.tenant = self.tenant
        judge_by_date(found, today_of(self.tenant))
        self.subscription = found

    @property
    def version(self) -> int:
        return self.subscription.version

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

    @property
    def subtitle(self) -> str:
        return self.subscription.full_name

    @property
    def list_query(self) -> str:
        sources = (self.request.POST, self.request.GET, self.typed or {})
        return next((source["list"] for source in sources if source.get("list")), "")

    def carried(self) -> dict[str, str]:
        return {"list": self.list_query} if self.list_query else {}

    @property
    def back_url(self) -> str:
        url = self.url_of("subscriptions:detail", uuid=self.address["uuid"])
        return f"{url}?{urlencode({'list': self.list_query})}" if self.list_query else url

    @property
    def list_url(self) -> str:
        return f"{self.url_of('subscriptions:list', slug=self.tenant.slug)}?{self.list_query or 'order=name'}"

    def breadcrumbs(self) -> list[Crumb]:
        return [
            (_("Billing"), None),
            (_("Subscriptions"), self.list_url),
            (self.subscription.full_name, self.back_url),
            (self.title, None),
        ]

    def facts_now(self) -> Facts:
        row = self.subscription
        return [
            (_("Status"), row.get_status_display()),
            (_("Licenses"), formats.number(row.licenses_total)),
            (_("Billing frequency"), row.get_billing_frequency_display()),
            (row.end_of_term.label, formats.day(row.term_ends_on)),
        ]


class PricedAct(SubscriptionAct):
    """An act at a price: where it is another one than the person saw, the page asks again with the new one."""

    problems = (PriceNotAsShown,)

    def explain(self, problem: Exception, form: forms.Form) -> Answer:
        self.find()
        self.may().require()
        afresh = self.form(typed=self.request.POST)
        return partial(self.shown, afresh, status=409, price_change=problem)
