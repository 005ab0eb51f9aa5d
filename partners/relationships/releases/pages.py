"""Settings > Partner Relationships > a reseller: asking it to end the relationship, and what became of that."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import PartnerRelationship, ReleaseRequest
from partners.models.partner import PartnerState
from partners.models.partner_relationship import RelationshipKind
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.forms import ReleaseRequestForm, TakeBackForm
from partners.relationships.releases.page_parts import CUSTOMER_READS, sending_of, steps_of, with_steps
from subscriptions.access import Permission
from subscriptions.clouds import Capability
from subscriptions.db import idempotency
from subscriptions.db.limits import TooManyRequests
from subscriptions.models import Tenant
from subscriptions.models.state_by_date import judge_by_date
from subscriptions.subscriptions.lifecycle import today_of
from subscriptions.web.forms import new_key
from subscriptions.web.page_access import TenantRequest, tenant_act, tenant_form
from subscriptions.web.paging import COUNT_CAP, capped
from subscriptions.web.responses import see_other, too_many_requests

MAY_VIEW = Capability.VIEW_PARTNER_RELATIONSHIPS
MOST_LISTED = 20


@tenant_form(Permission.READ_RELATIONSHIPS, capability=MAY_VIEW)
def release_request(request: TenantRequest, uuid: UUID) -> HttpResponse:
    """All members read it; the form is for those who may ask. It is between the organization and that one partner."""
    if request.actor.is_partner:
        request.actor.may(Permission.END_RELATIONSHIP).require()
    relationship = _reseller(request, uuid)
    if request.method == "POST":
        return _take_request(request, relationship)
    return _page(request, relationship)


def _take_request(request: TenantRequest, relationship: PartnerRelationship) -> HttpResponse:
    sending = sending_of(request, request.tenant)
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    is_open = ReleaseRequest.objects.of_tenant(request.tenant).open().filter(relationship=relationship).exists()
    release_verdicts.may_request(request.actor, status=relationship.status, is_open=is_open).require()
    form = ReleaseRequestForm(request.POST, days=release_requests.due_days(request.tenant))
    if not form.is_valid():
        return _page(request, relationship, form)

    def ask() -> str:
        release_requests.count_asking(relationship=relationship, by=request.actor)
        release_requests.request_release(
            tenant=request.tenant,
            relationship=relationship,
            reason=form.cleaned_data["reason"],
            due_on=form.cleaned_data["due_on"],
            by=request.actor,
        )
        messages.success(request, _("Your reseller was asked. This page shows what becomes of it."))
        return request.path

    try:
        return see_other(idempotency.once(sending, ask))
    except TooManyRequests as refusal:
        return too_many_requests(request, refusal)


@tenant_act(Permission.END_RELATIONSHIP, capability=MAY_VIEW)
def release_take_back(request: TenantRequest, uuid: UUID) -> HttpResponse:
    relationship = _reseller(request, uuid)
    sending = sending_of(request, request.tenant)
    if done := idempotency.earlier_answer(sending):
        return see_other(done)
    form = TakeBackForm(request.POST)
    if not form.is_valid():
        return _page(request, relationship, status=422)
    meant = get_object_or_404(
        ReleaseRequest.objects.of_tenant(request.tenant), relationship=relationship, uuid=form.cleaned_data["request"]
    )

    def take_back() -> str:
        release_requests.take_back(tenant=request.tenant, request=meant, by=request.actor)
        messages.success(request, _("The request was taken back. The reseller is told."))
        return reverse("partners:release-request", args=[request.tenant.slug, relationship.uuid])

    return see_other(idempotency.once(sending, take_back))


def _page(
    request: TenantRequest,
    relationship: PartnerRelationship,
    form: ReleaseRequestForm | None = None,
    *,
    status: int | None = None,
) -> HttpResponse:
    found = with_steps(steps_of(tenant=request.tenant, relationship=relationship), CUSTOMER_READS)
    current = found[0] if found and found[0]["is_open"] else None
    may_ask = release_verdicts.may_request(request.actor, status=relationship.status, is_open=current is not None)
    if may_ask.allowed and form is None:
        days = release_requests.due_days(request.tenant)
        form = ReleaseRequestForm(initial={"due_on": days.usual, "key": new_key()}, days=days)
    detail_url = reverse("partners:relationship-detail", args=[request.tenant.slug, relationship.uuid])
    context = {
        "partner": relationship.partner,
        "partner_acts": relationship.partner.state == PartnerState.ACTIVE,
        "is_over": relationship.ended_at is not None,
        "detail_url": detail_url,
        "current": current,
        "earlier": [*([] if current else found[:1]), *[was | {"who_acts": ""} for was in found[1:]]],
        "may_ask": may_ask,
        "form": form,
        **(_take_back(request, current["request"]) if current else {}),
        **({} if relationship.ended_at else _blocking(request.tenant)),
        "breadcrumbs": [
            (_("Settings"), None),
            (_("Partner Relationships"), reverse("partners:relationship-list", args=[request.tenant.slug])),
            (relationship.partner.name, detail_url),
            (_("Ask for removal"), None),
        ],
    }
    status = status or (422 if form and form.errors else 200)
    return render(request, "partners/release_request.html", context, status=status)


def _take_back(request: TenantRequest, current: ReleaseRequest) -> dict[str, Any]:
    return {
        "may_take_back": release_verdicts.may_take_back(request.actor, current),
        "take_back_form": TakeBackForm(initial={"request": current.uuid, "key": new_key()}),
        "take_back_url": reverse("partners:release-take-back", args=[request.tenant.slug, current.relationship.uuid]),
    }


def _blocking(tenant: Tenant) -> dict[str, Any]:
    """The first few of what keeps the reseller from leaving, and how many there are."""
    rows = release_requests.blocking_subscriptions(tenant)
    listed = list(rows.with_total(COUNT_CAP)[:MOST_LISTED])
    total = listed[0].total if listed else 0
    for subscription in listed:
        judge_by_date(subscription, today_of(tenant))
    return {"blocking": listed, "blocking_total": capped(total), "more_blocking": total > len(listed)}


def _reseller(request: TenantRequest, uuid: UUID) -> PartnerRelationship:
    rows = PartnerRelationship.objects.of_tenant(request.tenant).filter(kind=RelationshipKind.RESELLER)
    return get_object_or_404(rows.with_status().select_related("partner"), uuid=uuid)
