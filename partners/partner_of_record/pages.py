"""Check ID, Submit and Undo of a subscription's partner of record."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.directory import reads as directory
from partners.directory.forms import PartnerOfRecordForm, as_validation_error
from partners.directory.reads import PartnerUnusable
from partners.partner_of_record import acts as partner_of_record
from partners.partner_of_record.acts import Change
from partners.partner_of_record.page_parts import Page, conflict_page, form_page, page_of
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db import idempotency
from subscriptions.db.idempotency import Sending
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Subscription
from subscriptions.subscriptions.changes import StaleVersion
from subscriptions.verdicts import Refused, Verdict, VerdictCode
from subscriptions.web.forms import ActForm
from subscriptions.web.page_access import TenantRequest, tenant_act, tenant_form
from subscriptions.web.responses import see_other, too_many_requests


@tenant_form(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_edit(request: TenantRequest, uuid: UUID) -> HttpResponse:
    page = page_of(request, uuid)
    if request.method == "POST":
        return answered_once(page, partial(_take_form, page))
    page.may_set.require()
    return form_page(page, page.form())


def _take_form(page: Page, sending: Sending) -> HttpResponse:
    """A stale form is told so before anything else: a partner deleted meanwhile must not look like a missing page."""
    if page.is_stale:
        raise StaleVersion
    page.may_set.require()
    form = page.form(page.request.POST)
    if not form.is_valid():
        return form_page(page, form, status=422)
    if form.asks_for_another_submit:
        return form_page(page, form, found=form.cleaned_data["partner_id"], ask_again=True)
    return _submit(page, form, sending)


def answered_once(page: Page, act: Callable[[Sending], HttpResponse]) -> HttpResponse:
    """Acts, unless this very form was dealt with before: then its answer is given again."""
    sending = page.sending()
    try:
        done = idempotency.earlier_answer(sending)
        return see_other(done) if done else act(sending)
    except (StaleVersion, idempotency.KeyReused):
        return conflict_page(page_of(page.request, page.subscription.uuid))
    except TooManyRequests as refusal:
        return too_many_requests(page.request, refusal)


@tenant_act(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_check(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """Looks the ID up and changes nothing."""
    page = page_of(request, uuid)
    page.may_set.require()
    form = page.form(request.POST)
    try:
        form.is_valid()
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)
    found = None if "partner_id" in form.errors else form.cleaned_data["partner_id"]
    if found is None and not form.errors:
        form.add_error("partner_id", _("Enter the ID that the partner gave you."))
    return form_page(page, form, found=found, status=200 if found else 422)


@tenant_act(Permission.SET_PARTNER_OF_RECORD)
def partner_of_record_undo(request: TenantRequest, uuid: UUID) -> HttpResponse:
    page = page_of(request, uuid)
    return answered_once(page, partial(_undo, page))


def _undo(page: Page, sending: Sending) -> HttpResponse:
    form = ActForm(page.request.POST)
    if not form.is_valid():
        raise StaleVersion

    def undo() -> str:
        directory.count_change(by=page.request.actor)
        change = partner_of_record.undo_last_change(
            tenant=page.request.tenant,
            subscription=page.subscription,
            version=form.cleaned_data["version"],
            by=page.request.actor,
        )
        messages.success(page.request, formats.sentences(_("Undone."), _done(page.subscription, change)))
        return page.detail_url

    try:
        return see_other(idempotency.once(sending, undo))
    except PartnerUnusable as unusable:
        raise Refused(_cannot_restore(unusable)) from unusable


def _submit(page: Page, form: PartnerOfRecordForm, sending: Sending) -> HttpResponse:
    def submit() -> str:
        directory.count_change(by=page.request.actor)
        change = partner_of_record.set_partner_of_record(
            tenant=page.request.tenant,
            subscription=page.subscription,
            partner=form.cleaned_data["partner_id"],
            version=form.cleaned_data["version"],
            by=page.request.actor,
            reason=form.cleaned_data["reason"],
        )
        _announce(page.request, page.subscription, change)
        return page.detail_url

    try:
        return see_other(idempotency.once(sending, submit))
    except PartnerUnusable as unusable:
        form.add_error("partner_id", as_validation_error(unusable))
        return form_page(page, form, status=422)


def _announce(request: TenantRequest, subscription: Subscription, change: Change) -> None:
    if change.event is None:
        messages.info(request, _("No change: the partner of record stays as it was."))
        return
    messages.success(request, _done(subscription, change), extra_tags="undo")


def _done(subscription: Subscription, change: Change) -> str:
    facts = {"subscription": subscription.full_name, "before": change.before, "after": change.after}
    if change.after is None:
        return _("%(before)s is no longer partner of record of %(subscription)s.") % facts
    if change.before is None:
        return _("%(after)s is now partner of record of %(subscription)s.") % facts
    return _("%(after)s is now partner of record of %(subscription)s, instead of %(before)s.") % facts


def _cannot_restore(unusable: PartnerUnusable) -> Verdict:
    return Verdict(
        code=VerdictCode.PARTNER_NOT_USABLE,
        reason=formats.sentences(_("The previous partner cannot be restored."), unusable.sentence),
        next_step=unusable.next_step,
    )
