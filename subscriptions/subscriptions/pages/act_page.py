"""The page of an act on a subscription: what changes, its form, and its POST that acts once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from subscriptions.catalogue.costs import PriceNotAsShown, with_todays_prices
from subscriptions.clouds import Text
from subscriptions.db import idempotency
from subscriptions.db.idempotency import KeyReused, Sending
from subscriptions.models import AuditEvent, Subscription
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.changes import StaleVersion
from subscriptions.subscriptions.forms import SubscriptionActForm
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.subscriptions.rules import May
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.page_access import TenantRequest
from subscriptions.web.responses import see_other

Facts = list[tuple[str, str]]
UNSIGNED = ("csrfmiddlewaretoken", "key")


class ActPage:
    """One act on one subscription; each act is a subclass that says what differs."""

    url_name: str
    title: Text
    button: Text
    dangerous = False
    can_preview = False
    form_class: type[SubscriptionActForm] = SubscriptionActForm
    may: May

    def __init__(self, request: TenantRequest, subscription: Subscription):
        self.request, self.subscription = request, subscription
        self.tenant = subscription.tenant = request.tenant

    def initial(self) -> dict[str, Any]:
        return {}

    def facts(self) -> Facts:
        """Label and value of what the act starts from."""
        return []

    def sentences(self) -> list[str]:
        """What will change, and what will not."""
        return []

    def preview(self, wanted: dict[str, Any]) -> Facts:
        """What would come of it."""
        return []

    def act(self, wanted: dict[str, Any], common: dict[str, Any]) -> AuditEvent | None:
        raise NotImplementedError

    def done(self, row: Subscription) -> str:
        """The outcome in a sentence, of the row as it is now."""
        raise NotImplementedError

    @property
    def verdict(self) -> Verdict:
        return self.may(self.request.actor, self.tenant, self.subscription)

    @property
    def list_query(self) -> str:
        return self.request.POST.get("list") or self.request.GET.get("list", "")

    @property
    def url(self) -> str:
        return self._with_list(f"subscriptions:{self.url_name}")

    @property
    def detail_url(self) -> str:
        return self._with_list("subscriptions:detail")

    def _with_list(self, name: str) -> str:
        url = reverse(name, args=[self.tenant.slug, self.subscription.uuid])
        return f"{url}?{urlencode({'list': self.list_query})}" if self.list_query else url

    def form(self, data=None, *, typed: dict[str, str] | None = None) -> SubscriptionActForm:
        initial = {"version": self.subscription.version, "key": new_key(), **self.initial(), **(typed or {})}
        return self.form_class(data, initial=initial, tenant=self.tenant, subscription=self.subscription)

    def shown(
        self,
        form: SubscriptionActForm,
        *,
        status: int = 200,
        preview: Facts | None = None,
        price_change: PriceNotAsShown | None = None,
    ) -> HttpResponse:
        list_url = reverse("subscriptions:list", args=[self.tenant.slug])
        context = {
            "page": self,
            "form": form,
            "subscription": self.subscription,
            "preview": preview,
            "price_change": price_change,
            "breadcrumbs": [
                (_("Billing"), None),
                (_("Subscriptions"), f"{list_url}?{self.list_query or 'order=name'}"),
                (self.subscription.name, self.detail_url),
                (self.title, None),
            ],
        }
        return render(self.request, "subscriptions/subscription_act.html", context, status=status)

    def price_changed(self, change: PriceNotAsShown) -> HttpResponse:
        """The page as it is now, with the new price to be accepted and with what was typed."""
        self.verdict.require()
        typed = {field.name: self.request.POST.get(field.name, "") for field in self.form().visible_fields()}
        return self.shown(self.form(typed=typed), status=409, price_change=change)

    def conflict(self) -> HttpResponse:
        context = {"page": self, "subscription": self.subscription, "verdict": self.verdict}
        return render(self.request, "subscriptions/subscription_conflict.html", context, status=409)

    def taken(self) -> HttpResponse:
        """A stale form is told so before anything else: what the person saw is not true any more."""
        sending = self._sending()
        if done := idempotency.earlier_answer(sending):
            return see_other(done)
        sent = self.request.POST.get("version", "")
        if sent.isascii() and sent.isdigit() and sent != str(self.subscription.version):
            raise StaleVersion
        self.verdict.require()
        form = self.form(self.request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        if self.can_preview and "preview" in self.request.POST:
            return self.shown(form, preview=self.preview(form.cleaned_data))
        return self._acted(form.cleaned_data, sending)

    def _acted(self, wanted: dict[str, Any], sending: Sending) -> HttpResponse:
        common = {
            "tenant": self.tenant,
            "subscription": self.subscription,
            "version": wanted["version"],
            "by": self.request.actor,
        }

        def acted() -> str:
            self._announce(self.act(wanted, common))
            return self.detail_url

        return see_other(idempotency.once(sending, acted))

    def _announce(self, event: AuditEvent | None) -> None:
        if event is None:
            messages.info(self.request, _("No change: everything stays as it was."))
            return
        now = Subscription.objects.get(tenant=self.tenant, pk=self.subscription.pk)
        messages.success(self.request, self.done(now))

    def _sending(self) -> Sending:
        content = {name: str(value) for name, value in self.request.POST.items() if name not in UNSIGNED}
        return Sending(
            tenant=self.tenant,
            user_id=self.request.user.pk,
            key=read_key(self.request.POST.get("key", "")),
            content={**content, "path": self.request.path},
        )


def answer(page_class: type[ActPage], request: TenantRequest, uuid: UUID) -> HttpResponse:
    page = page_class(request, _subscription(request, uuid))
    if request.method != "POST":
        page.verdict.require()
        return page.shown(page.form())
    try:
        return page.taken()
    except PriceNotAsShown as change:
        return page_class(request, _subscription(request, uuid)).price_changed(change)
    except (StaleVersion, KeyReused):
        return page_class(request, _subscription(request, uuid)).conflict()


def _subscription(request: TenantRequest, uuid: UUID) -> Subscription:
    rows = Subscription.objects.of_tenant(request.tenant).filter(uuid=uuid).select_related("product")
    found = with_todays_prices(rows).first()
    if found is None:
        raise Http404
    judge_by_date(found, today_of(request.tenant))
    return found
