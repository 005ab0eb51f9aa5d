"""The *Partner information* page of a subscription: Check ID, Submit, Undo."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners.domain import partner_of_record
from partners.domain.directory import PartnerUnusable
from partners.domain.history import PartnerName, Period, current_period, steps, subscription_with_periods
from partners.domain.partner_of_record import Change, StaleVersion
from partners.forms import ActForm, PartnerOfRecordForm, as_validation_error, new_key, read_key
from subscriptions.access import (
    Permission,
    Refused,
    TenantRequest,
    Verdict,
    VerdictCode,
    tenant_act,
    tenant_form,
)
from subscriptions.domain import idempotency
from subscriptions.domain.idempotency import Sending
from subscriptions.domain.limits import TooManyRequests
from subscriptions.models import Subscription
from subscriptions.responses import see_other, too_many_requests


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
        initial = {"version": self.subscription.version, "key": new_key()}
        initial["partner_id"] = self.request.GET.get("partner_id") or (
            self.current.partner_id if self.current else ""
        )
        return PartnerOfRecordForm(
            data,
            initial=initial,
            tenant=self.request.tenant,
            subscription=self.subscription,
            has_partner=self.current is not None,
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
        return partner_of_record.may_set(
            self.request.actor,
            self.request.tenant,
            self.subscription,
            has_partner=self.current is not None,
        )


def _page(request: TenantRequest, uuid: UUID) -> Page:
    subscription, periods = subscription_with_periods(tenant=request.tenant, uuid=uuid)
    if subscription is None:
        raise Http404
    return Page(request, subscription, periods)


@tenant_form(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_edit(request: TenantRequest, uuid: UUID) -> HttpResponse:
    page = _page(request, uuid)
    if request.method == "POST":
        return answered_once(page, partial(_take_form, page))
    page.may_set.require()
    return _form_page(page, page.form())


def _take_form(page: Page, sending: Sending) -> HttpResponse:
    """A stale form is told so before anything else: a partner deleted meanwhile must not look like a missing page."""
    if page.is_stale:
        raise StaleVersion
    page.may_set.require()
    form = page.form(page.request.POST)
    try:
        if not form.is_valid():
            return _form_page(page, form, status=422)
    except TooManyRequests as refusal:
        return too_many_requests(page.request, refusal)
    if form.asks_for_another_submit:
        return _form_page(page, form, found=form.cleaned_data["partner_id"], ask_again=True)
    return _submit(page, form, sending)


def answered_once(page: Page, act: Callable[[Sending], HttpResponse]) -> HttpResponse:
    """Acts, unless this very form was dealt with before: then its answer is given again."""
    sending = page.sending()
    try:
        done = idempotency.earlier_answer(sending)
        return see_other(done) if done else act(sending)
    except (StaleVersion, idempotency.KeyReused):
        return _conflict(_page(page.request, page.subscription.uuid))


@tenant_act(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_check(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Looks the ID up and changes nothing."""
    page = _page(request, uuid)
    page.may_set.require()
    form = page.form(request.POST)
    try:
        form.is_valid()
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    found = None if "partner_id" in form.errors else form.cleaned_data["partner_id"]
    if found is None and not form.errors:
        form.add_error("partner_id", _("Enter the ID that the partner gave you."))
    return _form_page(page, form, found=found, status=200 if found else 422)


@tenant_act(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_undo(request: TenantRequest, uuid: UUID) -> HttpResponse:
    page = _page(request, uuid)
    return answered_once(page, partial(_undo, page))


def _undo(page: Page, sending: Sending) -> HttpResponse:
    form = ActForm(page.request.POST)
    if not form.is_valid():
        raise StaleVersion
    try:
        with transaction.atomic():
            done = idempotency.begin(sending)
            if done is None:
                change = partner_of_record.undo_last_change(
                    tenant=page.request.tenant,
                    subscription=page.subscription,
                    version=form.cleaned_data["version"],
                    by=page.request.actor,
                )
                idempotency.finish(sending, page.detail_url)
                messages.success(page.request, _("Undone.") + " " + _done(page.subscription, change))
    except PartnerUnusable as unusable:
        raise Refused(_cannot_restore(unusable)) from unusable
    return see_other(done or page.detail_url)


def _submit(page: Page, form: PartnerOfRecordForm, sending: Sending) -> HttpResponse:
    try:
        with transaction.atomic():
            done = idempotency.begin(sending)
            if done is None:
                change = partner_of_record.set_partner_of_record(
                    tenant=page.request.tenant,
                    subscription=page.subscription,
                    partner=form.cleaned_data["partner_id"],
                    version=form.cleaned_data["version"],
                    by=page.request.actor,
                    reason=form.cleaned_data["reason"],
                )
                idempotency.finish(sending, page.detail_url)
                _announce(page.request, page.subscription, change)
    except PartnerUnusable as unusable:
        form.add_error("partner_id", as_validation_error(unusable))
        return _form_page(page, form, status=422)
    return see_other(done or page.detail_url)


def _form_page(page: Page, form: PartnerOfRecordForm, *, found=None, ask_again=False, status=200) -> HttpResponse:
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
            (page.subscription.name, page.detail_url),
            (title, None),
        ],
    }
    part = page.request.htmx and page.request.htmx.target == "check-result"
    template = "partners/_partner_of_record_check.html" if part else "partners/partner_of_record_edit.html"
    return render(page.request, template, context, status=status)


def _conflict(page: Page) -> HttpResponse:
    """Somebody was faster: what changed, by whom, and the way back to a fresh form."""
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
    """What the fresh form starts with: the ID that was typed, and the list to come back to."""
    fields = {"partner_id": page.request.POST.get("partner_id", ""), "list": page.list_query}
    return {name: value for name, value in fields.items() if value}


def _announce(request: TenantRequest, subscription: Subscription, change: Change) -> None:
    if change.event is None:
        messages.info(request, _("No change: the partner of record stays as it was."))
        return
    messages.success(request, _done(subscription, change), extra_tags="undo")


def _done(subscription: Subscription, change: Change) -> str:
    facts = {"subscription": subscription.name, "before": change.before, "after": change.after}
    if change.after is None:
        return _("%(before)s is no longer partner of record of %(subscription)s.") % facts
    if change.before is None:
        return _("%(after)s is now partner of record of %(subscription)s.") % facts
    return _("%(after)s is now partner of record of %(subscription)s, instead of %(before)s.") % facts


def _cannot_restore(unusable: PartnerUnusable) -> Verdict:
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=_("The previous partner cannot be restored.") + f" {unusable.sentence}",
        next_step=unusable.next_step,
    )
