"""Workspace > Release requests: the organizations that ask this reseller to end their relationship.

The workspace's own scope only reads. Answers are given in the scope of the organization that asked.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.access import PartnerRequest, partner_act, partner_form, partner_page
from partners.models import ReleaseRequest
from partners.relationships.releases import acts as release_requests
from partners.relationships.releases import rules as release_verdicts
from partners.relationships.releases.forms import OPEN, OVERDUE, DeclineForm, KeyForm, ReleaseFilterForm
from partners.relationships.releases.page_parts import RESELLER_READS, sending_of, state_of, steps_of, with_steps
from subscriptions.access import Permission
from subscriptions.base import formats
from subscriptions.db import idempotency, scopes
from subscriptions.verdicts import Verdict
from subscriptions.web.filters import active_filters
from subscriptions.web.forms import new_key
from subscriptions.web.paging import Sort, page_by_key
from subscriptions.web.responses import see_other

COLUMNS = ("id", "uuid", "tenant__name", "state", "sent_at", "due_on", "escalated_on", "overdue")
ANSWER = Permission.ANSWER_RELEASE_REQUESTS


@partner_page(Permission.READ_WORKSPACE)
def release_request_list(request: PartnerRequest) -> HttpResponse:
    form = ReleaseFilterForm(request.GET)
    valid = form.is_valid()
    rows = ReleaseRequest.objects.of_partner(request.partner).with_overdue()
    rows = _filtered(rows, form.cleaned_data["state"]) if valid else rows.none()
    page = page_by_key(rows.values(*COLUMNS), Sort("id", descending=True), request.GET)
    context = {
        "form": form,
        "active_filters": active_filters(form, request.GET),
        "page": page,
        "requests": [_row(request, row) for row in page.rows],
        "breadcrumbs": [(_("Release requests"), None)],
    }
    return render(request, "workspace/release_request_list.html", context, status=200 if valid else 422)


def _filtered(rows, state: str):
    if state == OPEN:
        return rows.open()
    if state == OVERDUE:
        return rows.filter(overdue=True)
    return rows.filter(state=state) if state else rows


def _row(request: PartnerRequest, row: dict) -> dict[str, Any]:
    return {
        "url": reverse("workspace:release-request", args=[request.partner.number, row["uuid"]]),
        "organization": row["tenant__name"],
        "sent": formats.day(row["sent_at"]),
        "due": formats.day(row["due_on"]),
        **state_of(row["state"], RESELLER_READS, escalated=bool(row["escalated_on"]), overdue=row["overdue"]),
    }


@partner_page(Permission.READ_WORKSPACE)
def release_request(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    return _page(request, _find_request(request, uuid))


@partner_act(ANSWER)
def release_acknowledge(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    found = _find_request(request, uuid)

    def acknowledge(form: forms.Form) -> str:
        release_requests.acknowledge(**_common(request, found))
        return _("The organization is told that you have seen its request.")

    return _answered(request, found, KeyForm(request.POST), acknowledge, again=_page)


@partner_form(ANSWER)
def release_decline(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    found = _find_request(request, uuid)
    if request.method != "POST":
        release_verdicts.may_decline(request.actor, found["request"]).require()
        return _decline_page(request, found, DeclineForm(initial={"key": new_key()}))

    def decline(form: forms.Form) -> str:
        release_requests.decline(**_common(request, found), reason=form.cleaned_data["reason"])
        return _("The request was declined. The organization is told why.")

    return _answered(request, found, DeclineForm(request.POST), decline, again=_decline_page)


@partner_form(ANSWER)
def release_release(request: PartnerRequest, uuid: UUID) -> HttpResponse:
    """The confirmation, and the end of the relationship."""
    found = _find_request(request, uuid)
    if request.method != "POST":
        _may_release(request, found["request"]).require()
        return _release_page(request, found, KeyForm(initial={"key": new_key()}))

    def release(form: forms.Form) -> str:
        release_requests.release(**_common(request, found))
        return _("%(organization)s is released: the relationship has ended.") % {
            "organization": found["request"].tenant.name
        }

    return _answered(request, found, KeyForm(request.POST), release, again=_release_page)


def _answered(
    request: PartnerRequest,
    found: dict[str, Any],
    form: forms.Form,
    act: Callable[[forms.Form], str],
    *,
    again: Callable[..., HttpResponse],
) -> HttpResponse:
    """Acts once in the organization's scope, and leads back to the request; the act says what came of it."""
    row: ReleaseRequest = found["request"]
    if not form.is_valid():
        return again(request, found, form)

    def acted() -> str:
        messages.success(request, act(form))
        return _url(request, row, "release-request")

    with scopes.tenant(row.tenant_id):
        done = idempotency.once(sending_of(request, row.tenant), acted)
    return see_other(done)


