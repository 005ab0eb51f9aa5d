"""The *Partner information* page itself: what it is about, its form, and the page of a conflict."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners.directory.forms import PartnerOfRecordForm
from partners.partner_of_record import rules as partner_of_record_verdicts
from partners.partner_of_record.history import PartnerName, Period, current_period, steps, subscription_with_periods
from subscriptions.db.idempotency import Sending
from subscriptions.models import Subscription
from subscriptions.verdicts import Verdict
from subscriptions.web.forms import new_key, read_key
from subscriptions.web.page_access import TenantRequest


@dataclass
class Page:
    """What this page is about: one subscription of the tenant, and its partners so far."""

    request: TenantRequest
    subscription: Subscription
    periods: list[Period]

    @property
    def current(self) -> PartnerName | None:
        period = current_period(self.periods)
        return period.partner if period else None

    @property
    def list_query(self) -> str:
        return self.request.POST.get("list") or self.request.GET.get("list", "")

    @property
    def edit_url(self) -> str:
        return self._url("partner-of-record-edit")

    @property
    def check_url(self) -> str:
        return self._url("partner-of-record-check")

    def _url(self, name: str) -> str:
        return reverse(f"partners:{name}", args=[self.request.tenant.slug, self.subscription.uuid])

    @property
    def detail_url(self) -> str:
        url = reverse("subscriptions:detail", args=[self.request.tenant.slug, self.subscription.uuid])
        return f"{url}?{urlencode({'list': self.list_query})}" if self.list_query else url

    def form(self, data=None) -> PartnerOfRecordForm:
        initial = {"version": self.subscription.version, "key": new_key(), "reason": self.request.GET.get("reason")}
        current = self.current.number if self.current else ""
        initial["partner_id"] = self.request.GET.get("partner_id") or current
        return PartnerOfRecordForm(
            data,
            initial=initial,
            tenant=self.request.tenant,
            subscription=self.subscription,
            current=current,
            by=self.request.actor,
        )

    @property
    def is_stale(self) -> bool:
        sent = self.request.POST.get("version", "")
        return sent.isascii() and sent.isdigit() and sent != str(self.subscription.version)

    def sending(self) -> Sending:
        """The form that came, by its key; one without a usable key is a first send."""
        content = {name: self.request.POST.get(name, "") for name in ("partner_id", "reason", "version")}
        return Sending(
            tenant=self.request.tenant,
            user_id=self.request.user.pk,
            key=read_key(self.request.POST.get("key", "")),
            content={**content, "path": self.request.path},
        )

    @property
    def may_set(self) -> Verdict:
        return partner_of_record_verdicts.may_set(
            self.request.actor,
            self.request.tenant,
            self.subscription,
            has_partner=self.current is not None,
        )


def page_of(request: TenantRequest, uuid: UUID) -> Page:
    subscription, periods = subscription_with_periods(tenant=request.tenant, uuid=uuid)
    if subscription is None:
        raise Http404
    return Page(request, subscription, periods)


def form_page(page: Page, form: PartnerOfRecordForm, *, found=None, ask_again=False, status=200) -> HttpResponse:
    list_url = reverse("subscriptions:list", args=[page.request.tenant.slug])
    title = _("Edit partner of record") if page.current else _("Add partner of record")
    context = {
        "form": form,
        "title": title,
        "subscription": page.subscription,
        "current": page.current,
        "profile": page.request.tenant.cloud_profile,
        "found": found,
        "checked": form.checked_token() if found else "",
        "ask_again": ask_again,
        "unusable": form.unusable,
        "list_query": page.list_query,
        "detail_url": page.detail_url,
        "check_url": page.check_url,
        "edit_url": page.edit_url,
        "breadcrumbs": [
            (_("Billing"), None),
            (_("Subscriptions"), f"{list_url}?{page.list_query or 'order=name'}"),
            (page.subscription.full_name, page.detail_url),
            (title, None),
        ],
    }
    part = page.request.htmx and page.request.htmx.target == "check-result"
    template = "partners/_partner_of_record_check.html" if part else "partners/partner_of_record_edit.html"
    return render(page.request, template, context, status=status)


def conflict_page(page: Page) -> HttpResponse:
    """Another person was faster: what changed, by whom, and the way back to a fresh form."""
    context = {
        "subscription": page.subscription,
        "last": next(iter(steps(page.periods)), None),
        "current": page.current,
        "typed": page.request.POST.get("partner_id", ""),
        "reopen_url": f"{page.edit_url}?{urlencode(_typed(page))}",
        "detail_url": page.detail_url,
        "may_set": page.may_set,
    }
    return render(page.request, "partners/partner_of_record_conflict.html", context, status=409)


def _typed(page: Page) -> dict[str, str]:
    """What the fresh form starts with: the ID and the reason that were typed, and the list to come back to."""
    fields = {name: page.request.POST.get(name, "") for name in ("partner_id", "reason")} | {"list": page.list_query}
    return {name: value for name, value in fields.items() if value}
