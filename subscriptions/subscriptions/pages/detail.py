"""Subscription details: cost, More actions, the Partner ID block, history and *as of*."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners.directory.rules import flag_of
from partners.partner_of_record import rules as partner_of_record_verdicts
from partners.partner_of_record.history import Period, current_period, partner_as_of, steps, subscription_with_periods
from partners.partner_of_record.schedule.page_parts import changes_shown, in_words, requests_shown, to_come
from subscriptions.access import Permission
from subscriptions.base.days import end_of, today_in
from subscriptions.models import Subscription
from subscriptions.models.state_by_date import first_day
from subscriptions.models.subscription import BillingFrequency, EndOfTerm, SubscriptionStatus
from subscriptions.subscriptions.pages import act_menu as subscription_act_menu
from subscriptions.subscriptions.pages.undo import TAKE_BACK, Undo
from subscriptions.subscriptions.status_tags import STATUS_TAGS
from subscriptions.web.forms import ActForm, AsOfForm, new_key
from subscriptions.web.page_access import TenantRequest, tenant_page


@tenant_page(Permission.READ_SUBSCRIPTIONS)
def subscription_detail(request: TenantRequest, uuid) -> HttpResponse:
    subscription, periods = subscription_with_periods(tenant=request.tenant, uuid=uuid)
    if subscription is None:
        raise Http404
    context = (
        _facts(request, subscription)
        | _take_back(request, subscription)
        | _partner_block(request, subscription, periods)
    )
    today = today_in(request.tenant.time_zone, timezone.now())
    changes = changes_shown(request, subscription)
    asked = {"as_of": request.GET["as_of"]} if request.GET.get("as_of") else None
    form = AsOfForm(asked, today=today, may_be_to_come=not request.actor.is_partner)
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["as_of"]
        context |= _as_of(request, subscription, day) if day <= today else to_come(day, changes, context["current"])
    asked_for, urls = requests_shown(request, subscription, changes)
    context["asked_for"] = asked_for
    context["scheduled"] = [in_words(request, change, urls.get(change.pk, "")) for change in changes]
    status = 422 if form.errors else 200
    return render(request, "subscriptions/subscription_detail.html", context | {"form": form}, status=status)


def _facts(request: TenantRequest, subscription: Subscription) -> dict:
    list_url = reverse("subscriptions:list", args=[request.tenant.slug])
    list_query = request.GET.get("list", "") or "order=name"
    return {
        "subscription": subscription,
        "profile": request.tenant.cloud_profile,
        "per_period": BillingFrequency(subscription.billing_frequency).per_period,
        "status_tag": STATUS_TAGS[SubscriptionStatus(subscription.status)],
        "act_entries": subscription_act_menu.entries(request, subscription),
        "dates": _dates(subscription),
        "licenses_available": subscription.licenses_total - subscription.licenses_assigned,
        "list_query": request.GET.get("list", ""),
        "breadcrumbs": [
            (_("Billing"), None),
            (_("Subscriptions"), f"{list_url}?{list_query}"),
            (subscription.full_name, None),
        ],
    }


def _take_back(request: TenantRequest, subscription: Subscription) -> dict:
    """Undo in the banner of a change that was just made; nothing is looked up where there is no such banner."""
    if not any(TAKE_BACK in message.extra_tags.split() for message in messages.get_messages(request)):
        return {}
    undo = Undo(request, slug=request.tenant.slug, uuid=subscription.uuid)
    undo.subscription = subscription
    return {"take_back": undo, "take_back_form": undo.form()} if undo.may().allowed else {}


def _dates(subscription: Subscription) -> list[tuple[str, date]]:
    """What happens when, by itself."""
    end, status = subscription.term_ends_on, subscription.status
    dates = [(str(subscription.end_of_term.label), end)]
    if subscription.end_of_term is EndOfTerm.IS_OVER:
        disabled = _("Will be disabled on") if status == SubscriptionStatus.EXPIRED else _("Disabled since")
        dates.append((disabled, first_day(SubscriptionStatus.DISABLED, end)))
        dates.append((_("Will be deleted on"), first_day(SubscriptionStatus.DELETED, end)))
    return dates


def _partner_block(request: TenantRequest, subscription: Subscription, periods: list[Period]) -> dict:
    current = current_period(periods)
    history = steps(periods)
    may_undo = partner_of_record_verdicts.may_undo(request.actor, subscription, history[0] if history else None)
    edit_url = reverse("partners:partner-of-record-edit", args=[request.tenant.slug, subscription.uuid])
    if request.GET.get("list"):
        edit_url += f"?{urlencode({'list': request.GET['list']})}"
    return {
        "current": current,
        "history": history,
        "may_set": partner_of_record_verdicts.may_set(
            request.actor, request.tenant, subscription, has_partner=current is not None
        ),
        "may_undo": may_undo,
        "undo_form": _undo_form(subscription) if may_undo.allowed else None,
        "edit_url": edit_url,
        "flag": flag_of(current.partner.state) if current else None,
        "advisor_url": _advisor_url(request, current) if current else "",
    }


def _advisor_url(request: TenantRequest, current: Period) -> str:
    """The credited partner's page, for those who may read it."""
    if not request.actor.can(Permission.READ_RELATIONSHIPS):
        return ""
    return reverse("partners:partner-detail", args=[request.tenant.slug, current.partner.uuid])


def _undo_form(subscription: Subscription) -> ActForm:
    return ActForm(initial={"version": subscription.version, "key": new_key()}, auto_id="undo-%s")


def _as_of(request: TenantRequest, subscription: Subscription, day: date) -> dict:
    """Who was credited when that day ended in the organization's zone."""
    moment = end_of(day, request.tenant.time_zone) - timedelta(microseconds=1)
    return {
        "as_of_day": day,
        "as_of_partner": partner_as_of(tenant=request.tenant, subscription=subscription, moment=moment),
    }