def _common(request: PartnerRequest, found: dict[str, Any]) -> dict[str, Any]:
    row: ReleaseRequest = found["request"]
    return {"tenant": row.tenant, "request": row, "by": request.actor}


def _may_release(request: PartnerRequest, row: ReleaseRequest) -> Verdict:
    """What blocks the release only the organization's own scope can count."""
    verdict = release_verdicts.may_release(request.actor, row, blocking=0)
    if not verdict.allowed:
        return verdict
    with scopes.tenant(row.tenant_id):
        blocking = release_requests.count_blocking(row.tenant)
    return release_verdicts.may_release(request.actor, row, blocking=blocking)


def _find_request(request: PartnerRequest, uuid: UUID) -> dict[str, Any]:
    """The partner's own request with its timeline."""
    found = with_steps(steps_of(partner=request.partner, uuid=uuid), RESELLER_READS)
    if not found:
        raise Http404
    return found[0]


def _url(request: PartnerRequest, row: ReleaseRequest, name: str) -> str:
    return reverse(f"workspace:{name}", args=[request.partner.number, row.uuid])


def _page(request: PartnerRequest, found: dict[str, Any], form: forms.Form | None = None) -> HttpResponse:
    row: ReleaseRequest = found["request"]
    context = {
        "found": found,
        "may_acknowledge": release_verdicts.may_acknowledge(request.actor, row),
        "may_decline": release_verdicts.may_decline(request.actor, row),
        "may_release": _may_release(request, row),
        "form": KeyForm(initial={"key": new_key()}),
        "acknowledge_url": _url(request, row, "release-acknowledge"),
        "decline_url": _url(request, row, "release-decline"),
        "release_url": _url(request, row, "release-release"),
        "customer_url": reverse("workspace:customer", args=[request.partner.number, row.tenant.uuid]),
        "breadcrumbs": [_above(request), (row.tenant.name, None)],
    }
    return render(request, "workspace/release_request.html", context, status=422 if form and form.errors else 200)


def _above(request: PartnerRequest) -> tuple[str, str]:
    return _("Release requests"), reverse("workspace:release-requests", args=[request.partner.number])


def _decline_page(request: PartnerRequest, found: dict[str, Any], form: forms.Form) -> HttpResponse:
    return _act_page(request, found, form, "workspace/release_request_decline.html", _("Decline"))


def _release_page(request: PartnerRequest, found: dict[str, Any], form: forms.Form) -> HttpResponse:
    return _act_page(request, found, form, "workspace/release_request_release.html", _("Release"))


def _act_page(
    request: PartnerRequest, found: dict[str, Any], form: forms.Form, template: str, act: str
) -> HttpResponse:
    row: ReleaseRequest = found["request"]
    detail_url = _url(request, row, "release-request")
    context = {
        "found": found,
        "tenant": row.tenant,
        "form": form,
        "detail_url": detail_url,
        "breadcrumbs": [_above(request), (row.tenant.name, detail_url), (act, None)],
    }
    return render(request, template, context, status=422 if form.errors else 200)
